package dev.holdfast.roots;

import java.util.Arrays;

/** A growing list of {@code int}; used by one thread. */
final class IntList {
    private int[] values = new int[64];
    private int size;

    int size() {
        return size;
    }

    int get(int index) {
        return values[index];
    }

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 8L, size * 2L));
        }
        values[size++] = value;
    }

    void set(int index, int value) {
        values[index] = value;
    }

    /** Takes the last value off; the list must not be empty. */
    int removeLast() {
        return values[--size];
    }

    /** Turns the order of the values from an index on round. */
    void reverseFrom(int from) {
        for (int low = from, high = size - 1; low < high; low++, high--) {
            int value = values[low];
            values[low] = values[high];
            values[high] = value;
        }
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
