package dev.holdfast.roots;

import java.util.Arrays;

/** A growing list of {@code long}; used by one thread. */
final class LongList {
    private long[] values = new long[64];
    private int size;

    int size() {
        return size;
    }

    long get(int index) {
        return values[index];
    }

    void set(int index, long value) {
        values[index] = value;
    }

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 8L, size * 2L));
        }
        values[size++] = value;
    }
}
