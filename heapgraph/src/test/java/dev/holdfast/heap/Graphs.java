package dev.holdfast.heap;

import dev.holdfast.dump.Progress;
import dev.holdfast.testkit.TestGraph;
import java.util.Arrays;

/** Builds node graphs for tests. */
final class Graphs {
    private Graphs() {}

    /** The graph with all nodes as holders, which have no types. */
    static NodeGraph plain(TestGraph graph, ColumnStore store) {
        EdgeListBuilder builder = new EdgeListBuilder(store, graph.nodes());
        EdgeCollector collector = builder.open(0);
        for (int node = 0; node < graph.nodes(); node++) {
            collector.begin(node);
            for (int target : graph.successors()[node]) {
                collector.edge(target, 0);
            }
        }
        builder.close(collector);
        return NodeGraph.plain(builder.build(false, 1), graph.nodes(), graph.roots());
    }

    static DominatorTree dominators(NodeGraph graph, long[] shallow, ColumnStore store) {
        return DominatorTree.compute(
                graph, node -> shallow[node], Arrays.stream(shallow).sum(), store, Progress.NONE);
    }

    static int[] immediateDominators(DominatorTree tree) {
        int[] result = new int[tree.nodeCount()];
        Arrays.setAll(result, tree::immediateDominator);
        return result;
    }

    static long[] retainedSizes(DominatorTree tree) {
        long[] result = new long[tree.nodeCount()];
        Arrays.setAll(result, tree::retainedSize);
        return result;
    }
}
