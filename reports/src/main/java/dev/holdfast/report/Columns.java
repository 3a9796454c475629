package dev.holdfast.report;

/** How the growing arrays of this package grow. */
final class Columns {
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private Columns() {}

    /** Half as much again: at most a third of a column is unused. */
    static int grown(int capacity) {
        if (capacity == LARGEST) {
            throw new IllegalStateException("more than " + LARGEST + " rows");
        }
        return (int) Math.min(LARGEST, capacity + (capacity >> 1) + 16L);
    }

    /** For hash slots, which stay a power of two. */
    static int doubled(int capacity) {
        if (capacity > 1 << 29) {
            throw new IllegalStateException("more than " + capacity + " slots");
        }
        return capacity << 1;
    }
}
