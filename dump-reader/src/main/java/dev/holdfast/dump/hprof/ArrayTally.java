package dev.holdfast.dump.hprof;

import dev.holdfast.dump.io.LongList;
import dev.holdfast.dump.io.LongLongMap;
import java.util.Arrays;

/**
 * Arrays by class or element type: how many, their elements, and how many there are of each remainder of the length.
 *
 * <p>The size of an array is {@code up(base + width * length, alignment)}. What rounding adds depends on
 * {@code base + width * length} modulo the alignment alone, and no alignment is above 256. So the lengths modulo 256 /
 * width decide it for every base, width and alignment that a layout can have: one table serves all layouts, and which of
 * them is right can be decided at the end. References have 4 or 8 bytes, so that lengths modulo 64 do for them.
 *
 * <p>Used by one thread, then merged; half a KB an array class.
 */
final class ArrayTally {
    /** No width is below 1, no alignment above 256. */
    private static final int REMAINDERS = 256;

    private static final int OF_REFERENCES = REMAINDERS / 4;
    private static final int ROW = REMAINDERS + 1;
    private static final int ROW_OF_REFERENCES = OF_REFERENCES + 1;
    /** Only a forged file has more classes of arrays; the rest goes under the identifier 0. */
    private static final int MOST_CLASSES = 1 << 16;

    /**
     * The sum of the lengths, then how many there are of each remainder: rows of element types, each at its code, then
     * those of the classes of arrays of references.
     */
    private long[] rows = new long[16 * ROW];

    private int used = 12 * ROW;
    private final LongLongMap rowOfClass = new LongLongMap();
    private final LongList classIds = new LongList();
    /** By element type, 2 for references: addresses with their lengths, and the same addresses with what follows each. */
    private final AddressSample[] lengths = new AddressSample[12];

    private final AddressSample[] successors = new AddressSample[12];
    private final long[] thresholds = new long[12];

    private long lastClass;
    private int lastRow = -1;

    ArrayTally() {
        for (int type = 0; type < lengths.length; type++) {
            lengths[type] = new AddressSample(LayoutEvidence.PER_ARRAY_KIND);
            successors[type] = new AddressSample(LayoutEvidence.PER_ARRAY_KIND);
        }
        Arrays.fill(thresholds, Long.MAX_VALUE);
    }

    /** Counts an array of primitives; true if its address is to be sampled. */
    boolean primitive(int type, long address, long length) {
        int row = type * ROW;
        rows[row] += length;
        rows[row + 1 + (int) (length & REMAINDERS - 1)]++;
        return AddressSample.hash(address) <= thresholds[type];
    }

    /** Counts an array of references; true if its address is to be sampled. */
    boolean object(long classId, long address, long length) {
        if (classId != lastClass || lastRow < 0) {
            lastRow = row(classId);
            lastClass = classId;
        }
        rows[lastRow] += length;
        rows[lastRow + 1 + (int) (length & OF_REFERENCES - 1)]++;
        return AddressSample.hash(address) <= thresholds[BasicType.OBJECT];
    }

    private int row(long classId) {
        long known = rowOfClass.get(classId, -1);
        if (known >= 0) {
            return (int) known;
        }
        if (classIds.size() >= MOST_CLASSES && classId != 0) {
            return row(0);
        }
        if (used + ROW_OF_REFERENCES > rows.length) {
            rows = Arrays.copyOf(rows, rows.length * 2);
        }
        int row = used;
        used += ROW_OF_REFERENCES;
        rowOfClass.put(classId, row);
        classIds.add(classId);
        return row;
    }

    /** Takes an address into the sample of its kind, 2 for references. */
    void sample(int type, long address, long length, long next) {
        lengths[type].add(address, length);
        successors[type].add(address, next);
        thresholds[type] = lengths[type].threshold();
    }

    /** Adds what another has counted; it must not be used afterwards. */
    void merge(ArrayTally other) {
        for (int type = 0; type < lengths.length; type++) {
            add(type * ROW, other, type * ROW, ROW);
            lengths[type].addAll(other.lengths[type]);
            successors[type].addAll(other.successors[type]);
        }
        for (int i = 0; i < other.classIds.size(); i++) {
            long id = other.classIds.get(i);
            add(row(id), other, (int) other.rowOfClass.get(id, 0), ROW_OF_REFERENCES);
        }
    }

    private void add(int row, ArrayTally other, int from, int length) {
        for (int i = 0; i < length; i++) {
            rows[row + i] += other.rows[from + i];
        }
    }

    /** The classes of the arrays of references. */
    LongList classIds() {
        return classIds;
    }

    /** Where the row of a class of arrays of references is. */
    int rowOf(long classId) {
        return (int) rowOfClass.get(classId, 0);
    }

    /** Where the row of an element type is. */
    static int rowOf(int type) {
        return type * ROW;
    }

    private static int remainders(int row) {
        return row < 12 * ROW ? REMAINDERS : OF_REFERENCES;
    }

    /** Arrays of a row. */
    long objects(int row) {
        long sum = 0;
        for (int i = 1; i <= remainders(row); i++) {
            sum += rows[row + i];
        }
        return sum;
    }

    /** The size of all arrays of a row. */
    long bytes(int row, long base, long width, long alignment) {
        long bytes = width * rows[row];
        for (int i = 1; i <= remainders(row); i++) {
            if (rows[row + i] > 0) {
                long rest = base + width * (i - 1);
                long padding = -rest & alignment - 1;
                bytes += rows[row + i] * (base + padding);
            }
        }
        return bytes;
    }

    /** Hands the sampled arrays, with what follows each, to the evidence. */
    void addTo(LayoutEvidence evidence, LongLongMap next) {
        for (int type = 0; type < lengths.length; type++) {
            lengths[type].compact();
            for (int i = 0; i < lengths[type].size(); i++) {
                if (type == BasicType.OBJECT) {
                    evidence.objectArray(lengths[type].addressAt(i), lengths[type].valueAt(i));
                } else {
                    evidence.primitiveArray(type, lengths[type].addressAt(i), lengths[type].valueAt(i));
                }
            }
            successors[type].compact();
            for (int i = 0; i < successors[type].size(); i++) {
                next.put(successors[type].addressAt(i), successors[type].valueAt(i));
            }
        }
    }
}
