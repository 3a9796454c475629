package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a JVM lays objects out (hprof.md 2.2, 2.3), for addresses spaced as a real heap spaces them.
 *
 * @param header bytes of mark word and class word
 * @param reference bytes of a reference in the heap
 * @param alignment of objects, a power of two
 * @param relaxedArrayBase true from JDK 23 on and on 32 bits: array elements start at the element's alignment, not always at 8
 * @param fillsHoles true from JDK 15 on: fields may go where superclasses left room; before, each class has its own stretch
 */
public record FakeLayout(int header, int reference, int alignment, boolean relaxedArrayBase, boolean fillsHoles) {
    public static final FakeLayout JDK8 = new FakeLayout(12, 4, 8, false, false);
    public static final FakeLayout JDK8_UNCOMPRESSED = new FakeLayout(16, 8, 8, false, false);
    public static final FakeLayout JDK8_BITS32 = new FakeLayout(8, 4, 8, true, false);
    public static final FakeLayout JDK17 = new FakeLayout(12, 4, 8, false);
    public static final FakeLayout JDK17_UNCOMPRESSED = new FakeLayout(12, 8, 8, false);
    public static final FakeLayout JDK17_ALIGN16 = new FakeLayout(12, 4, 16, false);
    public static final FakeLayout JDK25 = new FakeLayout(12, 4, 8, true);
    public static final FakeLayout JDK25_COMPACT = new FakeLayout(8, 4, 8, true);
    public static final FakeLayout BITS32 = new FakeLayout(8, 4, 8, true);

    /** The layout of a JVM of JDK 15 or later. */
    public FakeLayout(int header, int reference, int alignment, boolean relaxedArrayBase) {
        this(header, reference, alignment, relaxedArrayBase, true);
    }

    private record Hole(int offset, int size) {}

    /** Bytes of one instance, given the field types of each class from the topmost down. */
    public int instanceSize(List<List<HprofType>> levels) {
        return fillsHoles ? withHoles(levels) : byLevel(levels);
    }

    /** Only the gap before a class's own longs is filled, and only with what that class has. */
    private int byLevel(List<List<HprofType>> levels) {
        int end = header;
        for (List<HprofType> level : levels) {
            end = align(end, reference);
            int[] left = new int[9];
            int references = 0;
            for (HprofType field : level) {
                if (field.isPrimitive()) {
                    left[field.width(reference)]++;
                } else {
                    references++;
                }
            }
            int longs = align(end, 8);
            if (left[8] > 0) {
                for (int width : new int[] {4, 2, 1}) {
                    for (; left[width] > 0 && end + width <= longs; left[width]--) {
                        end += width;
                    }
                }
                for (; references > 0 && align(end, reference) + reference <= longs; references--) {
                    end = align(end, reference) + reference;
                }
                end = longs;
            }
            for (int width : new int[] {8, 4, 2, 1}) {
                end = left[width] == 0 ? end : align(end, width) + left[width] * width;
            }
            end = references == 0 ? end : align(end, reference) + references * reference;
        }
        return align(end, alignment);
    }

    private int withHoles(List<List<HprofType>> levels) {
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
