package dev.holdfast.heap;

/**
 * The numbers of the stored references to each node, ascending; those to class objects follow from the types instead.
 *
 * <p>Numbers rather than sources as in {@link Referrers}: a reference must be found again among millions of one array
 * without looking at the others. Immutable and thread-safe. Memory: 4 bytes a node and 4 a reference, twice that from
 * 2^32 references.
 */
final class InboundEdges {
    private final EdgeList edges;
    private final int nodes;
    private final UnsignedColumn offsets;
    private final UnsignedColumn numbers;

    InboundEdges(EdgeList edges, int nodes, UnsignedColumn offsets, UnsignedColumn numbers) {
        this.edges = edges;
        this.nodes = nodes;
        this.offsets = offsets;
        this.numbers = numbers;
    }

    static InboundEdges of(ObjectGraph graph, ColumnStore store) {
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
        UnsignedColumn numbers = UnsignedColumn.of(store, edges.size(), edges.size());
        // Backwards, so that each offset ends at its first entry and numbers ascend.
        for (long e = edges.size() - 1; e >= 0; e--) {
            int target = edges.target(e);
            long at = offsets.get(target) - 1;
            offsets.set(target, at);
            numbers.set(at, e);
        }
        return new InboundEdges(edges, nodes, offsets, numbers);
    }

    UnsignedColumn offsets() {
        return offsets;
    }

    UnsignedColumn numbers() {
        return numbers;
    }

    /** The node's first inbound reference. */
    long first(int node) {
        return offsets.get(node);
    }

    /** The inbound reference behind the node's last. */
    long end(int node) {
        return offsets.get(node + 1L);
    }

    /** The reference's number in the graph. */
    long number(long inbound) {
        return numbers.get(inbound);
    }

    /** The node that has a reference, by its number in the graph: a binary search over the nodes. */
    int source(long number) {
        int low = 0;
        int high = nodes - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (edges.first(middle) <= number) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
