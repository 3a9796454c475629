package dev.holdfast.dump.hprof;

import dev.holdfast.dump.io.LongLongMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Instances by class identifier: how many, how long their records are, and a sample of their addresses with what follows
 * each in the file. No class needs to be known beforehand, as some writers dump instances before their class.
 *
 * <p>One row of four numbers in one array a class, so that an instance costs one cache line. Used by one thread, then
 * {@link #merge merged}. Memory: 32 to 64 bytes a class and up to 32 bytes a sampled address, whatever the dump.
 */
final class ClassTally {
    /** A row: identifier, instances, the largest hash still sampled, bytes of the first record's values. */
    static final int ROW = 4;

    static final int COUNT = 1;
    static final int THRESHOLD = 2;
    static final int LENGTH = 3;
    /** In place of a length: each instance is looked at. */
    static final long EACH = -1;

    /** Only a forged file has more classes without records; the instances of the rest go under the identifier 0. */
    private static final int MOST_CLASSES = 1 << 20;
    /** Only a forged file has so many different lengths within classes. */
    private static final int MOST_LENGTHS = 1 << 16;

    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private final int perClass;
    /** The class whose instances are looked at one by one; 0 for none. */
    private final long lookedAt;

    private long[] rows = new long[ROW << 10];
    private @Nullable AddressSample[] samples = new AddressSample[1 << 10];
    private int size;

    /** Lengths other than the first, and how many instances have each, by class. */
    private final Map<Long, LongLongMap> otherLengths = new HashMap<>();

    private int lengths;

    /**
     * An empty tally.
     *
     * @param perClass how many addresses of a class are sampled
     * @param lookedAt identifier of the class whose instances {@link #LENGTH} marks as {@link #EACH}; 0 for none
     */
    ClassTally(int perClass, long lookedAt) {
        this.perClass = perClass;
        this.lookedAt = lookedAt;
    }

    /** The rows; another array after {@link #row} made one. */
    long[] rows() {
        return rows;
    }

    /** Where the row of a class begins; a new row is taken as soon as its count is raised. */
    int row(long classId) {
        int row = slot(rows, classId);
        return rows[row + COUNT] != 0 ? row : insert(classId);
    }

    private static int slot(long[] rows, long classId) {
        int mask = rows.length - 1;
        int row = ((int) (classId * MULTIPLIER >>> 32) * ROW) & mask;
        while (rows[row] != classId && rows[row + COUNT] != 0) {
            row = (row + ROW) & mask;
        }
        return row;
    }

    private int insert(long classId) {
        if (size >= MOST_CLASSES && classId != 0) {
            return row(0);
        }
        if ((size + 1L) * ROW * 2 > rows.length) {
            grow();
        }
        int row = slot(rows, classId);
        size++;
        rows[row] = classId;
        rows[row + THRESHOLD] = Long.MAX_VALUE;
        rows[row + LENGTH] = classId == lookedAt && lookedAt != 0 ? EACH : Long.MIN_VALUE;
        return row;
    }

    private void grow() {
        long[] old = rows;
        @Nullable AddressSample[] oldSamples = samples;
        rows = new long[old.length * 2];
        samples = new AddressSample[oldSamples.length * 2];
        for (int from = 0; from < old.length; from += ROW) {
            if (old[from + COUNT] != 0) {
                int to = slot(rows, old[from]);
                System.arraycopy(old, from, rows, to, ROW);
                samples[to / ROW] = oldSamples[from / ROW];
            }
        }
    }

    /** Takes an address into the sample of a class. */
    void sample(int row, long address, long next) {
        AddressSample sample = samples[row / ROW];
        if (sample == null) {
            sample = new AddressSample(perClass);
            samples[row / ROW] = sample;
        }
        sample.add(address, next);
        rows[row + THRESHOLD] = sample.threshold();
    }

    /** Notes a length that is not that of the row; the first one of a class becomes it. */
    void length(int row, long bytes, long instances) {
        if (rows[row + LENGTH] == Long.MIN_VALUE) {
            rows[row + LENGTH] = bytes;
        } else if (rows[row + LENGTH] != bytes) {
            LongLongMap others = otherLengths.computeIfAbsent(rows[row], id -> new LongLongMap());
            long known = others.get(bytes, 0);
            if (known == 0 && ++lengths > MOST_LENGTHS) {
                return;
            }
            others.replace(bytes, known + instances);
        }
    }

    /** Adds what another has counted; it must not be used afterwards. */
    void merge(ClassTally other) {
        for (int from = 0; from < other.rows.length; from += ROW) {
            long count = other.rows[from + COUNT];
            if (count == 0) {
                continue;
            }
            long id = other.rows[from];
            int row = row(id);
            rows[row + COUNT] += count;
            if (other.rows[from + LENGTH] != EACH) {
                long[] usual = {count};
                other.forOthers(id, (bytes, instances) -> {
                    usual[0] -= instances;
                    length(row, bytes, instances);
                });
                length(row, other.rows[from + LENGTH], usual[0]);
            }
            AddressSample theirs = other.samples[from / ROW];
            AddressSample mine = samples[row / ROW];
            if (mine == null) {
                samples[row / ROW] = theirs;
            } else if (theirs != null) {
                mine.addAll(theirs);
            }
        }
    }

    /** Takes lengths and how many instances have each. */
    interface Lengths {
        void length(long bytes, long instances);
    }

    /** Takes classes. */
    interface Classes {
        void of(long classId, long instances, @Nullable AddressSample sample);
    }

    void forClasses(Classes taker) {
        for (int row = 0; row < rows.length; row += ROW) {
            if (rows[row + COUNT] != 0) {
                taker.of(rows[row], rows[row + COUNT], samples[row / ROW]);
            }
        }
    }

    private void forOthers(long classId, Lengths taker) {
        LongLongMap others = otherLengths.get(classId);
        if (others != null) {
            others.forEach(taker::length);
        }
    }

    /** All lengths of the records of a class that is here. */
    void forLengths(long classId, Lengths taker) {
        int row = slot(rows, classId);
        long[] usual = {rows[row + COUNT]};
        forOthers(classId, (bytes, instances) -> {
            usual[0] -= instances;
            taker.length(bytes, instances);
        });
        if (usual[0] > 0) {
            taker.length(Math.max(0, rows[row + LENGTH]), usual[0]);
        }
    }
}
