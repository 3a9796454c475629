package dev.holdfast.heap;

/**
 * What each node immediately dominates, ascending; immutable and thread-safe. Memory: 8 bytes a node.
 */
public final class DominatorChildren {
    private final IntColumn starts;
    private final IntColumn children;
    private final int nodes;

    DominatorChildren(IntColumn starts, IntColumn children, int nodes) {
        this.starts = starts;
        this.children = children;
        this.nodes = nodes;
    }

    static DominatorChildren of(DominatorTree tree, ColumnStore store) {
        int nodes = tree.nodeCount();
        // The virtual root's list is the last.
        IntColumn starts = store.ints(nodes + 2L);
        for (int node = 0; node < nodes; node++) {
            if (tree.reachable(node)) {
                int list = list(tree, node, nodes);
                starts.set(list, starts.get(list) + 1);
            }
        }
        int sum = 0;
        for (int list = 0; list <= nodes + 1; list++) {
            sum += starts.get(list);
            starts.set(list, sum);
        }
        IntColumn children = store.ints(tree.reachableCount());
        for (int node = nodes - 1; node >= 0; node--) {
            if (tree.reachable(node)) {
                int list = list(tree, node, nodes);
                int at = starts.get(list) - 1;
                starts.set(list, at);
                children.set(at, node);
            }
        }
        return new DominatorChildren(starts, children, nodes);
    }

    private static int list(DominatorTree tree, int node, int nodes) {
        int dominator = tree.immediateDominator(node);
        return dominator == DominatorTree.VIRTUAL_ROOT ? nodes : dominator;
    }

    IntColumn starts() {
        return starts;
    }

    IntColumn children() {
        return children;
    }

    /**
     * The position of the first child; the others follow up to {@link #end}.
     *
     * @param node a node or {@link DominatorTree#VIRTUAL_ROOT}
     */
    public int first(int node) {
        return starts.get(node == DominatorTree.VIRTUAL_ROOT ? nodes : node);
    }

    /** The position after the last child. */
    public int end(int node) {
        return starts.get(node == DominatorTree.VIRTUAL_ROOT ? nodes + 1L : node + 1L);
    }

    /** The child at a position. */
    public int child(int position) {
        return children.get(position);
    }
}
