package dev.holdfast.testkit;

import java.util.Arrays;

/**
 * A directed graph with roots; a virtual root, named -1, points to all roots.
 *
 * @param successors targets of each node, with duplicates and self-loops
 * @param roots distinct nodes
 */
@SuppressWarnings("ArrayRecordComponent") // a test's plain data; compared by content below
public record TestGraph(int[][] successors, int[] roots) {
    /** The name of the virtual root in results. */
    public static final int VIRTUAL_ROOT = -1;

    /** The name of "no dominator": the node is unreachable. */
    public static final int UNREACHABLE = -2;

    /** Builds from edges written as pairs: from, to. */
    public static TestGraph of(int nodes, int[] roots, int... edges) {
        int[] degree = new int[nodes];
        for (int i = 0; i < edges.length; i += 2) {
            degree[edges[i]]++;
        }
        int[][] successors = new int[nodes][];
        for (int i = 0; i < nodes; i++) {
            successors[i] = new int[degree[i]];
        }
        int[] used = new int[nodes];
        for (int i = 0; i < edges.length; i += 2) {
            int from = edges[i];
            successors[from][used[from]++] = edges[i + 1];
        }
        return new TestGraph(successors, roots);
    }

    /**
     * The flow graph of figure 1 in Lengauer and Tarjan, "A fast algorithm for finding dominators in a flowgraph" (TOPLAS 1979): R is 0, A to L are
     * 1 to 12.
     */
    public static TestGraph lengauerTarjan() {
        String edges = "RA RB RC AD BA BD BE CF CG DL EH FI GI GJ HE HK IK JI KI KR LH";
        int[] pairs = edges.replace(" ", "").chars().map(TestGraph::letter).toArray();
        return of(13, new int[] {0}, pairs);
    }

    /** The paper's figure 2: the immediate dominators of {@link #lengauerTarjan()}. */
    public static int[] lengauerTarjanDominators() {
        // Of R, A, B, C, D, E, F, G, H, I, J, K, L.
        String dominators = "RRRRRCCRRGRD";
        int[] result = new int[13];
        result[0] = VIRTUAL_ROOT;
        for (int i = 0; i < dominators.length(); i++) {
            result[i + 1] = letter(dominators.charAt(i));
        }
        return result;
    }

    private static int letter(int c) {
        return c == 'R' ? 0 : c - 'A' + 1;
    }

    public int nodes() {
        return successors.length;
    }

    /** Number of edges, duplicates counted. */
    public long edges() {
        long count = 0;
        for (int[] targets : successors) {
            count += targets.length;
        }
        return count;
    }

    /** Nodes reached from the roots without passing through {@code removed}; a negative {@code removed} removes nothing. */
    public boolean[] reachable(int removed) {
        boolean[] seen = new boolean[nodes()];
        int[] stack = new int[nodes()];
        int depth = 0;
        for (int root : roots) {
            if (root != removed && !seen[root]) {
                seen[root] = true;
                stack[depth++] = root;
            }
        }
        while (depth > 0) {
            for (int to : successors[stack[--depth]]) {
                if (to != removed && !seen[to]) {
                    seen[to] = true;
                    stack[depth++] = to;
                }
            }
        }
        return seen;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TestGraph graph
                && Arrays.deepEquals(successors, graph.successors)
                && Arrays.equals(roots, graph.roots);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(successors) * 31 + Arrays.hashCode(roots);
    }

    @Override
    public String toString() {
        return "roots " + Arrays.toString(roots) + ", edges " + Arrays.deepToString(successors);
    }
}
