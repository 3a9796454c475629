package dev.holdfast.heap;

import java.nio.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of unsigned values: 4 bytes each if all are below 2^32, else 8.
 *
 * <p>For edge offsets and retained sizes: of the heaps that people dump most have fewer than 2^32 edges and many fewer
 * than 2^32 bytes, and there this halves the column. Safe for use by several threads as an array is.
 */
final class UnsignedColumn {
    private static final long INT_MASK = 0xffff_ffffL;

    private final int @Nullable [] array;
    private final @Nullable IntColumn narrow;
    private final @Nullable LongColumn wide;

    private UnsignedColumn(@Nullable IntColumn narrow, @Nullable LongColumn wide) {
        this.array = narrow == null ? null : narrow.array();
        this.narrow = narrow;
        this.wide = wide;
    }

    /** A column of zeros that can hold values up to {@code largest}. */
    static UnsignedColumn of(ColumnStore store, long size, long largest) {
        return Long.compareUnsigned(largest, INT_MASK) <= 0
                ? new UnsignedColumn(store.ints(size), null)
                : new UnsignedColumn(null, store.longs(size));
    }

    /** A column whose values are there already, each read as one that is not negative. */
    static UnsignedColumn over(IntColumn values) {
        return new UnsignedColumn(values, null);
    }

    /** A column whose values are there already. */
    static UnsignedColumn over(LongColumn values) {
        return new UnsignedColumn(null, values);
    }

    /** How many values there are. */
    long size() {
        return narrow != null ? narrow.size() : wide().size();
    }

    /** The value at the index. */
    long get(long index) {
        int[] values = array;
        return values != null ? values[(int) index] & INT_MASK : getElsewhere(index);
    }

    private long getElsewhere(long index) {
        IntColumn ints = narrow;
        return ints != null ? ints.get(index) & INT_MASK : wide().get(index);
    }

    /** Replaces the value at the index. */
    void set(long index, long value) {
        int[] values = array;
        if (values != null) {
            values[(int) index] = (int) value;
        } else {
            setElsewhere(index, value);
        }
    }

    private void setElsewhere(long index, long value) {
        IntColumn ints = narrow;
        if (ints != null) {
            ints.set(index, (int) value);
        } else {
            wide().set(index, value);
        }
    }

    /** Adds to the value at the index. */
    void add(long index, long value) {
        set(index, get(index) + value);
    }

    List<? extends Buffer> buffers() {
        return narrow != null ? narrow.buffers() : wide().buffers();
    }

    private LongColumn wide() {
        LongColumn longs = wide;
        if (longs == null) {
            throw new AssertionError("neither narrow nor wide");
        }
        return longs;
    }
}
