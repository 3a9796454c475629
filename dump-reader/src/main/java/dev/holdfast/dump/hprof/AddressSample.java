package dev.holdfast.dump.hprof;

import java.util.Arrays;

/**
 * A bounded sample of addresses, each with a number beside it: those whose hashes are smallest.
 *
 * <p>Which addresses are kept depends on the set alone, not on order or threads, so samples taken by several workers and
 * merged equal the sample of one. Not thread-safe. At most {@code 32 * capacity} bytes.
 */
final class AddressSample {
    /** 2^64 / golden ratio, odd, hence a bijection: two addresses never share a hash. */
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /** The inverse modulo 2^64. */
    private static final long INVERSE = 0xF1DE83E19937733DL;

    private final int capacity;
    private long[] hashes = new long[8];
    private long[] values = new long[8];
    private int used;
    private long threshold = Long.MAX_VALUE;

    AddressSample(int capacity) {
        this.capacity = capacity;
    }

    static long hash(long address) {
        return address * MULTIPLIER;
    }

    static long address(long hash) {
        return hash * INVERSE;
    }

    void add(long address, long value) {
        long h = hash(address);
        if (h <= threshold) {
            insert(h, value);
        }
    }

    private void insert(long hash, long value) {
        if (used == hashes.length) {
            if (used < 2 * capacity) {
                int length = Math.min(2 * capacity, used * 2);
                hashes = Arrays.copyOf(hashes, length);
                values = Arrays.copyOf(values, length);
            } else {
                compact();
                if (hash > threshold) {
                    return;
                }
            }
        }
        hashes[used] = hash;
        values[used++] = value;
    }

    void addAll(AddressSample other) {
        for (int i = 0; i < other.used; i++) {
            if (other.hashes[i] <= threshold) {
                insert(other.hashes[i], other.values[i]);
            }
        }
    }

    /** Sorts, keeps one of equal addresses (the larger value: a choice that no order changes) and at most the capacity. */
    void compact() {
        sort();
        int kept = 0;
        for (int i = 0; i < used; i++) {
            if (kept > 0 && hashes[kept - 1] == hashes[i]) {
                values[kept - 1] = Math.max(values[kept - 1], values[i]);
            } else {
                hashes[kept] = hashes[i];
                values[kept++] = values[i];
            }
        }
        used = Math.min(kept, capacity);
        if (used == capacity) {
            threshold = hashes[used - 1];
        }
    }

    /** Shell sort: a thousand pairs, a dozen times a dump, and no pair objects. */
    private void sort() {
        for (int gap = used / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11) {
            for (int i = gap; i < used; i++) {
                long h = hashes[i];
                long v = values[i];
                int j = i;
                for (; j >= gap && hashes[j - gap] > h; j -= gap) {
                    hashes[j] = hashes[j - gap];
                    values[j] = values[j - gap];
                }
                hashes[j] = h;
                values[j] = v;
            }
        }
    }

    /** No address with a larger hash is taken any more. */
    long threshold() {
        return threshold;
    }

    /** How many are kept; meaningful after {@link #compact}. */
    int size() {
        return used;
    }

    long addressAt(int i) {
        return address(hashes[i]);
    }

    long valueAt(int i) {
        return values[i];
    }
}
