package dev.holdfast.heap;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Values of a mapped index, checked as they are read. */
final class CheckedByteColumn extends ByteColumn {
    private final ColumnCheck check;

    CheckedByteColumn(long size, @Nullable ByteBuffer single, ByteBuffer[] chunks, int chunk, ColumnCheck check) {
        super(size, single, chunks, chunk);
        this.check = check;
    }

    @Override
    byte getBuffered(long index) {
        if (index < 0 || index >= size()) {
            throw check.beyond(index, size());
        }
        byte value = super.getBuffered(index);
        if (value < check.low() || value > check.high()) {
            throw check.damaged(index, 1, value);
        }
        return value;
    }
}
