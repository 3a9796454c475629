package dev.holdfast.heap;

import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/** Values of a mapped index, checked as they are read. */
final class CheckedLongColumn extends LongColumn {
    private final ColumnCheck check;
    private final boolean ascending;

    CheckedLongColumn(long size, @Nullable LongBuffer single, LongBuffer[] chunks, int chunk, ColumnCheck check) {
        super(size, single, chunks, chunk);
        this.check = check;
        this.ascending = check.order() == ColumnCheck.Order.ASCENDING;
    }

    @Override
    long getBuffered(long index) {
        if (index < 0 || index >= size()) {
            throw check.beyond(index, size());
        }
        long value = super.getBuffered(index);
        if (value < check.low()
                || value > check.high()
                || ascending && index > 0 && super.getBuffered(index - 1) > value) {
            throw check.damaged(index, Long.BYTES, value);
        }
        return value;
    }

    @Override
    RuntimeException inconsistent(long index) {
        return check.damaged(index, Long.BYTES, super.getBuffered(index));
    }
}
