package dev.holdfast.heap;

import dev.holdfast.dump.DumpRoots;

/**
 * Decides which conservative references of holders count: those to objects that nothing else reaches.
 *
 * <p>A stack that was interrupted anywhere has words left over from calls long gone. A collector must take them for
 * references, and so what is reachable is the same here. But such a word says nothing about who holds an object, and would
 * take it away from the variable that does. So these references are tried one by one, in the dump's order, after everything
 * else was marked; one that is not needed is pointed back at its own holder, where it changes nothing. Formats with such
 * references have no class objects, whose edges would not be in the list.
 */
final class ConservativeEdges {
    private final ObjectGraph graph;
    private final ColumnStore store;
    private final int threads;

    private ConservativeEdges(ObjectGraph graph, ColumnStore store, int threads) {
        this.graph = graph;
        this.store = store;
        this.threads = threads;
    }

    /** Settles them, at the cost of one walk over all edges and a bit for each node. */
    static void settle(ObjectGraph graph, DumpRoots roots, RootNodes rootNodes, ColumnStore store, int threads) {
        new ConservativeEdges(graph, store, threads).settle(roots, rootNodes);
    }

    private void settle(DumpRoots roots, RootNodes rootNodes) {
        int count = roots.heldCount();
        long[] edges = new long[count];
        int[] targets = new int[count];
        int found = 0;
        for (int i = 0; i < count; i++) {
            if (roots.heldConservatively(i)) {
                int holder = graph.objectCount() + roots.heldBy(i);
                int target = graph.indexOf(roots.heldAddress(i));
                long edge = target < 0 ? -1 : edge(holder, target);
                if (edge >= 0 && !heldPrecisely(roots, i)) {
                    edges[found] = edge;
                    targets[found++] = target;
                    graph.edges().redirect(edge, holder);
                }
            }
        }
        if (found == 0) {
            return;
        }
        Marking marking = new Marking(graph.edges(), graph.nodeCount(), store);
        for (int i = 0; i < rootNodes.count(); i++) {
            marking.reach(rootNodes.node(i));
        }
        marking.walk(threads);
        for (int i = 0; i < found; i++) {
            if (!marking.marked(targets[i])) {
                graph.edges().redirect(edges[i], targets[i]);
                marking.reach(targets[i]);
                marking.walk(1);
            }
        }
        marking.release();
    }

    private long edge(int holder, int target) {
        for (long edge = graph.firstReference(holder); edge < graph.endReference(holder); edge++) {
            if (graph.target(edge) == target) {
                return edge;
            }
        }
        return -1;
    }

    /** Whether the holder of a reference has another to the same address that is not conservative. */
    private static boolean heldPrecisely(DumpRoots roots, int reference) {
        int holder = roots.heldBy(reference);
        for (int step = -1; step <= 1; step += 2) {
            for (int i = reference + step; i >= 0 && i < roots.heldCount() && roots.heldBy(i) == holder; i += step) {
                if (roots.heldAddress(i) == roots.heldAddress(reference) && !roots.heldConservatively(i)) {
                    return true;
                }
            }
        }
        return false;
    }
}
