package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.io.LongList;
import java.util.Arrays;

/**
 * Where the slots of a heap are and where in the file their records are, as runs: neighbouring slots of one size and kind
 * that follow each other in the file, at most 64 KiB of heap. Immutable once {@link #sort} was called.
 *
 * <p>48 bytes a run, which is a span of the runtime or a part of one: less than a byte an object. A pointer into the
 * middle of an object finds it here, as all slots of a run lie at multiples of their size from its start.
 */
final class SlotRuns {
    /** Distance of the records that a single look-up has to walk. */
    private static final long LONGEST = 1 << 16;

    /** Since Go 1.22 the first word of such slots names the type; the object begins behind it. */
    static final int HEADER_BYTES = 8;

    /** Kind of slots whose objects have pointers. */
    static final int POINTERS = 1;

    /** Kind of slots that begin with a header, beside {@link #POINTERS}. */
    static final int HEADER = 2;

    private final LongList starts = new LongList();
    /** Multiples of 8, with the kind in the lowest bits. */
    private final LongList sizes = new LongList();

    private final LongList firstRecords = new LongList();
    private long[] lasts = new long[8];
    private long[] lastRecords = new long[8];
    private int count;
    private boolean closed = true;

    private long[] sortedStarts = {};
    private int[] order = {};

    int count() {
        return count;
    }

    /** The next slot does not continue the run. */
    void close() {
        closed = true;
    }

    /** Adds a slot, its size a multiple of 8, whose record follows that of the slot before, unless {@link #close} was called between. */
    void add(long slot, long size, int kind, long record) {
        int run = count - 1;
        boolean continues = !closed
                && sizes.get(run) == (size | kind)
                && Long.compareUnsigned(slot, lasts[run]) > 0
                && Long.remainderUnsigned(slot - starts.get(run), size) == 0
                && Long.compareUnsigned(slot - starts.get(run), LONGEST) < 0;
        if (!continues) {
            run = count++;
            starts.add(slot);
            sizes.add(size | kind);
            firstRecords.add(record);
            if (run == lasts.length) {
                lasts = Arrays.copyOf(lasts, run + (run >> 1));
                lastRecords = Arrays.copyOf(lastRecords, run + (run >> 1));
            }
            closed = false;
        }
        lasts[run] = slot;
        lastRecords[run] = record;
    }

    /** Prepares look-ups by address; nothing may be added any more. */
    void sort() {
        order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        int[] from = order;
        int[] to = new int[count];
        for (long width = 1; width < count; width *= 2) {
            for (long low = 0; low < count; low += 2 * width) {
                int middle = (int) Math.min(low + width, count);
                merge(from, to, (int) low, middle, (int) Math.min(low + 2 * width, count));
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        order = from;
        sortedStarts = new long[count];
        for (int i = 0; i < count; i++) {
            sortedStarts[i] = starts.get(order[i]);
        }
    }

    private void merge(int[] from, int[] to, int low, int middle, int high) {
        int a = low;
        int b = middle;
        for (int i = low; i < high; i++) {
            boolean first =
                    a < middle && (b == high || Long.compareUnsigned(starts.get(from[a]), starts.get(from[b])) <= 0);
            to[i] = first ? from[a++] : from[b++];
        }
    }

    /** The run whose slots surround an address, or -1. */
    int find(long address) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(sortedStarts[middle], address) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high >= 0 && surrounds(order[high], address) ? order[high] : -1;
    }

    /** Whether an address lies between the start of a run and its end; cheaper than to {@link #find} it again. */
    boolean surrounds(int run, long address) {
        return Long.compareUnsigned(address - starts.get(run), lasts[run] - starts.get(run) + size(run)) < 0;
    }

    /** The slot of a run that has the address; it may be free. */
    long slot(int run, long address) {
        long within = address - starts.get(run);
        return address - Long.remainderUnsigned(within, size(run));
    }

    /** Address of the object in the slot of a run that has the address, as the program sees it; the slot may be free. */
    long object(int run, long address) {
        return slot(run, address) + headerBytes(run);
    }

    long size(int run) {
        return sizes.get(run) & -Long.BYTES;
    }

    boolean pointers(int run) {
        return (sizes.get(run) & POINTERS) != 0;
    }

    int headerBytes(int run) {
        return (sizes.get(run) & HEADER) != 0 ? HEADER_BYTES : 0;
    }

    long firstRecord(int run) {
        return firstRecords.get(run);
    }

    long lastRecord(int run) {
        return lastRecords[run];
    }
}
