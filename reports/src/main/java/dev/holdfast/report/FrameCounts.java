package dev.holdfast.report;

import java.util.Arrays;

/**
 * Objects and bytes by frame, type and reachability.
 *
 * <p>Not thread-safe: one a worker, then {@link #addAll}. 21 bytes a frame for the first (type, reachability) added to it,
 * since nearly all frames have no other, and 33 for each further one; nothing is allocated per object.
 */
final class FrameCounts {
    private int[] type = new int[64];
    private byte[] reachability = new byte[64];
    private long[] count = new long[64];
    private long[] bytes = new long[64];
    /** All frames with objects are below. */
    private int frames;

    /** The others: (frame, type, reachability), with count and bytes by row. */
    private final TripleIndex further = new TripleIndex();

    private long[] furtherCount = new long[64];
    private long[] furtherBytes = new long[64];

    /** Adds objects of one type and reachability at a frame. */
    void add(int frame, int typeId, int held, long objects, long size) {
        if (frame >= frames) {
            grow(frame);
        }
        if (count[frame] == 0) {
            type[frame] = typeId;
            reachability[frame] = (byte) held;
        } else if (type[frame] != typeId || reachability[frame] != held) {
            addFurther(frame, typeId, held, objects, size);
            return;
        }
        count[frame] += objects;
        bytes[frame] += size;
    }

    /** Adds all that another one counted. */
    void addAll(FrameCounts other) {
        for (int row = 0; row < other.rows(); row++) {
            if (other.count(row) > 0) {
                add(other.frame(row), other.type(row), other.reachability(row), other.count(row), other.bytes(row));
            }
        }
    }

    /** The number of rows, among which are empty ones: frames without objects. */
    int rows() {
        return frames + further.size();
    }

    int frame(int row) {
        return row < frames ? row : further.first(row - frames);
    }

    int type(int row) {
        return row < frames ? type[row] : further.second(row - frames);
    }

    int reachability(int row) {
        return row < frames ? reachability[row] : further.third(row - frames);
    }

    long count(int row) {
        return row < frames ? count[row] : furtherCount[row - frames];
    }

    long bytes(int row) {
        return row < frames ? bytes[row] : furtherBytes[row - frames];
    }

    private void grow(int frame) {
        if (frame >= type.length) {
            int capacity = Math.max(frame + 1, Columns.grown(type.length));
            type = Arrays.copyOf(type, capacity);
            reachability = Arrays.copyOf(reachability, capacity);
            count = Arrays.copyOf(count, capacity);
            bytes = Arrays.copyOf(bytes, capacity);
        }
        frames = frame + 1;
    }

    private void addFurther(int frame, int typeId, int held, long objects, long size) {
        int row = further.findOrAdd(frame, typeId, held);
        if (row >= furtherCount.length) {
            int capacity = Columns.grown(furtherCount.length);
            furtherCount = Arrays.copyOf(furtherCount, capacity);
            furtherBytes = Arrays.copyOf(furtherBytes, capacity);
        }
        furtherCount[row] += objects;
        furtherBytes[row] += size;
    }
}
