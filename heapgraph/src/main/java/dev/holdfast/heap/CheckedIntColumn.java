package dev.holdfast.heap;

import java.nio.IntBuffer;
import org.jspecify.annotations.Nullable;

/** Values of a mapped index, checked as they are read. */
final class CheckedIntColumn extends IntColumn {
    private final ColumnCheck check;
    private final int low;
    private final int span;
    private final boolean ascending;
    private final boolean belowPlace;

    /** The check's values are from 0 to 2^32 - 1, or all of an {@code int}. */
    CheckedIntColumn(long size, @Nullable IntBuffer single, IntBuffer[] chunks, int chunk, ColumnCheck check) {
        super(size, single, chunks, chunk);
        this.check = check;
        boolean any = check.low() == Long.MIN_VALUE;
        this.low = any ? 0 : (int) check.low();
        this.span = any ? -1 : (int) (check.high() - check.low());
        this.ascending = check.order() == ColumnCheck.Order.ASCENDING;
        this.belowPlace = check.order() == ColumnCheck.Order.BELOW_PLACE;
    }

    @Override
    int getBuffered(long index) {
        if (index < 0 || index >= size()) {
            throw check.beyond(index, size());
        }
        int value = super.getBuffered(index);
        if (Integer.compareUnsigned(value - low, span) > 0
                || ascending && index > 0 && Integer.compareUnsigned(super.getBuffered(index - 1), value) > 0
                || belowPlace && value >= index) {
            throw check.damaged(index, Integer.BYTES, value);
        }
        return value;
    }

    @Override
    RuntimeException inconsistent(long index) {
        return check.damaged(index, Integer.BYTES, super.getBuffered(index));
    }
}
