package dev.holdfast.heap;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An append-only sequence of {@code int} values that grows by pieces and never copies; its pieces can be given back one by
 * one while it is read.
 *
 * <p>Used by one thread. Memory: 4 bytes a value and at most one piece of 256 KiB unused.
 */
final class IntSpool {
    private static final int SMALLEST = 1 << 10;
    private static final int LARGEST = (1 << 18) / Integer.BYTES;

    private final ColumnStore store;
    private final int largest;
    private final List<IntBuffer> pieces = new ArrayList<>();
    private IntBuffer tail = IntBuffer.allocate(0);
    private int @Nullable [] tailArray;
    private int used;
    private int limit;
    private long before;

    /** An empty spool with pieces from the store. */
    IntSpool(ColumnStore store) {
        this(store, LARGEST);
    }

    /** For tests: with smaller pieces. */
    IntSpool(ColumnStore store, int largestPiece) {
        this.store = store;
        this.largest = largestPiece;
    }

    /** How many values there are. */
    long size() {
        return before + used;
    }

    /** Appends a value. */
    void add(int value) {
        if (used == limit) {
            grow();
        }
        int[] values = tailArray;
        if (values != null) {
            values[used++] = value;
        } else {
            tail.put(used++, value);
        }
    }

    /** Appends the values from one index of an array to before another. */
    void add(int[] values, int from, int to) {
        for (int i = from; i < to; ) {
            if (used == limit) {
                grow();
            }
            int step = Math.min(to - i, limit - used);
            tail.put(used, values, i, step);
            used += step;
            i += step;
        }
    }

    private static int @Nullable [] arrayOf(IntBuffer piece) {
        return piece.hasArray() && piece.arrayOffset() == 0 ? piece.array() : null;
    }

    private void grow() {
        before += used;
        limit = (int) Math.min(largest, Math.max(SMALLEST, Long.highestOneBit(before)));
        used = 0;
        tail = store.intPiece(limit);
        tailArray = arrayOf(tail);
        pieces.add(tail);
    }

    /** Reads from the beginning. With {@code consume} each piece is given back once it was read, and the spool is spent. */
    Reader read(boolean consume) {
        return new Reader(consume);
    }

    /** Reads from the end; each piece is given back once it was read, and the spool is spent. */
    BackwardReader readBackward() {
        return new BackwardReader();
    }

    /** Gives all pieces back; the spool is empty then. */
    void release() {
        for (IntBuffer piece : pieces) {
            store.recycle(piece);
        }
        pieces.clear();
        tail = IntBuffer.allocate(0);
        tailArray = null;
        used = 0;
        limit = 0;
        before = 0;
    }

    /** Reads the spool once, front to back. */
    final class Reader {
        private final boolean consume;
        private final long size = size();
        private int piece = -1;
        private IntBuffer buffer = IntBuffer.allocate(0);
        private int @Nullable [] array;
        private int at;
        private int end;
        private long passed;

        private Reader(boolean consume) {
            this.consume = consume;
        }

        /** How many values are still to come. */
        long remaining() {
            return size - passed - at;
        }

        /** The next value; there must be one. */
        int next() {
            if (at == end) {
                turn();
            }
            int[] values = array;
            return values != null ? values[at++] : buffer.get(at++);
        }

        /** Copies the next values into an array; returns how many, 0 at the end. */
        int next(int[] into) {
            int count = (int) Math.min(into.length, remaining());
            for (int done = 0; done < count; ) {
                if (at == end) {
                    turn();
                }
                int step = Math.min(count - done, end - at);
                buffer.get(at, into, done, step);
                at += step;
                done += step;
            }
            return count;
        }

        /** Passes over values. */
        void skip(long count) {
            long left = count;
            while (left > 0) {
                if (at == end) {
                    turn();
                }
                int step = (int) Math.min(left, end - at);
                at += step;
                left -= step;
            }
        }

        /** Copies the next values into a column. */
        void copyTo(IntColumn column, long index, long count) {
            long to = index;
            long left = count;
            while (left > 0) {
                if (at == end) {
                    turn();
                }
                int step = (int) Math.min(left, end - at);
                column.put(to, buffer, at, step);
                at += step;
                to += step;
                left -= step;
            }
        }

        /** Gives back what is left; with {@code consume} only. */
        void finish() {
            if (consume) {
                release();
            }
        }

        private void turn() {
            if (remaining() <= 0) {
                throw new IndexOutOfBoundsException("read past the end of a spool of " + size);
            }
            passed += end;
            if (consume && piece >= 0) {
                store.recycle(pieces.get(piece));
                pieces.set(piece, IntBuffer.allocate(0));
            }
            piece++;
            buffer = pieces.get(piece);
            array = arrayOf(buffer);
            at = 0;
            end = (int) Math.min(buffer.capacity(), size - passed);
        }
    }

    /** Reads the spool once, back to front. */
    final class BackwardReader {
        private final int last = pieces.size() - 1;
        private int piece = pieces.size();
        private IntBuffer buffer = IntBuffer.allocate(0);
        private int left;

        private BackwardReader() {}

        /** Copies values that come before those already read into an array, in their order; returns how many, 0 at the end. */
        int previous(int[] into) {
            if (left == 0 && !turn()) {
                return 0;
            }
            int count = Math.min(into.length, left);
            left -= count;
            buffer.get(left, into, 0, count);
            return count;
        }

        private boolean turn() {
            if (piece <= last) {
                store.recycle(pieces.remove(piece));
            }
            if (piece == 0) {
                release();
                return false;
            }
            piece--;
            buffer = pieces.get(piece);
            left = piece == last ? used : buffer.capacity();
            return true;
        }
    }
}
