package dev.holdfast.dump.hprof;

import java.util.Arrays;

/**
 * What the object addresses of a dump say about sizes, collected while objects are scanned.
 *
 * <p>A worker has one of its own and calls one method for every object it meets; at the end they are {@link #merge
 * merged}. What is kept is a function of the set of objects alone: of each class and of each kind of array the instances
 * with the smallest hashes of their addresses, so neither order nor the number of workers changes it.
 *
 * <p>Not thread-safe. Memory: 24 bytes a class plus at most 64 MB, whatever the dump: when more than
 * {@value #BUDGET} addresses would be kept, fewer are kept of every class. Cost: a multiplication, a comparison and two
 * counters for an object whose class has its sample full.
 */
final class LayoutEvidence {
    /** Instances kept of a class: a majority among 128 is a majority. */
    static final int PER_CLASS = 128;

    /** Arrays kept of a kind: base offsets only show over different lengths. */
    static final int PER_ARRAY_KIND = 2048;

    private static final int LEAST_PER_CLASS = 8;
    private static final int BUDGET = 1 << 21;
    private static final long[] NONE = {};

    /** Per class: {@code [2c]} the largest hash still taken, {@code [2c+1]} the instances met. */
    private long[] state = new long[0];

    private long[][] hashes = new long[0][];
    private int[] used = new int[0];
    private int classes;
    private int perClass = PER_CLASS;
    /** Longs in all buffers together. */
    private long buffered;

    private long nextCheck = 2L * BUDGET;

    private final AddressSample[] arrays = new AddressSample[12];
    private final long[] arrayCounts = new long[12];

    private boolean any;
    private long firstAddress;
    /** Greatest common divisor of all differences, as far as it is above 8: what MAT calls the alignment. */
    private long divisor;

    LayoutEvidence() {
        for (int type : new int[] {2, 4, 5, 6, 7, 8, 9, 10, 11}) {
            arrays[type] = new AddressSample(PER_ARRAY_KIND);
        }
    }

    /** An ordinary object of the class with this index (from 0, dense). */
    void instance(int classIndex, long address) {
        object(address);
        if (classIndex >= classes) {
            grow(classIndex + 1);
        }
        int s = 2 * classIndex;
        state[s + 1]++;
        long hash = AddressSample.hash(address);
        if (hash <= state[s]) {
            keep(classIndex, hash);
        }
    }

    void objectArray(long address, long length) {
        array(2, address, length);
    }

    /** An array of primitives; a type that is none of 4 to 11 counts as an object without a size. */
    void primitiveArray(int type, long address, long length) {
        array(type, address, length);
    }

    private void array(int type, long address, long length) {
        object(address);
        if (type >= 0 && type < arrays.length && arrays[type] != null) {
            arrayCounts[type]++;
            arrays[type].add(address, length);
        }
    }

    /** Any other object: a class object, or an instance of a class that is not in the dump. */
    void object(long address) {
        if (divisor > 8 || divisor == 0) {
            difference(address);
        }
    }

    private void difference(long address) {
        if (address == 0) {
            return;
        }
        if (any) {
            divisor = gcd(divisor, Math.abs(address - firstAddress));
        } else {
            any = true;
            firstAddress = address;
        }
    }

    private static long gcd(long a, long b) {
        long x = a;
        long y = b;
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }

    private void grow(int needed) {
        int capacity = used.length;
        if (needed > capacity) {
            capacity = Math.max(needed, Math.max(64, capacity + (capacity >> 1)));
            state = Arrays.copyOf(state, 2 * capacity);
            hashes = Arrays.copyOf(hashes, capacity);
            used = Arrays.copyOf(used, capacity);
        }
        for (; classes < needed; classes++) {
            state[2 * classes] = Long.MAX_VALUE;
            hashes[classes] = NONE;
        }
    }

    private void keep(int c, long hash) {
        long[] kept = hashes[c];
        if (used[c] == kept.length) {
            if (kept.length < 2 * perClass) {
                int length = Math.min(2 * perClass, Math.max(4, kept.length * 2));
                buffered += length - kept.length;
                kept = Arrays.copyOf(kept, length);
                hashes[c] = kept;
                if (buffered > nextCheck) {
                    shrink();
                    keep(c, hash);
                    return;
                }
            } else {
                compact(c);
                if (hash > state[2 * c]) {
                    return;
                }
                kept = hashes[c];
            }
        }
        kept[used[c]++] = hash;
    }

