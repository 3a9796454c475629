package dev.holdfast.heap;

import java.io.Closeable;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Allocates the columns that hold everything about the heap, either on the Java heap or in mapped scratch files.
 *
 * <p>Released columns go into a pool from which columns of the same shape are taken: the stages of the graph need arrays
 * of one length again and again, and neither Java 17's mappings nor a big array in an old generation can be given back
 * at a chosen moment. {@link #trim} empties the pool of heap arrays.
 *
 * <p>Scratch files are gone at {@link #close} at the latest, see {@link ScratchFiles}. Thread-safe; the columns themselves are as safe as arrays. Memory: what {@link #bytes} says, plus about 100 bytes a column.
 */
final class ColumnStore implements Closeable {
    /** A buffer may not be larger than this; Java addresses a mapping with an {@code int}. */
    private static final long LARGEST_BUFFER = Integer.MAX_VALUE - 0xfffL;

    /** Columns above the largest buffer are cut into pieces of this size; random reads then cost about 1.5 times. */
    private static final int CHUNK_BYTES = 1 << 30;

    /** Pieces up to this size share scratch files, so that a spool of many pieces is one file and not thousands. */
    private static final int SHARED_FILE_BYTES = 1 << 26;

    /** The first of them is small, as all of a small dump fits in it and every byte is written; each is twice the last. */
    private static final int FIRST_SHARED_BYTES = 1 << 18;

    /** Smaller arrays on the heap are left to the collector. */
    private static final int SMALLEST_POOLED = 1 << 20;

    private static final long NONE_ON_HEAP = -1;

    private final @Nullable ScratchFiles scratch;
    /** Bytes up to which new buffers are arrays where there is a folder. */
    private final long heapBytes;

    private final long largestBuffer;
    private final int chunkBytes;
    private final Map<Long, ArrayDeque<Buffer>> pool = new HashMap<>();
    private @Nullable ByteBuffer shared;
    private int sharedBytes = FIRST_SHARED_BYTES;
    private long bytes;
    private long peakBytes;
    private boolean closed;

    private ColumnStore(@Nullable Path folder, long heapBytes, long largestBuffer, int chunkBytes) {
        this.scratch = folder == null ? null : new ScratchFiles(folder);
        this.heapBytes = heapBytes;
        this.largestBuffer = largestBuffer;
        this.chunkBytes = chunkBytes;
    }

    /** Columns are arrays on the Java heap. */
    static ColumnStore onHeap() {
        return new ColumnStore(null, Long.MAX_VALUE, LARGEST_BUFFER, CHUNK_BYTES);
    }

    /** Columns are mapped scratch files in the folder, which must exist. */
    static ColumnStore mapped(Path folder) {
        return new ColumnStore(folder, NONE_ON_HEAP, LARGEST_BUFFER, CHUNK_BYTES);
    }

    /** Columns are arrays up to so many bytes together, then mapped scratch files in the folder, which must exist. */
    static ColumnStore spilling(Path folder, long heapBytes) {
        return new ColumnStore(folder, heapBytes, LARGEST_BUFFER, CHUNK_BYTES);
    }

    /** For tests: cuts columns into pieces of so many bytes, a power of two. */
    static ColumnStore chunked(@Nullable Path folder, int chunkBytes) {
        if (Integer.bitCount(chunkBytes) != 1 || chunkBytes < Long.BYTES) {
            throw new IllegalArgumentException("chunk of " + chunkBytes + " bytes");
        }
        return new ColumnStore(folder, folder == null ? Long.MAX_VALUE : NONE_ON_HEAP, chunkBytes - 1L, chunkBytes);
    }

    /** Whether all columns live in scratch files. */
    boolean mapped() {
        return heapBytes == NONE_ON_HEAP;
    }

    /** A column of zeros. */
    IntColumn ints(long size) {
        if (size * Integer.BYTES <= largestBuffer) {
            return new IntColumn(size, (IntBuffer) zeroed(Width.INT, (int) size), new IntBuffer[0], 0);
        }
        int chunk = chunkBytes / Integer.BYTES;
        IntBuffer[] chunks = new IntBuffer[chunkCount(size, chunk)];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = (IntBuffer) zeroed(Width.INT, (int) Math.min(chunk, size - (long) i * chunk));
        }
        return new IntColumn(size, null, chunks, chunk);
    }

    /** A column of zeros. */
    LongColumn longs(long size) {
        if (size * Long.BYTES <= largestBuffer) {
            return new LongColumn(size, (LongBuffer) zeroed(Width.LONG, (int) size), new LongBuffer[0], 0);
        }
        int chunk = chunkBytes / Long.BYTES;
        LongBuffer[] chunks = new LongBuffer[chunkCount(size, chunk)];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = (LongBuffer) zeroed(Width.LONG, (int) Math.min(chunk, size - (long) i * chunk));
        }
        return new LongColumn(size, null, chunks, chunk);
    }

    /** A column of zeros. */
    ByteColumn bytes(long size) {
        if (size <= largestBuffer) {
            return new ByteColumn(size, (ByteBuffer) zeroed(Width.BYTE, (int) size), new ByteBuffer[0], 0);
        }
        ByteBuffer[] chunks = new ByteBuffer[chunkCount(size, chunkBytes)];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = (ByteBuffer) zeroed(Width.BYTE, (int) Math.min(chunkBytes, size - (long) i * chunkBytes));
        }
        return new ByteColumn(size, null, chunks, chunkBytes);
    }

    /** Takes the column's memory back; the column must not be used any more. */
    void release(IntColumn column) {
        column.buffers().forEach(this::recycle);
    }

    /** Takes the column's memory back; the column must not be used any more. */
    void release(LongColumn column) {
        column.buffers().forEach(this::recycle);
    }

    /** Takes the column's memory back; the column must not be used any more. */
    void release(ByteColumn column) {
        column.buffers().forEach(this::recycle);
    }

    /** Takes the column's memory back; the column must not be used any more. */
    void release(UnsignedColumn column) {
        column.buffers().forEach(this::recycle);
    }

    /** A buffer of any contents, for a spool. */
    IntBuffer intPiece(int size) {
        return (IntBuffer) take(Width.INT, size);
    }

    /** A buffer of any contents, for a spool. */
    LongBuffer longPiece(int size) {
        return (LongBuffer) take(Width.LONG, size);
    }

    /** A buffer of any contents, for a spool. */
    ByteBuffer bytePiece(int size) {
        return (ByteBuffer) take(Width.BYTE, size);
    }

    /** Gives a buffer back that nobody uses any more. */
    synchronized void recycle(Buffer buffer) {
        long size = (long) buffer.capacity() * Width.of(buffer).bytes;
        bytes -= size;
        if (!buffer.isDirect() && size < SMALLEST_POOLED) {
            return;
        }
        pool.computeIfAbsent(Width.of(buffer).key(buffer.capacity()), k -> new ArrayDeque<>())
                .push(buffer);
    }

    /** Lets the collector have the pooled heap arrays. Pooled mappings stay: they cannot be unmapped on Java 17. */
    synchronized void trim() {
        if (!mapped()) {
            pool.clear();
        }
    }

    /**
     * The same, but for one column of so many {@code int} values, if there is such a one: it is wanted again soon, and a
     * new array would have the collector look at all others first.
     */
    synchronized void trimToOne(long size) {
        if (!mapped()) {
            long key = Width.INT.key((int) Math.min(Integer.MAX_VALUE, size));
            ArrayDeque<Buffer> free = pool.getOrDefault(key, new ArrayDeque<>());
            while (free.size() > 1) {
                free.poll();
            }
            pool.keySet().retainAll(Set.of(key));
        }
    }

    /** Bytes in columns and spools now, without the pool. */
    synchronized long bytes() {
        return bytes;
    }

    /** The most that {@link #bytes} ever was. */
    synchronized long peakBytes() {
        return peakBytes;
    }

    /** Deletes the scratch files that could not be unlinked before. The columns must not be used any more. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        pool.clear();
        shared = null;
        if (scratch != null) {
            scratch.close();
        }
    }

    private static int chunkCount(long size, int chunk) {
        return Math.toIntExact((size + chunk - 1) / chunk);
    }

    private Buffer zeroed(Width width, int size) {
        Buffer pooled = pooled(width, size);
        if (pooled == null) {
            return fresh(width, size);
        }
        width.clear(pooled);
        return pooled;
    }

    private Buffer take(Width width, int size) {
        Buffer pooled = pooled(width, size);
        return pooled != null ? pooled : fresh(width, size);
    }

    private synchronized @Nullable Buffer pooled(Width width, int size) {
        if (closed) {
            throw new IllegalStateException("the column store is closed");
        }
        ArrayDeque<Buffer> free = pool.get(width.key(size));
        Buffer buffer = free == null ? null : free.poll();
        if (buffer != null) {
            count(width, size);
        }
        return buffer;
    }

    private synchronized void count(Width width, int size) {
        bytes += (long) size * width.bytes;
        peakBytes = Math.max(peakBytes, bytes);
    }

    private Buffer fresh(Width width, int size) {
        long needed = (long) size * width.bytes;
        ScratchFiles files = scratch;
        Buffer buffer =
                files == null || bytes() + needed <= heapBytes ? width.onHeap(size) : width.view(map(files, needed));
        count(width, size);
        return buffer;
    }

    private synchronized ByteBuffer map(ScratchFiles files, long size) {
        if (size > SHARED_FILE_BYTES / 16) {
            return files.map(size);
        }
        ByteBuffer file = shared;
        int aligned = (int) (size + 7) & ~7;
        if (file == null || file.remaining() < aligned) {
            file = files.map(Math.max(sharedBytes, aligned));
            shared = file;
            sharedBytes = Math.min(SHARED_FILE_BYTES, sharedBytes * 2);
        }
        ByteBuffer piece = file.slice(file.position(), (int) size);
        file.position(file.position() + aligned);
        return piece;
    }

    private enum Width {
        BYTE(1),
        INT(Integer.BYTES),
        LONG(Long.BYTES);

        private static final int ZEROS = 1 << 12;

        final int bytes;

        Width(int bytes) {
            this.bytes = bytes;
        }

        static Width of(Buffer buffer) {
            return buffer instanceof IntBuffer ? INT : buffer instanceof LongBuffer ? LONG : BYTE;
        }

        long key(int size) {
            return (long) size << 4 | bytes;
        }

        Buffer onHeap(int size) {
            return switch (this) {
                case BYTE -> ByteBuffer.allocate(size);
                case INT -> IntBuffer.allocate(size);
                case LONG -> LongBuffer.allocate(size);
            };
        }

        Buffer view(ByteBuffer mapped) {
            ByteBuffer ordered = mapped.order(ByteOrder.nativeOrder());
            return switch (this) {
                case BYTE -> ordered;
                case INT -> ordered.asIntBuffer();
                case LONG -> ordered.asLongBuffer();
            };
        }

        void clear(Buffer buffer) {
            int size = buffer.capacity();
            switch (this) {
                case BYTE -> {
                    byte[] zeros = new byte[Math.min(size, ZEROS)];
                    for (int at = 0; at < size; at += ZEROS) {
                        ((ByteBuffer) buffer).put(at, zeros, 0, Math.min(ZEROS, size - at));
                    }
                }
                case INT -> {
                    int[] zeros = new int[Math.min(size, ZEROS)];
                    for (int at = 0; at < size; at += ZEROS) {
                        ((IntBuffer) buffer).put(at, zeros, 0, Math.min(ZEROS, size - at));
                    }
                }
                case LONG -> {
                    long[] zeros = new long[Math.min(size, ZEROS)];
                    for (int at = 0; at < size; at += ZEROS) {
                        ((LongBuffer) buffer).put(at, zeros, 0, Math.min(ZEROS, size - at));
                    }
                }
            }
        }
    }
}
