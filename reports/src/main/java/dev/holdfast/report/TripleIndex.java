package dev.holdfast.report;

import java.util.Arrays;

/**
 * Numbers triples of ints densely from 0, in the order in which they first came.
 *
 * <p>Not thread-safe. 12 bytes a triple for the columns and 5 to 11 for the hash slots; nothing is allocated per call.
 */
final class TripleIndex {
    static final int ABSENT = -1;

    private int[] first = new int[64];
    private int[] second = new int[64];
    private int[] third = new int[64];
    private int size;

    /** Row numbers plus one by hash, 0 for an empty slot. */
    private int[] slots = new int[128];

    int size() {
        return size;
    }

    int first(int row) {
        return first[row];
    }

    int second(int row) {
        return second[row];
    }

    int third(int row) {
        return third[row];
    }

    /** A copy of the first numbers of all rows. */
    int[] firsts() {
        return Arrays.copyOf(first, size);
    }

    /** The row of this triple, or {@link #ABSENT}. */
    int find(int a, int b, int c) {
        return slots[slot(a, b, c)] - 1;
    }

    /** The row of this triple, added if need be. */
    int findOrAdd(int a, int b, int c) {
        int slot = slot(a, b, c);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        if (size == first.length) {
            int capacity = Columns.grown(size);
            first = Arrays.copyOf(first, capacity);
            second = Arrays.copyOf(second, capacity);
            third = Arrays.copyOf(third, capacity);
        }
        first[size] = a;
        second[size] = b;
        third[size] = c;
        slots[slot] = ++size;
        if (size > slots.length - (slots.length >> 2)) {
            slots = new int[Columns.doubled(slots.length)];
            for (int row = 0; row < size; row++) {
                slots[slot(first[row], second[row], third[row])] = row + 1;
            }
        }
        return size - 1;
    }

    private int slot(int a, int b, int c) {
        int mask = slots.length - 1;
        int slot = hash(a, b, c) & mask;
        while (slots[slot] != 0) {
            int row = slots[slot] - 1;
            if (first[row] == a && second[row] == b && third[row] == c) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** A multiplicative mix: frames and types are small dense numbers, which must not pile up in neighbouring slots. */
    static int hash(int a, int b, int c) {
        long mixed = (a * 0x9E3779B97F4A7C15L + b) * 0xC2B2AE3D27D4EB4FL + c;
        mixed *= 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }
}
