package dev.holdfast.dump.io;

import java.util.Arrays;

/** A growing list of longs; 8 bytes an entry and half as much again while it grows. */
public final class LongList {
    private long[] values = new long[8];
    private int size;

    /** An empty list. */
    public LongList() {}

    /** Appends a value. */
    public void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + (size >> 1));
        }
        values[size++] = value;
    }

    /** The value at a place. */
    public long get(int index) {
        return values[index];
    }

    /** How many values there are. */
    public int size() {
        return size;
    }
}
