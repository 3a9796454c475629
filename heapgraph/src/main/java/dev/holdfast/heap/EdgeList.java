package dev.holdfast.heap;

/**
 * The references between nodes: of each node a run of edges in the dump's order, with target and slot.
 *
 * <p>Immutable and thread-safe. Memory: 4 bytes a node (8 from 2^32 edges) and 5 bytes an edge. Compressing the targets
 * would save half of their 4 bytes and make every walk take twice as long (measured on two heaps), so they are plain.
 *
 * @param offsets first edge of each node; one more than nodes
 * @param targets node that an edge points to
 * @param slots how the format names the edge within its source; 255 where it must be asked
 */
record EdgeList(UnsignedColumn offsets, IntColumn targets, ByteColumn slots) {
    /** How many edges there are. */
    long size() {
        return targets.size();
    }

    /** The first edge of a node. */
    long first(int node) {
        return offsets.get(node);
    }

    /** The edge after the last of a node. */
    long end(int node) {
        return offsets.get(node + 1L);
    }

    /** The node that the edge points to. */
    int target(long edge) {
        return targets.get(edge);
    }

    /** Points an edge elsewhere; only while the graph is made. */
    void redirect(long edge, int node) {
        targets.set(edge, node);
    }

    /** The edge's slot. */
    int slot(long edge) {
        return slots.get(edge) & 0xff;
    }

    /** Gives the columns back. */
    void release(ColumnStore store) {
        store.release(offsets);
        store.release(targets);
        store.release(slots);
    }
}
