package dev.holdfast.heap;

import java.nio.IntBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of {@code int} values, on the Java heap or in a mapped file; zero at first.
 *
 * <p>As a rule one array or one mapping, above 2 GiB pieces of a power of two. The array has a path of its own because
 * the kernels' loops contain calls, after which the compiler loads all fields again: through a buffer that is six loads a
 * value and made the walks of the graph 2 to 3 times slower. Safe for use by several threads as an array is. Memory: 4 bytes a value.
 */
public sealed class IntColumn permits CheckedIntColumn {
    private final long size;
    private final int @Nullable [] array;
    private final @Nullable IntBuffer single;
    private final IntBuffer[] chunks;
    private final int shift;
    private final int mask;

    /**
     * Wraps buffers.
     *
     * @param single the only buffer, or null if there are several
     * @param chunks the buffers if there are several, all but the last of {@code chunk} values
     * @param chunk a power of two
     */
    IntColumn(long size, @Nullable IntBuffer single, IntBuffer[] chunks, int chunk) {
        this.size = size;
        this.array = single != null && single.hasArray() && single.arrayOffset() == 0 ? single.array() : null;
        this.single = single;
        this.chunks = chunks;
        this.shift = Integer.numberOfTrailingZeros(chunk);
        this.mask = chunk - 1;
    }

    /** How many values there are. */
    public long size() {
        return size;
    }

    /** The value at the index. */
    public int get(long index) {
        int[] values = array;
        return values != null ? values[(int) index] : getBuffered(index);
    }

    int getBuffered(long index) {
        IntBuffer buffer = single;
        return buffer != null ? buffer.get((int) index) : chunks[(int) (index >>> shift)].get((int) index & mask);
    }

    /** Replaces the value at the index. */
    public void set(long index, int value) {
        int[] values = array;
        if (values != null) {
            values[(int) index] = value;
        } else {
            setBuffered(index, value);
        }
    }

    private void setBuffered(long index, int value) {
        IntBuffer buffer = single;
        if (buffer != null) {
            buffer.put((int) index, value);
        } else {
            chunks[(int) (index >>> shift)].put((int) index & mask, value);
        }
    }

    /** Copies values out of a buffer, whose position does not matter and stays. */
    void put(long index, IntBuffer source, int from, int count) {
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

    /** What to throw if the value at the index contradicts others. */
    RuntimeException inconsistent(long index) {
        return new IllegalStateException("value " + index + " of a column contradicts others");
    }

    /** The values themselves if they are one array, for other columns made of this one. */
    int @Nullable [] array() {
        return array;
    }

    List<IntBuffer> buffers() {
        return single != null ? List.of(single) : List.of(chunks);
    }
}
