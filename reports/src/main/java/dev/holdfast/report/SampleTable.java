package dev.holdfast.report;

import java.util.Arrays;

/**
 * Sums of values by a pair of numbers (stack, labels), in the order in which the pairs first came.
 *
 * <p>Not thread-safe. 8 bytes a pair, 8 a value and 5 to 11 for the hash slots.
 */
final class SampleTable {
    private final int width;
    private long[] keys = new long[64];
    private long[] values;
    private int size;

    /** Row numbers plus one by hash. */
    private int[] slots = new int[128];

    SampleTable(int width) {
        this.width = width;
        this.values = new long[64 * width];
    }

    int size() {
        return size;
    }

    int stack(int row) {
        return (int) (keys[row] >>> 32);
    }

    int labels(int row) {
        return (int) keys[row];
    }

    long value(int row, int column) {
        return values[row * width + column];
    }

    boolean isZero(int row) {
        for (int column = 0; column < width; column++) {
            if (values[row * width + column] != 0) {
                return false;
            }
        }
        return true;
    }

    /** The row of this pair, new with zeros if need be. */
    int row(int stack, int labels) {
        long key = (long) stack << 32 | (labels & 0xFFFF_FFFFL);
        int slot = slot(key);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        if (size == keys.length) {
            int capacity = Columns.grown(size);
            keys = Arrays.copyOf(keys, capacity);
            values = Arrays.copyOf(values, Math.multiplyExact(capacity, width));
        }
        keys[size] = key;
        slots[slot] = ++size;
        if (size > slots.length - (slots.length >> 2)) {
            rehash();
        }
        return size - 1;
    }

    void add(int row, int column, long value) {
        values[row * width + column] += value;
    }

    private int slot(long key) {
        int mask = slots.length - 1;
        int slot = TripleIndex.hash((int) (key >>> 32), (int) key, 0) & mask;
        while (slots[slot] != 0 && keys[slots[slot] - 1] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void rehash() {
        slots = new int[Columns.doubled(slots.length)];
        for (int row = 0; row < size; row++) {
            slots[slot(keys[row])] = row + 1;
        }
    }
}
