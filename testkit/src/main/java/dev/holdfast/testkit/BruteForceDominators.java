package dev.holdfast.testkit;

import java.util.Arrays;

/**
 * Dominators by their definition: a node dominates what is no longer reached once the node is removed. O(nodes * edges) time, nodes^2 / 8 bytes.
 */
public final class BruteForceDominators {
    private final TestGraph graph;
    private final boolean[] reachable;
    private final boolean[][] dominated;

    public BruteForceDominators(TestGraph graph) {
        this.graph = graph;
        this.reachable = graph.reachable(-1);
        this.dominated = new boolean[graph.nodes()][];
        for (int node = 0; node < graph.nodes(); node++) {
            if (reachable[node]) {
                boolean[] left = graph.reachable(node);
                for (int i = 0; i < left.length; i++) {
                    left[i] = reachable[i] && !left[i];
                }
                dominated[node] = left;
            }
        }
    }

    /** True if the node is reached from a root. */
    public boolean isReachable(int node) {
        return reachable[node];
    }

    /** True if every path from the roots to {@code node} goes through {@code by}; a reachable node dominates itself. */
    public boolean isDominated(int node, int by) {
        return reachable[by] && dominated[by][node];
    }

    /** Of each node its immediate dominator, {@link TestGraph#VIRTUAL_ROOT} or {@link TestGraph#UNREACHABLE}. */
    public int[] immediateDominators() {
        int[] count = new int[graph.nodes()];
        for (int node = 0; node < count.length; node++) {
            count[node] = retainedSet(node).length;
        }
        int[] result = new int[graph.nodes()];
        for (int node = 0; node < result.length; node++) {
            result[node] = reachable[node] ? TestGraph.VIRTUAL_ROOT : TestGraph.UNREACHABLE;
            for (int by = 0; by < result.length; by++) {
                // The dominators of a node form a chain; the nearest of them retains least.
                if (by != node && isDominated(node, by) && (result[node] < 0 || count[by] < count[result[node]])) {
                    result[node] = by;
                }
            }
        }
        return result;
    }

    /** What would be unreachable without the node, itself included, ascending; empty if it is unreachable. */
    public int[] retainedSet(int node) {
        int[] set = new int[graph.nodes()];
        int size = 0;
        for (int i = 0; i < set.length; i++) {
            if (isDominated(i, node)) {
                set[size++] = i;
            }
        }
        return Arrays.copyOf(set, size);
    }

    /** Of each node the sum of the sizes of its retained set; 0 if unreachable. */
    public long[] retainedSizes(long[] shallow) {
        long[] result = new long[graph.nodes()];
        for (int node = 0; node < result.length; node++) {
            for (int member : retainedSet(node)) {
                result[node] += shallow[member];
            }
        }
        return result;
    }
}
