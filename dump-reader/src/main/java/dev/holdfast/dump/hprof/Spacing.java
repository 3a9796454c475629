package dev.holdfast.dump.hprof;

import java.util.function.LongUnaryOperator;

/**
 * The distance from each sampled object to the next object of the dump: an upper bound of its size, and in a compacted
 * heap nearly always the size.
 *
 * <p>Immutable after construction. 8 bytes a sample of a class, 16 of an array.
 */
final class Spacing {
    /** Looking up a next address is a rank query of about 100 ns: 2^19 of them are 50 ms. */
    private static final int MOST = 1 << 19;

    private final int[] starts;
    private final long[] gaps;
    private final long[][] arrayLengths = new long[12][];
    private final long[][] arrayGaps = new long[12][];

    /**
     * Looks up the neighbours of all samples.
     *
     * @param classes how many classes there are
     * @param evidence sealed
     * @param nextAddress the address of the next object above an address, -1 or the address itself for none
     */
    Spacing(int classes, LayoutEvidence evidence, LongUnaryOperator nextAddress) {
        int each = LayoutEvidence.PER_CLASS;
        while (each > 8 && total(classes, evidence, each) > MOST) {
            each /= 2;
        }
        starts = new int[classes + 1];
        gaps = new long[(int) Math.min(Integer.MAX_VALUE - 8, total(classes, evidence, each))];
        int n = 0;
        for (int c = 0; c < classes; c++) {
            starts[c] = n;
            int take = Math.min(each, evidence.sampled(c));
            for (int i = 0; i < take && n < gaps.length; i++) {
                long address = evidence.address(c, i);
                long next = nextAddress.applyAsLong(address);
                if (isGap(address, next)) {
                    gaps[n++] = next - address;
                }
            }
        }
        starts[classes] = n;
        for (int type = 0; type < arrayGaps.length; type++) {
            AddressSample sample = evidence.arrays(type);
            if (sample != null) {
                readArrays(type, sample, nextAddress);
            }
        }
    }

    private static long total(int classes, LayoutEvidence evidence, int each) {
        long total = 0;
        for (int c = 0; c < classes; c++) {
            total += Math.min(each, evidence.sampled(c));
        }
        return total;
    }

    private void readArrays(int type, AddressSample sample, LongUnaryOperator nextAddress) {
        long[] lengths = new long[sample.size()];
        long[] distances = new long[sample.size()];
        int n = 0;
        for (int i = 0; i < sample.size(); i++) {
            long address = sample.addressAt(i);
            long next = nextAddress.applyAsLong(address);
            if (isGap(address, next)) {
                lengths[n] = sample.valueAt(i);
                distances[n++] = next - address;
            }
        }
        arrayLengths[type] = java.util.Arrays.copyOf(lengths, n);
        arrayGaps[type] = java.util.Arrays.copyOf(distances, n);
    }

    /** Whether {@code next} is an answer: some say -1 for none, some the address itself. */
    static boolean isGap(long address, long next) {
        return next != -1 && Long.compareUnsigned(next, address) > 0 && next - address > 0;
    }

    /** How many gaps there are of a class. */
    int count(int classIndex) {
        return starts[classIndex + 1] - starts[classIndex];
    }

    int matches(int classIndex, long size) {
        int matches = 0;
        for (int i = starts[classIndex]; i < starts[classIndex + 1]; i++) {
            if (gaps[i] == size) {
                matches++;
            }
        }
        return matches;
    }

    /** How many gaps of a class are smaller than a size. */
    int below(int classIndex, long size) {
        int below = 0;
        for (int i = starts[classIndex]; i < starts[classIndex + 1]; i++) {
            if (gaps[i] < size) {
                below++;
            }
        }
        return below;
    }

    /** The smallest gap of a class, Long.MAX_VALUE if there is none. */
    long least(int classIndex) {
        long least = Long.MAX_VALUE;
        for (int i = starts[classIndex]; i < starts[classIndex + 1]; i++) {
            least = Math.min(least, gaps[i]);
        }
        return least;
    }

    int arrays(int type) {
        long[] lengths = arrayLengths[type];
        return lengths == null ? 0 : lengths.length;
    }

    long arrayLength(int type, int i) {
        return arrayLengths[type][i];
    }

    long arrayGap(int type, int i) {
        return arrayGaps[type][i];
    }
}
