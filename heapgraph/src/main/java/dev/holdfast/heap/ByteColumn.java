package dev.holdfast.heap;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of {@code byte} values, on the Java heap or in a mapped file; zero at first.
 *
 * <p>As a rule one array or one mapping, above 2 GiB pieces of a power of two. The array has a path of its own because
 * the kernels' loops contain calls, after which the compiler loads all fields again: through a buffer that is six loads a
 * value and made the walks of the graph 2 to 3 times slower. Safe for use by several threads as an array is. Memory: 1 byte a value.
 */
sealed class ByteColumn permits CheckedByteColumn {
    private final long size;
    private final byte @Nullable [] array;
    private final @Nullable ByteBuffer single;
    private final ByteBuffer[] chunks;
    private final int shift;
    private final int mask;

    /**
     * Wraps buffers.
     *
     * @param single the only buffer, or null if there are several
     * @param chunks the buffers if there are several, all but the last of {@code chunk} values
     * @param chunk a power of two
     */
    ByteColumn(long size, @Nullable ByteBuffer single, ByteBuffer[] chunks, int chunk) {
        this.size = size;
        this.array = single != null && single.hasArray() && single.arrayOffset() == 0 ? single.array() : null;
        this.single = single;
        this.chunks = chunks;
        this.shift = Integer.numberOfTrailingZeros(chunk);
        this.mask = chunk - 1;
    }

    /** How many values there are. */
    long size() {
        return size;
    }

    /** The value at the index. */
    byte get(long index) {
        byte[] values = array;
        return values != null ? values[(int) index] : getBuffered(index);
    }

    byte getBuffered(long index) {
        ByteBuffer buffer = single;
        return buffer != null ? buffer.get((int) index) : chunks[(int) (index >>> shift)].get((int) index & mask);
    }

    /** Replaces the value at the index. */
    void set(long index, byte value) {
        byte[] values = array;
        if (values != null) {
            values[(int) index] = value;
        } else {
            setBuffered(index, value);
        }
    }

    private void setBuffered(long index, byte value) {
        ByteBuffer buffer = single;
        if (buffer != null) {
            buffer.put((int) index, value);
        } else {
            chunks[(int) (index >>> shift)].put((int) index & mask, value);
        }
    }

    /** Copies values out of a buffer, whose position does not matter and stays. */
    void put(long index, ByteBuffer source, int from, int count) {
        if (single != null) {
            single.put((int) index, source, from, count);
            return;
        }
        long at = index;
        int next = from;
        int left = count;
        while (left > 0) {
            int inChunk = (int) at & mask;
            int step = Math.min(left, mask + 1 - inChunk);
            chunks[(int) (at >>> shift)].put(inChunk, source, next, step);
            at += step;
            next += step;
            left -= step;
        }
    }

    List<ByteBuffer> buffers() {
        return single != null ? List.of(single) : List.of(chunks);
    }
}
