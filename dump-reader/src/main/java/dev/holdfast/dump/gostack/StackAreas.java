package dev.holdfast.dump.gostack;

import dev.holdfast.dump.StackArea;
import dev.holdfast.dump.StackArea.Kind;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.ManualSpan;
import dev.holdfast.dump.goruntime.RuntimeLayout;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.dump.goruntime.UnknownLayoutException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds the stack memory that no live goroutine stands on, from the runtime's own lists (runtime/stack.go).
 *
 * <p>Small stacks, of 2 KiB to 16 KiB, are places in spans of 32 KiB; free ones belong to such a span or to a processor's
 * cache. Larger stacks are spans of their own, and while a collection runs free ones are kept in a list.
 */
public final class StackAreas {
    /** More processors or spans of one list than a program can have. */
    private static final int MANY = 1 << 20;

    /** A list for each power of two from a page of 2^13 bytes to the 2^48 of the address space. */
    private static final int LARGE_LISTS = 48 - 13;

    private final RuntimeLayout layout;
    private final MemoryReader reader;
    private final GoroutineTable goroutines;
    private final List<ManualSpan> spans;
    private final TreeMap<Long, ManualSpan> byAddress = new TreeMap<>(Long::compareUnsigned);
    private final Map<Kind, Sum> counted = new EnumMap<>(Kind.class);
    private final Map<Kind, Sum> uncounted = new EnumMap<>(Kind.class);

    private record Sum(long count, long bytes) {
        Sum plus(long moreCount, long moreBytes) {
            return new Sum(count + moreCount, bytes + moreBytes);
        }
    }

    private StackAreas(GoProgram program, SpanTable table, GoroutineTable goroutines) {
        layout = program.layout();
        reader = program.reader();
        this.goroutines = goroutines;
        spans = table.manualSpans();
        for (ManualSpan span : spans) {
            byAddress.put(span.base(), span);
        }
    }

    /** All of a program; what is missing from the dump is left out, with a loss counted. */
    public static List<StackArea> read(GoProgram program, SpanTable spans, GoroutineTable goroutines) {
        StackAreas areas = new StackAreas(program, spans, goroutines);
        try {
            areas.threads();
            areas.deadGoroutines();
            areas.pool();
            areas.caches();
            areas.large();
        } catch (MissingMemoryException | UnknownLayoutException e) {
            program.warnings().loss("go-stacks", -1, "Stack memory is not accounted for whole: " + e.getMessage(), 1);
        }
        return areas.result();
    }

    private List<StackArea> result() {
        List<StackArea> all = new ArrayList<>();
        counted.forEach((kind, sum) -> all.add(new StackArea(kind, true, sum.count, sum.bytes)));
        uncounted.forEach((kind, sum) -> all.add(new StackArea(kind, false, sum.count, sum.bytes)));
        return List.copyOf(all);
    }

    private void add(Kind kind, long count, long bytes) {
        if (count > 0) {
            counted.merge(kind, new Sum(count, bytes), (was, more) -> was.plus(more.count, more.bytes));
        }
    }

    /** A stack that has an owner; one outside the runtime's spans was made by the operating system or by C. */
    private void owned(Kind kind, StackBounds stack) {
        if (stack.bytes() > 0 && stack.plausible()) {
            Map.Entry<Long, ManualSpan> span = byAddress.floorEntry(stack.low());
            boolean mine = span != null
                    && stack.low() - span.getKey() < span.getValue().bytes();
            (mine ? counted : uncounted)
                    .merge(kind, new Sum(1, stack.bytes()), (was, more) -> was.plus(more.count, more.bytes));
        }
    }

    private void threads() {
        for (SystemThread thread : goroutines.systemThreads()) {
            owned(Kind.SYSTEM, thread.systemStack());
            owned(Kind.SIGNAL, thread.signalStack());
        }
        ended();
        if (layout.hasAddress("runtime.gcrash")) {
            owned(Kind.CRASH, StackBounds.of(reader, layout.struct("runtime.g"), layout.address("runtime.gcrash")));
        }
    }

    /** Threads that have ended; the next thread to start frees their system stacks. */
    private void ended() {
        StructLayout scheduler = layout.struct("runtime.schedt");
        StructLayout m = layout.struct("runtime.m");
        StructLayout g = layout.struct("runtime.g");
        if (!layout.hasAddress("runtime.sched") || !scheduler.has("freem")) {
            return;
        }
        Set<Long> seen = new HashSet<>();
        long thread = reader.word(layout.address("runtime.sched") + scheduler.offset("freem"));
        while (thread != 0 && seen.add(thread) && seen.size() < MANY) {
            owned(Kind.SYSTEM, StackBounds.of(reader, g, reader.word(thread + m.offset("g0"))));
            thread = reader.word(thread + m.offset("freelink"));
        }
    }

    private void deadGoroutines() {
        for (StackBounds stack : goroutines.deadStacks()) {
            owned(Kind.DEAD, stack);
        }
    }

    private void pool() {
        for (ManualSpan span : spans) {
            if (span.divided()) {
                add(Kind.POOL, span.free(), span.free() * span.elementSize());
            }
        }
    }

    private void caches() {
        StructLayout p = layout.struct("runtime.p");
        StructLayout cache = layout.struct("runtime.mcache");
        StructLayout list = layout.struct("runtime.stackfreelist");
        long smallest = smallestStack();
        long processors = reader.word(layout.address("runtime.allp"));
        long count = Math.min(reader.word(layout.address("runtime.allp") + 8), MANY);
        int orders = (int) Math.min(16, cache.width("stackcache") / list.size());
        for (long i = 0; i < count; i++) {
            long processor = reader.word(processors + 8 * i);
            long of = processor == 0 ? 0 : reader.word(processor + p.offset("mcache"));
            for (int order = 0; of != 0 && order < orders; order++) {
                long at = of + cache.offset("stackcache") + order * list.size();
                long bytes = reader.word(at + list.offset("size"));
                add(Kind.CACHE, bytes / (smallest << order), bytes);
            }
        }
    }

    /** A stack of order 0; each order has twice the size. 2 KiB on Linux (runtime.fixedStack). */
    private long smallestStack() {
        long smallest = 2048;
        return spans.stream()
                .filter(ManualSpan::divided)
                .mapToLong(ManualSpan::elementSize)
                .min()
                .orElse(smallest);
    }

    private void large() {
        StructLayout list = layout.struct("runtime.mSpanList");
        StructLayout span = layout.struct("runtime.mspan");
        // A lock, then the lists; the structure has no name.
        long first = layout.address("runtime.stackLarge")
                + layout.struct("runtime.mutex").size();
        Set<Long> seen = new HashSet<>();
        for (long i = 0; i < LARGE_LISTS; i++) {
            long at = reader.word(first + i * list.size() + list.offset("first"));
            while (at != 0 && seen.add(at) && seen.size() < MANY) {
                add(Kind.LARGE, 1, reader.word(at + span.offset("npages")) * SpanTable.PAGE);
                at = reader.word(at + span.offset("next"));
            }
        }
    }
}
