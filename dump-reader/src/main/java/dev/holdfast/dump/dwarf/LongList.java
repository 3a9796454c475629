package dev.holdfast.dump.dwarf;

import java.util.Arrays;

/** Numbers that are collected; 8 to 12 bytes each. */
final class LongList {
    /**
     * Most that are kept. Programs with 60 MB of debugging information have some hundred thousand types, variables and
     * functions; a forged file could have one in every two bytes.
     */
    private static final int MOST = 1 << 22;

    private long[] numbers = new long[256];
    private int count;

    void add(long number) {
        if (count == numbers.length) {
            if (count >= MOST) {
                throw new DamagedDwarfException("too many entries");
            }
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = number;
    }

    int size() {
        return count;
    }

    long[] inOrder() {
        return Arrays.copyOf(numbers, count);
    }

    long[] sorted() {
        long[] copy = inOrder();
        Arrays.sort(copy);
        return copy;
    }
}
