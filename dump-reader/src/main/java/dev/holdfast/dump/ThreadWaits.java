package dev.holdfast.dump;

import java.util.Arrays;

/**
 * What threads wait for, as columns; immutable.
 *
 * <p>Columns rather than lists, because a leak of goroutines leaves a million that wait: about 30 bytes each here.
 */
public final class ThreadWaits {
    /** Of a format that does not record what threads wait for: nothing is known of any. */
    public static final ThreadWaits NONE = new Builder().build();

    private static final Kind[] KINDS = Kind.values();

    /** How a thread waits. */
    public enum Kind {
        /** It runs, or waits for something outside the heap: time, a file, a connection, the runtime itself. */
        FREE,
        /** It may wait for an object, but the dump does not tell which. */
        UNKNOWN,
        /** It waits for any one of {@link #object}. */
        OBJECTS,
        /** Nothing can wake it, by definition: a nil channel, a select without cases. */
        FOREVER
    }

    private final byte[] kinds;
    private final int[] firstObject;
    private final long[] objects;
    private final int[] firstRecord;
    private final long[] records;

    private ThreadWaits(Builder builder) {
        kinds = Arrays.copyOf(builder.kinds, builder.threads);
        firstObject = Arrays.copyOf(builder.firstObject, builder.threads + 1);
        objects = Arrays.copyOf(builder.objects, builder.objectCount);
        firstRecord = Arrays.copyOf(builder.firstRecord, builder.threads + 1);
        records = Arrays.copyOf(builder.records, builder.recordCount);
    }

    /** How many threads something is said of, from the first of {@link DumpFile#threads()} on; nothing is known of others. */
    public int threads() {
        return kinds.length;
    }

    /** How a thread waits, by its index in {@link DumpFile#threads()}. */
    public Kind kind(int thread) {
        return thread < kinds.length ? KINDS[kinds[thread]] : Kind.UNKNOWN;
    }

    /** How many objects may wake a thread. */
    public int objectCount(int thread) {
        return thread < kinds.length ? firstObject[thread + 1] - firstObject[thread] : 0;
    }

    /** Address of a channel, or of the semaphore in a lock, which may lie within an object and outside the heap. */
    public long object(int thread, int position) {
        return objects[firstObject[thread] + position];
    }

    /** How many objects of the runtime record that a thread waits. */
    public int recordCount(int thread) {
        return thread < kinds.length ? firstRecord[thread + 1] - firstRecord[thread] : 0;
    }

    /**
     * Address of an object in which the runtime records that the thread waits. That it refers to the thread and to what
     * that waits for keeps neither in use.
     */
    public long record(int thread, int position) {
        return records[firstRecord[thread] + position];
    }

    /** Collects waits, thread by thread; used by one thread. */
    public static final class Builder {
        private byte[] kinds = new byte[16];
        private int[] firstObject = new int[17];
        private long[] objects = new long[16];
        private int[] firstRecord = new int[17];
        private long[] records = new long[16];
        private int threads;
        private int objectCount;
        private int recordCount;

        /** The next thread; what it waits for follows. */
        public Builder thread(Kind kind) {
            if (threads == kinds.length) {
                kinds = Arrays.copyOf(kinds, 2 * threads);
                firstObject = Arrays.copyOf(firstObject, 2 * threads + 1);
                firstRecord = Arrays.copyOf(firstRecord, 2 * threads + 1);
            }
            kinds[threads++] = (byte) kind.ordinal();
            firstObject[threads] = objectCount;
            firstRecord[threads] = recordCount;
            return this;
        }

        /** Something that may wake the thread added last. */
        public Builder object(long address) {
            if (objectCount == objects.length) {
                objects = Arrays.copyOf(objects, 2 * objectCount);
            }
            objects[objectCount++] = address;
            firstObject[threads] = objectCount;
            return this;
        }

        /** A record of the runtime about the thread added last. */
        public Builder record(long address) {
            if (recordCount == records.length) {
                records = Arrays.copyOf(records, 2 * recordCount);
            }
            records[recordCount++] = address;
            firstRecord[threads] = recordCount;
            return this;
        }

        /** The finished columns. */
        public ThreadWaits build() {
            return new ThreadWaits(this);
        }
    }
}
