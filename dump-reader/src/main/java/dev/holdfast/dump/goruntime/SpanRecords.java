package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The runtime's records of spans that hold objects, as read from {@code mheap_.allspans}; columns in address order. */
final class SpanRecords {
    /** States of a span: garbage-collected objects; stacks and other memory that the runtime manages itself. */
    private static final int IN_USE = 1;

    private static final int MANUAL = 2;

    /** The runtime's largest arena is 2^48 bytes. */
    private static final long MOST_PAGES = 1L << 48 - 13;

    private final List<Span> spans = new ArrayList<>();
    private final List<ManualSpan> manual = new ArrayList<>();
    private long lost;

    private record Span(
            long record,
            long base,
            long pages,
            long elementSize,
            int elements,
            int spanClass,
            int freeIndex,
            int takenIndex,
            long allocationBits,
            long markBits,
            long largeType,
            long specials,
            PointerKind kind) {}

    /** Reads all of them. */
    static SpanRecords read(GoProgram program) {
        return new SpanRecords(program);
    }

    private SpanRecords(GoProgram program) {
        MemoryReader reader = program.reader();
        RuntimeLayout layout = program.layout();
        StructLayout mspan = layout.struct("runtime.mspan");
        long all = layout.address("runtime.mheap_")
                + layout.struct("runtime.mheap").offset("allspans");
        long list = reader.word(all);
        long length = reader.word(all + 8);
        boolean inlineMarks = layout.hasStruct("runtime.spanInlineMarkBits")
                && layout.struct("runtime.spanInlineMarkBits").size() > 0;
        PointerKind arena = arenaKind(layout);
        long headerAbove = layout.constant("internal/runtime/gc.MinSizeForMallocHeader")
                .orElse(layout.constant("runtime.minSizeForMallocHeader").orElse(512));
        for (long i = 0; i < length; i++) {
            try {
                // The list is as long as memory goes: a forged length ends at the first missing word.
                long record = reader.word(list + 8 * i);
                int state = reader.u8(record + mspan.offset("state"));
                long pages = reader.word(record + mspan.offset("npages"));
                if (state == MANUAL) {
                    manual.add(manual(reader, mspan, record, pages));
                }
                if (state != IN_USE) {
                    continue;
                }
                Span span = read(reader, mspan, record, pages, arena, inlineMarks, headerAbove);
                if (sane(span)) {
                    spans.add(span);
                } else {
                    lost++;
                }
            } catch (MissingMemoryException e) {
                lost++;
                if (!reader.readable(list + 8 * i, 8)) {
                    lost += length - i - 1;
                    break;
                }
            }
        }
        spans.sort(Comparator.comparingLong((Span span) -> span.base ^ Long.MIN_VALUE));
        lost += dropOverlapping();
    }

    private static ManualSpan manual(MemoryReader reader, StructLayout mspan, long record, long pages) {
        return new ManualSpan(
                reader.word(record + mspan.offset("startAddr")),
                pages * SpanTable.PAGE,
                reader.word(record + mspan.offset("elemsize")),
                number(reader, mspan, record, "allocCount"));
    }

    private static PointerKind arenaKind(RuntimeLayout layout) {
        StructLayout arena = layout.struct("runtime.heapArena");
        if (!arena.has("bitmap")) {
            return PointerKind.SPAN_END;
        }
        return arena.has("noMorePtrs") ? PointerKind.ARENA_ONE_BIT : PointerKind.ARENA_TWO_BITS;
    }

