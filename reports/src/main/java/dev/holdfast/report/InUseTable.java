package dev.holdfast.report;

import java.util.Arrays;

/**
 * Counts objects by what their sample in {@code inuse.pb.gz} is told apart by.
 *
 * <p>Not thread-safe: one table a worker, then {@link #addAll}. Nothing is allocated per object; 40 bytes a row and 5
 * to 11 for the hash slots. Rows are many fewer than objects: types times root kinds times a few sizes.
 */
public final class InUseTable {
    /** No allocation stack, or no thread. */
    public static final int NONE = -1;

    private int[] types = new int[64];
    private int[] stacks = new int[64];
    private int[] threads = new int[64];

    /** Root kind and reachability. */
    private int[] hows = new int[64];

    private long[] sizes = new long[64];
    private long[] counts = new long[64];
    private long[] bytes = new long[64];
    private int rows;

    /** Row numbers plus one by hash. */
    private int[] slots = new int[128];

    /**
     * Adds objects that nothing tells apart.
     *
     * @param allocationStack the caller's number, or {@link #NONE}
     * @param rootKind 0 to 255
     * @param reachability 0 to 255
     * @param thread the number of a name, or {@link #NONE}
     * @param sizeClass see {@link SizeClass}
     * @param objects how many
     * @param shallowSize of all together, in bytes
     */
    public void add(
            int type,
            int allocationStack,
            int rootKind,
            int reachability,
            int thread,
            long sizeClass,
            long objects,
            long shallowSize) {
        if (((rootKind | reachability) & ~0xFF) != 0 || shallowSize < 0 || sizeClass < 0) {
            throw new IllegalArgumentException("root kind " + rootKind + ", reachability " + reachability + ", size "
                    + shallowSize + " in class " + sizeClass);
        }
        add(type, allocationStack, rootKind << 8 | reachability, thread, sizeClass, objects, shallowSize);
    }

    /** Adds all objects of another table. */
    public void addAll(InUseTable other) {
        for (int row = 0; row < other.rows; row++) {
            add(
                    other.types[row],
                    other.stacks[row],
                    other.hows[row],
                    other.threads[row],
                    other.sizes[row],
                    other.counts[row],
                    other.bytes[row]);
        }
    }

    /** The number of rows. */
    public int size() {
        return rows;
    }

    /** Adds a sample for each row, its labels those of {@code names} and {@code bytes}. */
    public void addTo(ProfileBuilder builder, InUseNames names) {
        for (int row = 0; row < rows; row++) {
            Labels labels = names.labels(types[row], stacks[row], hows[row] >>> 8, hows[row] & 0xFF, threads[row]);
            builder.sample(
                    names.frame(builder, types[row], stacks[row]),
                    labels.with("bytes", sizes[row], "bytes"),
                    counts[row],
                    bytes[row]);
        }
    }

    private void add(int type, int stack, int how, int thread, long size, long count, long total) {
        int slot = slot(type, stack, how, thread, size);
        int row = slots[slot] - 1;
        if (row < 0) {
            row = rows;
            if (row == types.length) {
                grow();
            }
            types[row] = type;
            stacks[row] = stack;
            hows[row] = how;
            threads[row] = thread;
            sizes[row] = size;
            slots[slot] = ++rows;
            if (rows > slots.length - (slots.length >> 2)) {
                rehash();
            }
        }
        counts[row] += count;
        bytes[row] += total;
    }

    private int slot(int type, int stack, int how, int thread, long size) {
        int mask = slots.length - 1;
        int slot = TripleIndex.hash(TripleIndex.hash(type, stack, thread), how, Long.hashCode(size)) & mask;
        while (slots[slot] != 0) {
            int row = slots[slot] - 1;
            if (types[row] == type
                    && sizes[row] == size
                    && hows[row] == how
                    && stacks[row] == stack
                    && threads[row] == thread) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        int capacity = Columns.grown(rows);
        types = Arrays.copyOf(types, capacity);
        stacks = Arrays.copyOf(stacks, capacity);
        threads = Arrays.copyOf(threads, capacity);
        hows = Arrays.copyOf(hows, capacity);
        sizes = Arrays.copyOf(sizes, capacity);
        counts = Arrays.copyOf(counts, capacity);
        bytes = Arrays.copyOf(bytes, capacity);
    }

    private void rehash() {
        slots = new int[Columns.doubled(slots.length)];
        for (int row = 0; row < rows; row++) {
            slots[slot(types[row], stacks[row], hows[row], threads[row], sizes[row])] = row + 1;
        }
    }
}
