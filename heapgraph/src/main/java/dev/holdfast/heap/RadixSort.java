package dev.holdfast.heap;

/** Sorts columns that may not be on the Java heap. */
final class RadixSort {
    private static final int DIGIT_BITS = 11;
    private static final int DIGITS = 1 << DIGIT_BITS;

    private RadixSort() {}

    /**
     * Sorts ascending unsigned and stable.
     *
     * <p>Digits in which all values agree are passed over, so that addresses of one heap cost three or four passes. Takes
     * a second column of the same size.
     *
     * @param column is given back to the store unless it is the one returned
     * @return the column that has the sorted values
     */
    static LongColumn unsigned(ColumnStore store, LongColumn column) {
        long size = column.size();
        if (size < 2 || sorted(column)) {
            return column;
        }
        LongColumn from = column;
        LongColumn to = store.longs(size);
        for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
            long[] starts = new long[DIGITS];
            for (long i = 0; i < size; i++) {
                starts[(int) (from.get(i) >>> shift) & (DIGITS - 1)]++;
            }
            if (starts[(int) (from.get(0) >>> shift) & (DIGITS - 1)] == size) {
                continue;
            }
            long sum = 0;
            for (int d = 0; d < DIGITS; d++) {
                long count = starts[d];
                starts[d] = sum;
                sum += count;
            }
            for (long i = 0; i < size; i++) {
                long value = from.get(i);
                to.set(starts[(int) (value >>> shift) & (DIGITS - 1)]++, value);
            }
            LongColumn swap = from;
            from = to;
            to = swap;
        }
        store.release(to);
        return from;
    }

    private static boolean sorted(LongColumn column) {
        long before = column.get(0);
        for (long i = 1; i < column.size(); i++) {
            long value = column.get(i);
            if (Long.compareUnsigned(before, value) > 0) {
                return false;
            }
            before = value;
        }
        return true;
    }
}
