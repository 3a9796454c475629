package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.VariableChecks.Verdict;
import java.util.Map;

/** Whether memory holds the runtime's variables about the heap and its collector. */
final class HeapChecks {
    private static final long PAGE = 8192;
    private static final int SAMPLE = 256;
    private static final int GENERATIONS = 3;

    /** Statistics of a running allocator may be a few spans off. */
    private static final long SLACK = 64 * PAGE;

    /** Heap below which no collection starts at GOGC=100 (runtime.defaultHeapMinimum). */
    private static final long HEAP_MINIMUM = 4L << 20;

    private final MemoryReader reader;
    private final LayoutTable table;
    private final Map<String, Long> found;

    HeapChecks(MemoryReader reader, LayoutTable table, Map<String, Long> found) {
        this.reader = reader;
        this.table = table;
        this.found = found;
    }

    /** The heap: spans in use stand in the arena's table of pages under their own address. */
    boolean isHeap(long address) {
        StructLayout heap = table.struct("runtime.mheap").orElseThrow();
        StructLayout span = table.struct("runtime.mspan").orElseThrow();
        long spans = reader.word(address + heap.offset("allspans"));
        long count = reader.word(address + heap.offset("allspans") + 8);
        if (count <= 0
                || count > reader.word(address + heap.offset("allspans") + 16)
                || count > Integer.MAX_VALUE
                || !reader.readable(spans, 8 * count)) {
            return false;
        }
        long arenas = reader.word(address + heap.offset("arenas"));
        int inUse = 0;
        for (long i = 0; i < count && inUse < SAMPLE; i++) {
            long at = reader.word(spans + 8 * i);
            if (!reader.readable(at, span.size())) {
                return false;
            }
            if (reader.u8(at + span.offset("state")) == 1) {
                if (!standsInArena(at, reader.word(at + span.offset("startAddr")), arenas)) {
                    return false;
                }
                inUse++;
            }
        }
        return inUse > 0;
    }

    private boolean standsInArena(long span, long start, long arenas) {
        long arenaBytes = table.constant("runtime.heapArenaBytes").orElse(64L << 20);
        long base = table.constant("runtime.arenaBaseOffset").orElse(0);
        long slot = arenas + 8 * Long.divideUnsigned(start - base, arenaBytes);
        if ((start & PAGE - 1) != 0 || !reader.readable(slot, 8)) {
            return false;
        }
        long arena = reader.word(slot);
        int pages = table.struct("runtime.heapArena").orElseThrow().offset("spans");
        long page = (start - base) % arenaBytes / PAGE;
        return arena != 0
                && reader.readable(arena + pages + 8 * page, 8)
                && reader.word(arena + pages + 8 * page) == span;
    }

    /** Bytes of the spans in use as the heap counts them, or -1 if it was not found. */
    private long inUse() {
        Long heap = found.get("runtime.mheap_");
        return heap == null
                ? -1
                : PAGE
                        * reader.word(heap
                                + table.struct("runtime.mheap").orElseThrow().offset("pagesInUse"));
    }

    private Verdict sameAsInUse(long bytes) {
        long expected = inUse();
        if (expected <= 0 || Math.abs(bytes - expected) > SLACK + expected / 16) {
            return Verdict.NO;
        }
        return bytes == expected ? Verdict.PROVEN : Verdict.LIKELY;
    }

    /** The statistics: the bytes in use of their three generations are those of the heap. */
    Verdict statistics(long address) {
        StructLayout statistics = table.struct("runtime.mstats").orElseThrow();
        StructLayout delta = table.struct("runtime.heapStatsDelta").orElseThrow();
        long sum = 0;
        for (int i = 0; i < GENERATIONS; i++) {
            sum += reader.word(
                    address + statistics.offset("heapStats.stats") + i * delta.size() + delta.offset("inHeap"));
        }
        return sameAsInUse(sum);
    }

    /** The pacer: the least heap is 4 MiB times GOGC, and since Go 1.19 it counts the heap too. */
    Verdict controller(long address) {
        StructLayout controller = table.struct("runtime.gcControllerState").orElseThrow();
        int percent = reader.i32(address + controller.offset("gcPercent"));
        long least = reader.word(address + controller.offset("heapMinimum"));
        if (percent < -1 || percent >= 0 && least != HEAP_MINIMUM * percent / 100) {
            return Verdict.NO;
        }
        return controller.has("heapInUse")
                ? sameAsInUse(reader.word(address + controller.offset("heapInUse")))
                : Verdict.LIKELY;
    }

    /** The collector's state: it counts cycles as the statistics do, and the phases of the last one follow each other. */
    boolean collector(long address) {
        StructLayout work = table.variableStruct("runtime.work").orElseThrow();
        Long statistics = found.get("runtime.memstats");
        if (statistics == null) {
            return false;
        }
        long ended = reader.u32(
                statistics + table.struct("runtime.mstats").orElseThrow().offset("numgc"));
        long started = reader.u32(address + work.offset("cycles"));
        long sweep = reader.word(address + work.offset("tSweepTerm"));
        long mark = reader.word(address + work.offset("tMark"));
        return (started == ended || started == ended + 1)
                && (started == 0) == (sweep == 0)
                && (started == ended + 1 || sweep <= mark);
    }
}
