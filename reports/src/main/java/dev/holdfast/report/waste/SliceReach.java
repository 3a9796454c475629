package dev.holdfast.report.waste;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.IntColumn;

/**
 * How far slices and strings reach into each object: where the first begins, where the longest ends, and where it may come
 * to end. Thread-safe; 12 bytes an object. Objects of 4 GiB and more are left out.
 */
final class SliceReach {
    private static final int LOCKS = 1 << 10;

    private final HeapSnapshot heap;
    /** From the first begin to the end of the object, so that 0 is none. */
    private final IntColumn fromStart;

    private final IntColumn shown;
    private final IntColumn capacity;
    private final Object[] locks = new Object[LOCKS];

    SliceReach(HeapSnapshot heap) {
        this.heap = heap;
        fromStart = heap.scratchColumn();
        shown = heap.scratchColumn();
        capacity = heap.scratchColumn();
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /** A slice of an object, in bytes from the object's start. */
    void add(int object, long objectBytes, long start, long shownEnd, long capacityEnd) {
        if (objectBytes > 0xffff_ffffL) {
            return;
        }
        // Few objects at a time, so that threads seldom wait and none disturbs another.
        synchronized (locks[object & LOCKS - 1]) {
            raise(fromStart, object, objectBytes - start);
            raise(shown, object, shownEnd);
            raise(capacity, object, capacityEnd);
        }
    }

    private static void raise(IntColumn column, int object, long value) {
        if (value > Integer.toUnsignedLong(column.get(object))) {
            column.set(object, (int) value);
        }
    }

    /** Whether there is a slice or string of the object. */
    boolean any(int object) {
        return capacity.get(object) != 0;
    }

    long start(int object, long objectBytes) {
        return objectBytes - Integer.toUnsignedLong(fromStart.get(object));
    }

    long shown(int object) {
        return Integer.toUnsignedLong(shown.get(object));
    }

    long capacity(int object) {
        return Integer.toUnsignedLong(capacity.get(object));
    }

    void release() {
        heap.release(fromStart);
        heap.release(shown);
        heap.release(capacity);
    }
}
