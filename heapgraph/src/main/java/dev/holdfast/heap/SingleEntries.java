package dev.holdfast.heap;

import java.util.Arrays;

/**
 * Of each node whether exactly one edge leads to it, so that whatever the edge's source is not held by does not hold it
 * either. On real heaps that is a half to five sixths of all nodes.
 *
 * <p>Roots and class objects never count: what leads to them is not all in the list of edges. Nor does what a conditional
 * root has to do with, as that is looked up in between. Memory: 1 bit a node, 2 while they are found. Immutable.
 */
final class SingleEntries {
    /** Edges at a time: loops in small methods are compiled sooner, and better, than long ones. */
    private static final int BLOCK = 1 << 13;

    private final LongColumn bits;

    private SingleEntries(LongColumn bits) {
        this.bits = bits;
    }

    /** Looks at all edges once, whether or not their sources are reachable. */
    static SingleEntries of(NodeGraph graph, ColumnStore store) {
        long words = (graph.nodes() + 63L) >>> 6;
        LongColumn once = store.longs(words);
        LongColumn again = store.longs(words);
        IntColumn targets = graph.edges().targets();
        long edges = graph.edges().size();
        for (long edge = 0; edge < edges; edge += BLOCK) {
            count(targets, edge, Math.min(edges, edge + BLOCK), once, again);
        }
        for (int root : graph.roots()) {
            set(again, root);
        }
        Arrays.stream(graph.classNodes()).filter(node -> node >= 0).forEach(node -> set(again, node));
        ConditionalRoots conditional = graph.conditionalRoots();
        for (int i = 0; i < conditional.count(); i++) {
            set(again, conditional.target(i));
            if (conditional.source(i) >= 0) {
                set(again, conditional.source(i));
            }
        }
        for (long word = 0; word < words; word++) {
            once.set(word, once.get(word) & ~again.get(word));
        }
        store.release(again);
        return new SingleEntries(once);
    }

    private static void count(IntColumn targets, long from, long to, LongColumn once, LongColumn again) {
        for (long edge = from; edge < to; edge++) {
            int node = targets.get(edge);
            long bit = 1L << node;
            long before = once.get(node >>> 6);
            if ((before & bit) != 0) {
                again.set(node >>> 6, again.get(node >>> 6) | bit);
            } else {
                once.set(node >>> 6, before | bit);
            }
        }
    }

    private static void set(LongColumn column, int node) {
        column.set(node >>> 6, column.get(node >>> 6) | 1L << node);
    }

    /** One bit a node. */
    LongColumn bits() {
        return bits;
    }

    /** Gives the column back. */
    void release(ColumnStore store) {
        store.release(bits);
    }
}