    /** Keeps the {@code perClass} smallest different hashes of a class and room for as many more. */
    private void compact(int c) {
        long[] kept = hashes[c];
        Arrays.sort(kept, 0, used[c]);
        int n = 0;
        for (int i = 0; i < used[c]; i++) {
            if (n == 0 || kept[n - 1] != kept[i]) {
                kept[n++] = kept[i];
            }
        }
        if (n >= perClass) {
            n = perClass;
            state[2 * c] = kept[n - 1];
        }
        used[c] = n;
        if (kept.length > 2 * perClass) {
            buffered += 2L * perClass - kept.length;
            hashes[c] = Arrays.copyOf(kept, 2 * perClass);
        }
    }

    /**
     * Halves what is kept of a class until all together keep the budget. A worker sees a part of the objects, so it never
     * keeps fewer than the whole would: the result after merging does not depend on who saw what.
     */
    private void shrink() {
        long kept = compactAll();
        while (kept > BUDGET && perClass > LEAST_PER_CLASS) {
            perClass /= 2;
            kept = compactAll();
        }
        nextCheck = Math.max(2L * BUDGET, 2 * buffered);
    }

    private long compactAll() {
        long kept = 0;
        for (int c = 0; c < classes; c++) {
            compact(c);
            kept += used[c];
        }
        return kept;
    }

    /** Adds all that the other has seen; the other must not be used afterwards. */
    void merge(LayoutEvidence other) {
        if (other.classes > classes) {
            grow(other.classes);
        }
        perClass = Math.min(perClass, other.perClass);
        for (int c = 0; c < other.classes; c++) {
            state[2 * c + 1] += other.state[2 * c + 1];
            for (int i = 0; i < other.used[c]; i++) {
                if (other.hashes[c][i] <= state[2 * c]) {
                    keep(c, other.hashes[c][i]);
                }
            }
        }
        for (int t = 0; t < arrays.length; t++) {
            if (arrays[t] != null) {
                arrays[t].addAll(other.arrays[t]);
                arrayCounts[t] += other.arrayCounts[t];
            }
        }
        if (other.any) {
            difference(other.firstAddress);
            divisor = gcd(divisor, other.divisor);
        }
    }

    /** Brings the samples into their final form; called by the inference. */
    void seal() {
        shrink();
        for (AddressSample sample : arrays) {
            if (sample != null) {
                sample.compact();
            }
        }
    }

    /** Objects of this class met. */
    long instances(int classIndex) {
        return classIndex < classes ? state[2 * classIndex + 1] : 0;
    }

    /** Addresses kept of a class; meaningful once sealed. */
    int sampled(int classIndex) {
        return classIndex < classes ? used[classIndex] : 0;
    }

    /** The i-th address kept of a class, in an order that only the addresses decide. */
    long address(int classIndex, int i) {
        return AddressSample.address(hashes[classIndex][i]);
    }

    /** The arrays kept of a basic type (2 object, 4 to 11), each with its length. */
    AddressSample arrays(int type) {
        return arrays[type];
    }

    long arrayCount(int type) {
        return arrayCounts[type];
    }

    /**
     * What the sampled addresses are multiples of, from 8 to 256: the largest power of two that all but a thousandth of
     * them keep to, so that a damaged id does not decide. Meaningful once sealed.
     */
    int alignment() {
        long[] trailingZeros = new long[9];
        long objects = 0;
        for (int c = 0; c < classes; c++) {
            objects += used[c];
            for (int i = 0; i < used[c]; i++) {
                trailingZeros[Math.min(8, Long.numberOfTrailingZeros(address(c, i)))]++;
            }
        }
        for (AddressSample sample : arrays) {
            if (sample != null) {
                objects += sample.size();
                for (int i = 0; i < sample.size(); i++) {
                    trailingZeros[Math.min(8, Long.numberOfTrailingZeros(sample.addressAt(i)))]++;
                }
            }
        }
        long below = trailingZeros[0] + trailingZeros[1] + trailingZeros[2];
        for (int bits = 3; bits < 8; bits++) {
            below += trailingZeros[bits];
            if (below > objects / 1000) {
                return 1 << bits;
            }
        }
        return objects == 0 ? 8 : 256;
    }

    /** MAT's A: the greatest common divisor of the distances of all objects, 8 to 256 (hprof.md 2.5). */
    int matAlignment() {
        return (int) Math.max(8, Math.min(256, divisor));
    }
}
