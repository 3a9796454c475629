package dev.holdfast.dump.gotypes;

import java.util.Arrays;

/** Memory outside the heap whose variables are followed: package variables, stacks; immutable. */
final class Ranges {
    private final long[] starts;
    private final long[] ends;

    /** Ranges as pairs of start and end; they may overlap. */
    Ranges(long[] pairs) {
        long[][] sorted = new long[pairs.length / 2][];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = new long[] {pairs[2 * i], pairs[2 * i + 1]};
        }
        Arrays.sort(sorted, (a, b) -> Long.compareUnsigned(a[0], b[0]));
        long[] from = new long[sorted.length];
        long[] to = new long[sorted.length];
        int n = 0;
        for (long[] range : sorted) {
            if (n > 0 && Long.compareUnsigned(range[0], to[n - 1]) <= 0) {
                to[n - 1] = Long.compareUnsigned(range[1], to[n - 1]) > 0 ? range[1] : to[n - 1];
            } else if (Long.compareUnsigned(range[0], range[1]) < 0) {
                from[n] = range[0];
                to[n++] = range[1];
            }
        }
        starts = Arrays.copyOf(from, n);
        ends = Arrays.copyOf(to, n);
    }

    /** The end of the range that has the address, or 0. */
    long endAt(long address) {
        int low = 0;
        int high = starts.length - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(starts[middle], address) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high >= 0 && Long.compareUnsigned(address, ends[high]) < 0 ? ends[high] : 0;
    }
}
