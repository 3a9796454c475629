package dev.holdfast.report.waste;

import dev.holdfast.heap.ObjectGraph;

/** References of objects by slot. Stateless. */
final class References {
    private References() {}

    /** The object that a reference in a slot leads to, or -1. */
    static int of(ObjectGraph graph, int object, int slot) {
        if (slot >= 0) {
            long end = graph.endReference(object);
            for (long r = graph.firstReference(object); r < end; r++) {
                if (graph.slot(r) == slot) {
                    int target = graph.target(r);
                    return graph.isHolder(target) ? -1 : target;
                }
            }
        }
        return -1;
    }
}
