package dev.holdfast.roots;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;

/**
 * Why each unreachable object is unreachable; immutable and thread-safe.
 *
 * <p>An inference (hprof.md 0 facts 4 and 6): the dump does not say. Memory: 1 byte an object.
 */
public final class UnreachableReasons {
    private static final UnreachableReason[] REASONS = UnreachableReason.values();

    private final HeapSnapshot heap;
    private final byte[] reasons;
    private final long[] objects = new long[REASONS.length];
    private final long[] bytes = new long[REASONS.length];

    private UnreachableReasons(HeapSnapshot heap, byte[] reasons) {
        this.heap = heap;
        this.reasons = reasons;
        ObjectGraph graph = heap.graph();
        for (int object = 0; object < reasons.length; object++) {
            if (!heap.reachable(object)) {
                objects[reasons[object]]++;
                bytes[reasons[object]] += graph.shallowSize(object);
            }
        }
    }

    /** Finds the reasons; reads the texts of unreachable strings that could be names of classes. */
    public static UnreachableReasons find(HeapSnapshot heap, Progress progress) {
        return new UnreachableReasons(heap, new LostClassFields(heap, progress).find());
    }

    /**
     * Why an object is unreachable.
     *
     * @throws IllegalArgumentException if it is reachable
     */
    public UnreachableReason of(int object) {
        if (heap.reachable(object)) {
            throw new IllegalArgumentException("object " + object + " is reachable");
        }
        return REASONS[reasons[object]];
    }

    /** How many objects are unreachable for a reason. */
    public long objects(UnreachableReason reason) {
        return objects[reason.ordinal()];
    }

    /** Their shallow size. */
    public long bytes(UnreachableReason reason) {
        return bytes[reason.ordinal()];
    }
}