    private static Span read(
            MemoryReader reader,
            StructLayout mspan,
            long record,
            long pages,
            PointerKind arena,
            boolean inlineMarks,
            long headerAbove) {
        int spanClass = reader.u8(record + mspan.offset("spanclass"));
        long elementSize = reader.word(record + mspan.offset("elemsize"));
        String free = mspan.has("freeIndexForScan") ? "freeIndexForScan" : "freeindex";
        PointerKind kind = arena;
        if ((spanClass & 1) != 0) {
            kind = PointerKind.NONE;
        } else if (arena == PointerKind.SPAN_END) {
            if (spanClass >>> 1 == 0) {
                kind = PointerKind.LARGE_TYPE;
            } else if (elementSize > headerAbove) {
                kind = PointerKind.HEADER;
            } else if (inlineMarks && elementSize >= InlineMarkBits.SMALLEST) {
                kind = PointerKind.SPAN_END_BEFORE_MARKS;
            }
        }
        return new Span(
                record,
                reader.word(record + mspan.offset("startAddr")),
                pages,
                elementSize,
                (int) Math.min(number(reader, mspan, record, "nelems"), Integer.MAX_VALUE),
                spanClass,
                (int) Math.min(number(reader, mspan, record, free), Integer.MAX_VALUE),
                (int) Math.min(number(reader, mspan, record, "freeindex"), Integer.MAX_VALUE),
                reader.word(record + mspan.offset("allocBits")),
                reader.word(record + mspan.offset("gcmarkBits")),
                mspan.has("largeType") ? reader.word(record + mspan.offset("largeType")) : 0,
                reader.word(record + mspan.offset("specials")),
                kind);
    }

    private static long number(MemoryReader reader, StructLayout mspan, long record, String field) {
        long value = reader.unsigned(record + mspan.offset(field), mspan.width(field));
        return value < 0 ? Long.MAX_VALUE : value;
    }

    /** Whether the record can be one of a span: a forged one would number slots without end. */
    private static boolean sane(Span span) {
        if ((span.base & SpanTable.PAGE - 1) != 0 || span.pages <= 0 || span.pages > MOST_PAGES) {
            return false;
        }
        long bytes = span.pages * SpanTable.PAGE;
        boolean oneLarge = span.spanClass >>> 1 == 0;
        return span.elementSize >= 8
                && span.elements >= 0
                && (oneLarge ? span.elements <= 1 : span.elementSize <= 32768 && bytes <= 1 << 20)
                && span.elements * span.elementSize <= bytes;
    }

    private long dropOverlapping() {
        List<Span> kept = new ArrayList<>(spans.size());
        long end = 0;
        for (Span span : spans) {
            if (kept.isEmpty() || Long.compareUnsigned(span.base, end) >= 0) {
                kept.add(span);
                end = span.base + span.pages * SpanTable.PAGE;
            }
        }
        long dropped = (long) spans.size() - kept.size();
        spans.clear();
        spans.addAll(kept);
        return dropped;
    }

    int size() {
        return spans.size();
    }

    /** Spans that the runtime manages itself: stacks and work buffers. */
    List<ManualSpan> manual() {
        return manual;
    }

    /** How many records could not be used. */
    long lost() {
        return lost;
    }

    long[] record() {
        return spans.stream().mapToLong(Span::record).toArray();
    }

    long[] base() {
        return spans.stream().mapToLong(Span::base).toArray();
    }

    long[] pages() {
        return spans.stream().mapToLong(Span::pages).toArray();
    }

    long[] elementSize() {
        return spans.stream().mapToLong(Span::elementSize).toArray();
    }

    int[] elements() {
        return spans.stream().mapToInt(Span::elements).toArray();
    }

    byte[] spanClass() {
        byte[] column = new byte[spans.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = (byte) spans.get(i).spanClass;
        }
        return column;
    }

    byte[] kinds() {
        byte[] column = new byte[spans.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = (byte) spans.get(i).kind.ordinal();
        }
        return column;
    }

    int[] freeIndex() {
        return spans.stream().mapToInt(Span::freeIndex).toArray();
    }

    /** Slots below were taken, but perhaps not yet prepared. */
    int[] takenIndex() {
        return spans.stream().mapToInt(Span::takenIndex).toArray();
    }

    long[] allocationBits() {
        return spans.stream().mapToLong(Span::allocationBits).toArray();
    }

    long[] markBits() {
        return spans.stream().mapToLong(Span::markBits).toArray();
    }

    long[] typeAddress() {
        return spans.stream().mapToLong(Span::largeType).toArray();
    }

    long[] specials() {
        return spans.stream().mapToLong(Span::specials).toArray();
    }
}
