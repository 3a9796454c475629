package dev.holdfast.dump.dwarf;

import java.util.Arrays;

/** Functions by address; immutable. 20 bytes each. Where several claim to start at one address, the first in the file counts. */
final class FunctionIndex {
    /** Shifted so that signed order is unsigned order. */
    private final long[] lows;

    private final long[] highs;
    private final int[] offsets;

    private FunctionIndex(long[] lows, long[] highs, int[] offsets) {
        this.lows = lows;
        this.highs = highs;
        this.offsets = offsets;
    }

    /** A table of functions in the order of the file; the lists may differ in length if the last one was damaged. */
    static FunctionIndex of(long[] lows, long[] highs, long[] offsets) {
        int count = offsets.length;
        long[] sorted = new long[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = lows[i] ^ Long.MIN_VALUE;
        }
        Arrays.sort(sorted);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[kept++] = sorted[i];
            }
        }
        long[] keys = Arrays.copyOf(sorted, kept);
        long[] ends = new long[kept];
        int[] places = new int[kept];
        Arrays.fill(places, -1);
        for (int i = 0; i < count; i++) {
            int at = Arrays.binarySearch(keys, lows[i] ^ Long.MIN_VALUE);
            if (places[at] < 0) {
                places[at] = (int) offsets[i];
                ends[at] = highs[i];
            }
        }
        return new FunctionIndex(keys, ends, places);
    }

    int count() {
        return lows.length;
    }

    /** Number of the function that contains an address, or -1. */
    int at(long pc) {
        int found = Arrays.binarySearch(lows, pc ^ Long.MIN_VALUE);
        int at = found >= 0 ? found : -found - 2;
        return at >= 0 && Long.compareUnsigned(pc, highs[at]) < 0 ? at : -1;
    }

    /** Offset of the entry of a function. */
    int offset(int number) {
        return offsets[number];
    }

    long low(int number) {
        return lows[number] ^ Long.MIN_VALUE;
    }

    long high(int number) {
        return highs[number];
    }
}
