package dev.holdfast.heap;

import java.util.Arrays;

/** Counts pairs of non-negative numbers; 16 to 32 bytes a distinct pair. Used by one thread. */
final class PairCounts {
    private static final long EMPTY = -1;

    private long[] pairs = filled(1 << 10);
    private long[] counts = new long[1 << 10];
    private int size;

    /** Receives a pair. */
    interface Receiver {
        void pair(int first, int second, long count);
    }

    /** Counts the pair once more. */
    void add(int first, int second) {
        long pair = (long) first << 32 | second;
        int at = place(pairs, pair);
        if (pairs[at] == EMPTY) {
            if (++size * 2L > pairs.length) {
                grow();
                at = place(pairs, pair);
            }
            pairs[at] = pair;
        }
        counts[at]++;
    }

    private void grow() {
        long[] larger = filled(Math.multiplyExact(pairs.length, 2));
        long[] moved = new long[larger.length];
        for (int i = 0; i < pairs.length; i++) {
            if (pairs[i] != EMPTY) {
                int at = place(larger, pairs[i]);
                larger[at] = pairs[i];
                moved[at] = counts[i];
            }
        }
        pairs = larger;
        counts = moved;
    }

    private static int place(long[] table, long pair) {
        int mask = table.length - 1;
        int at = (int) (pair * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (table[at] != EMPTY && table[at] != pair) {
            at = at + 1 & mask;
        }
        return at;
    }

    private static long[] filled(int length) {
        long[] table = new long[length];
        Arrays.fill(table, EMPTY);
        return table;
    }

    /** Hands over all pairs, ascending. */
    void forEach(Receiver receiver) {
        long[] sorted =
                Arrays.stream(pairs).filter(pair -> pair != EMPTY).sorted().toArray();
        for (long pair : sorted) {
            receiver.pair((int) (pair >>> 32), (int) pair, counts[place(pairs, pair)]);
        }
    }
}
