package dev.holdfast.heap;

import java.util.Arrays;

/** A set of non-negative numbers; 6 to 12 bytes each. Used by one thread. */
final class IntSet {
    private static final int EMPTY = -1;

    private int[] table = filled(16);
    private int size;

    /** Adds a number; false if it was there. */
    boolean add(int value) {
        if (size * 3L >= table.length * 2L) {
            grow();
        }
        if (!put(table, value)) {
            return false;
        }
        size++;
        return true;
    }

    private void grow() {
        int[] larger = filled(Math.multiplyExact(table.length, 2));
        for (int value : table) {
            if (value != EMPTY) {
                put(larger, value);
            }
        }
        table = larger;
    }

    private static boolean put(int[] table, int value) {
        int mask = table.length - 1;
        int at = value * 0x9E3779B9 >>> 7 & mask;
        while (table[at] != EMPTY) {
            if (table[at] == value) {
                return false;
            }
            at = at + 1 & mask;
        }
        table[at] = value;
        return true;
    }

    private static int[] filled(int length) {
        int[] table = new int[length];
        Arrays.fill(table, EMPTY);
        return table;
    }
}
