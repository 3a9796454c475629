package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        Fields fields = new Fields(layout.struct("runtime.mspan"));
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
                int state = reader.u8(record + fields.state.offset());
                long pages = fields.pages.in(reader, record);
                if (state == MANUAL) {
                    manual.add(manual(reader, fields, record, pages));
                }
                if (state != IN_USE) {
                    continue;
                }
                Span span = read(reader, fields, record, pages, arena, inlineMarks, headerAbove);
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

    /** Where the fields of a record lie; 130,000 records are not worth a look-up by name each. */
    private static final class Fields {
        final StructLayout.Place state;
        final StructLayout.Place start;
        final StructLayout.Place pages;
        final StructLayout.Place spanClass;
        final StructLayout.Place elementSize;
        final StructLayout.Place elements;
        final StructLayout.Place allocations;
        final StructLayout.Place freeIndex;
        final StructLayout.Place takenIndex;
        final StructLayout.Place allocationBits;
        final StructLayout.Place markBits;
        final StructLayout.@Nullable Place largeType;
        final StructLayout.Place specials;

        Fields(StructLayout mspan) {
            state = mspan.place("state");
            start = mspan.place("startAddr");
            pages = mspan.place("npages");
            spanClass = mspan.place("spanclass");
            elementSize = mspan.place("elemsize");
            elements = mspan.place("nelems");
            allocations = mspan.place("allocCount");
            takenIndex = mspan.place("freeindex");
            freeIndex = mspan.has("freeIndexForScan") ? mspan.place("freeIndexForScan") : takenIndex;
            allocationBits = mspan.place("allocBits");
            markBits = mspan.place("gcmarkBits");
            largeType = mspan.has("largeType") ? mspan.place("largeType") : null;
            specials = mspan.place("specials");
        }
    }

    private static ManualSpan manual(MemoryReader reader, Fields fields, long record, long pages) {
        return new ManualSpan(
                fields.start.in(reader, record),
                pages * SpanTable.PAGE,
                fields.elementSize.in(reader, record),
                count(reader, record, fields.allocations));
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
            Fields fields,
            long record,
            long pages,
            PointerKind arena,
            boolean inlineMarks,
            long headerAbove) {
        int spanClass = reader.u8(record + fields.spanClass.offset());
        long elementSize = fields.elementSize.in(reader, record);
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
                fields.start.in(reader, record),
                pages,
                elementSize,
                index(reader, record, fields.elements),
                spanClass,
                index(reader, record, fields.freeIndex),
                index(reader, record, fields.takenIndex),
                fields.allocationBits.in(reader, record),
                fields.markBits.in(reader, record),
                fields.largeType == null ? 0 : fields.largeType.in(reader, record),
                fields.specials.in(reader, record),
                kind);
    }

    private static long count(MemoryReader reader, long record, StructLayout.Place field) {
        long value = field.in(reader, record);
        return value < 0 ? Long.MAX_VALUE : value;
    }

    private static int index(MemoryReader reader, long record, StructLayout.Place field) {
        return (int) Math.min(count(reader, record, field), Integer.MAX_VALUE);
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
