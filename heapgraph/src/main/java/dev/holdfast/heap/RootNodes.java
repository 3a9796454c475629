package dev.holdfast.heap;

import dev.holdfast.dump.RootKind;
import java.util.Arrays;

/**
 * The nodes below the virtual root with the kind that names each; immutable and thread-safe.
 *
 * <p>Where an object has several root records the first kind in the order of {@link RootKind} names it.
 */
public final class RootNodes {
    private static final RootKind[] KINDS = RootKind.values();

    private final int[] nodes;
    private final byte[] kinds;
    private final long records;
    private final long dangling;

    RootNodes(int[] nodes, byte[] kinds, long records, long dangling) {
        this.nodes = nodes;
        this.kinds = kinds;
        this.records = records;
        this.dangling = dangling;
    }

    /** How many nodes are roots. */
    public int count() {
        return nodes.length;
    }

    /** A root by its position, ascending by node. */
    public int node(int position) {
        return nodes[position];
    }

    /** The kind of a root by its position. */
    public RootKind kind(int position) {
        return KINDS[kinds[position]];
    }

    /** Position of a node among the roots, or negative. */
    public int positionOf(int node) {
        return Arrays.binarySearch(nodes, node);
    }

    /** How many root records the dump has, those of holders' references included. */
    public long records() {
        return records;
    }

    /** How many of them name an object that is not in the dump. */
    public long dangling() {
        return dangling;
    }

    int[] nodes() {
        return nodes;
    }

    /** Collects roots. */
    static final class Builder {
        private long[] packed = new long[64];
        private int size;
        private long records;
        private long dangling;

        void add(int node, RootKind kind) {
            if (size == packed.length) {
                packed = Arrays.copyOf(packed, size * 2);
            }
            packed[size++] = (long) node << 8 | kind.ordinal();
        }

        void record(boolean found) {
            records++;
            if (!found) {
                dangling++;
            }
        }

        long dangling() {
            return dangling;
        }

        RootNodes build() {
            Arrays.sort(packed, 0, size);
            int[] nodes = new int[size];
            byte[] kinds = new byte[size];
            int n = 0;
            for (int i = 0; i < size; i++) {
                int node = (int) (packed[i] >>> 8);
                if (n == 0 || nodes[n - 1] != node) {
                    nodes[n] = node;
                    kinds[n++] = (byte) packed[i];
                }
            }
            return new RootNodes(Arrays.copyOf(nodes, n), Arrays.copyOf(kinds, n), records, dangling);
        }
    }
}
