package dev.holdfast.roots;

import dev.holdfast.heap.ObjectGraph;
import java.util.Arrays;

/**
 * What the shortest paths to many objects have in common; used once, by one thread. Memory: 4 bytes a node and 4 for each
 * on a path.
 */
final class CommonPath {
    private static final int UNMARKED = -1;

    private final ShortestPaths paths;
    private final ObjectGraph graph;
    private final double share;
    private final int[] counts;
    private final IntList order = new IntList();

    CommonPath(ShortestPaths paths, double share) {
        this.paths = paths;
        this.graph = paths.heap().graph();
        this.share = share;
        this.counts = new int[graph.nodeCount()];
    }

    /** The last node, farthest from the roots, that more than the share of the paths goes through; -1 if there is none. */
    int end(int[] objects) {
        Arrays.fill(counts, UNMARKED);
        for (int object : objects) {
            mark(object);
        }
        for (int object : objects) {
            counts[object]++;
        }
        // A node comes after its parent in the order, so backwards all below it has been added to it.
        for (int i = order.size() - 1; i >= 0; i--) {
            int node = order.get(i);
            int parent = paths.parent(node);
            if (parent >= 0) {
                counts[parent] += counts[node];
            }
        }
        double least = share * objects.length;
        int end = -1;
        for (int i = 0; i < order.size(); i++) {
            int node = order.get(i);
            int parent = paths.parent(node);
            // More than half of the paths go through at most one child of a node.
            if (counts[node] > least && (end < 0 ? parent < 0 : parent == end)) {
                end = node;
            }
        }
        return end;
    }

    private void mark(int object) {
        int from = order.size();
        for (int at = object; at >= 0 && counts[at] == UNMARKED; at = paths.parent(at)) {
            counts[at] = 0;
            order.add(at);
        }
        order.reverseFrom(from);
    }
}
