package dev.holdfast.heap;

import java.util.Arrays;

/**
 * What the instances of each type retain together: the sum over those that no instance of the same type dominates.
 *
 * <p>One walk over the dominator tree that counts, for each type, how many of its instances are above; 8 bytes for each
 * level of the tree, which is as deep as the longest list.
 */
final class TypeRetention {
    private TypeRetention() {}

    static long[] of(HeapSnapshot heap, DominatorChildren children) {
        DominatorTree tree = heap.dominators();
        long[] retained = new long[heap.types().size()];
        int[] above = new int[heap.types().size()];
        int[] path = new int[1024];
        int[] next = new int[1024];
        int depth = 0;
        path[0] = DominatorTree.VIRTUAL_ROOT;
        next[0] = children.first(DominatorTree.VIRTUAL_ROOT);
        while (depth >= 0) {
            int node = path[depth];
            if (next[depth] == children.end(node)) {
                if (isObject(heap, node)) {
                    above[heap.graph().typeOf(node)]--;
                }
                depth--;
                continue;
            }
            int child = children.child(next[depth]++);
            int first = children.first(child);
            // Most objects dominate nothing: they need no place on the path.
            boolean inner = first < children.end(child);
            if (isObject(heap, child)) {
                int type = heap.graph().typeOf(child);
                if (above[type] == 0) {
                    retained[type] += tree.retainedSize(child);
                }
                above[type] += inner ? 1 : 0;
            }
            if (!inner) {
                continue;
            }
            if (++depth == path.length) {
                path = Arrays.copyOf(path, depth * 2);
                next = Arrays.copyOf(next, depth * 2);
            }
            path[depth] = child;
            next[depth] = first;
        }
        return retained;
    }

    private static boolean isObject(HeapSnapshot heap, int node) {
        return node >= 0 && !heap.graph().isHolder(node);
    }
}
