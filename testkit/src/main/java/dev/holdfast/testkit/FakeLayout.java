package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a JVM of JDK 15 or later lays objects out (hprof.md 2.2, 2.3), for addresses spaced as a real heap spaces them.
 *
 * @param header bytes of mark word and class word
 * @param reference bytes of a reference in the heap
 * @param alignment of objects, a power of two
 * @param relaxedArrayBase true from JDK 23 on: array elements start at the element's alignment, not always at 8
 */
public record FakeLayout(int header, int reference, int alignment, boolean relaxedArrayBase) {
    public static final FakeLayout JDK17 = new FakeLayout(12, 4, 8, false);
    public static final FakeLayout JDK17_UNCOMPRESSED = new FakeLayout(12, 8, 8, false);
    public static final FakeLayout JDK17_ALIGN16 = new FakeLayout(12, 4, 16, false);
    public static final FakeLayout JDK25 = new FakeLayout(12, 4, 8, true);
    public static final FakeLayout JDK25_COMPACT = new FakeLayout(8, 4, 8, true);
    public static final FakeLayout BITS32 = new FakeLayout(8, 4, 8, true);

    private record Hole(int offset, int size) {}

    /** Bytes of one instance, given the field types of each class from the topmost down. */
    public int instanceSize(List<List<HprofType>> levels) {
        List<Hole> holes = new ArrayList<>();
        int end = header;
        for (List<HprofType> level : levels) {
            List<HprofType> fields = new ArrayList<>(level);
            // Primitives before references, wide before narrow.
            fields.sort(Comparator.comparing((HprofType type) -> !type.isPrimitive())
                    .thenComparing(type -> -type.width(reference)));
            for (HprofType field : fields) {
                int width = field.width(reference);
                if (!fill(holes, width)) {
                    int start = align(end, width);
                    if (start > end) {
                        holes.add(new Hole(end, start - end));
                    }
                    end = start + width;
                }
            }
        }
        return align(end, alignment);
    }

    /** Bytes of an array. */
    public long arraySize(HprofType elements, long count) {
        int width = elements.width(reference);
        int base = align(header + 4, relaxedArrayBase ? width : 8);
        long end = base + count * width;
        return (end + alignment - 1) / alignment * alignment;
    }

    private static boolean fill(List<Hole> holes, int width) {
        @Nullable Hole best = null;
        for (Hole hole : holes) {
            int start = align(hole.offset, width);
            boolean fits = start + width <= hole.offset + hole.size;
            if (fits && (best == null || hole.size < best.size)) {
                best = hole;
            }
        }
        if (best == null) {
            return false;
        }
        holes.remove(best);
        int start = align(best.offset, width);
        if (start > best.offset) {
            holes.add(new Hole(best.offset, start - best.offset));
        }
        int rest = best.offset + best.size - start - width;
        if (rest > 0) {
            holes.add(new Hole(start + width, rest));
        }
        return true;
    }

    private static int align(int value, int to) {
        return (value + to - 1) / to * to;
    }
}
