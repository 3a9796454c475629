package dev.holdfast.heap;

import org.jspecify.annotations.Nullable;

/**
 * The sources of references by target, each with the number of the reference; class references are left out.
 *
 * <p>Of one target the sources come in ascending order. Immutable and thread-safe. Memory: 4 bytes a node (8 from 2^32
 * references) and 4 bytes a reference. Of a heap that was reopened from its index nothing is built, and a source is found in
 * the edge list, a fraction of a microsecond each.
 */
public final class Referrers {
    private final UnsignedColumn offsets;
    private final @Nullable IntColumn sources;
    private final @Nullable InboundEdges edges;

    private Referrers(UnsignedColumn offsets, @Nullable IntColumn sources, @Nullable InboundEdges edges) {
        this.offsets = offsets;
        this.sources = sources;
        this.edges = edges;
    }

    /** Sources by the numbers of the edges, which are there already. */
    static Referrers over(InboundEdges edges) {
        return new Referrers(edges.offsets(), null, edges);
    }

    static Referrers of(ObjectGraph graph, ColumnStore store) {
        int nodes = graph.nodeCount();
        EdgeList edges = graph.edges();
        UnsignedColumn offsets = UnsignedColumn.of(store, nodes + 1L, edges.size());
        for (long e = 0; e < edges.size(); e++) {
            offsets.add(edges.target(e), 1);
        }
        long sum = 0;
        for (int node = 0; node <= nodes; node++) {
            sum += offsets.get(node);
            offsets.set(node, sum);
        }
        IntColumn sources = store.ints(edges.size());
        // Backwards, so that each offset ends at its first entry and sources ascend.
        for (int node = nodes - 1; node >= 0; node--) {
            for (long e = edges.end(node) - 1; e >= edges.first(node); e--) {
                int target = edges.target(e);
                long at = offsets.get(target) - 1;
                offsets.set(target, at);
                sources.set(at, node);
            }
        }
        return new Referrers(offsets, sources, null);
    }

    /** The node's first referrer. */
    public long first(int node) {
        return offsets.get(node);
    }

    /** The referrer behind the node's last. */
    public long end(int node) {
        return offsets.get(node + 1L);
    }

    /** The node that has the reference; it occurs as often as it refers to the target. */
    public int source(long referrer) {
        IntColumn known = sources;
        if (known != null) {
            return known.get(referrer);
        }
        InboundEdges inbound = edges;
        if (inbound == null) {
            throw new AssertionError("neither sources nor edges");
        }
        return inbound.source(inbound.number(referrer));
    }
}
