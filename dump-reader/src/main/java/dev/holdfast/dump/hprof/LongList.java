package dev.holdfast.dump.hprof;

import java.util.Arrays;

/** A growing list of longs; 8 bytes an entry and half as much again while it grows. */
final class LongList {
    private long[] values = new long[8];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + (size >> 1));
        }
        values[size++] = value;
    }

    long get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }
}
