package dev.holdfast.heap;

import dev.holdfast.dump.Progress;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Edges to dominators and retained sizes, on shapes that heaps have and on those that hurt. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx3g", "-XX:+UseSerialGC"})
public class DominatorsBenchmark {
    /** What the graph looks like. */
    public enum Shape {
        /** A random graph, two to four edges a node: no locality at all. */
        RANDOM,
        /** One list of all nodes, linked both ways. */
        LIST,
        /** A tree of four children a node, each with an edge to its parent. */
        TREE,
        /** One node that refers to all others. */
        STAR
    }

    /** How many nodes. */
    @Param({"1000000"})
    public int nodes;

    /** What the graph looks like. */
    @Param
    public Shape shape = Shape.TREE;

    private NodeGraph graph =
            NodeGraph.plain(new EdgeListBuilder(ColumnStore.onHeap(), 0).build(false, 1), 0, new int[0]);

    /** Builds the graph, once for each combination of parameters. */
    @Setup
    public void build() {
        Random random = new Random(42);
        EdgeListBuilder builder = new EdgeListBuilder(ColumnStore.onHeap(), nodes);
        EdgeCollector edges = builder.open(0);
        for (int node = 0; node < nodes; node++) {
            edges.begin(node);
            switch (shape) {
                case RANDOM -> {
                    for (int i = 2 + random.nextInt(3); i > 0; i--) {
                        edges.edge(random.nextInt(nodes), 0);
                    }
                }
                case LIST -> {
                    if (node + 1 < nodes) {
                        edges.edge(node + 1, 0);
                    }
                    edges.edge(Math.max(node - 1, 0), 0);
                }
                case TREE -> {
                    edges.edge(Math.max(node - 1, 0) / 4, 0);
                    for (long child = 4L * node + 1; child <= 4L * node + 4 && child < nodes; child++) {
                        edges.edge((int) child, 0);
                    }
                }
                case STAR -> {
                    for (int target = 1; node == 0 && target < nodes; target++) {
                        edges.edge(target, 0);
                    }
                }
            }
        }
        builder.close(edges);
        graph = NodeGraph.plain(builder.build(false, 1), nodes, new int[] {0});
    }

    /** Depth-first search, predecessors, dominators, retained sizes. */
    @Benchmark
    public DominatorTree dominators() {
        return DominatorTree.compute(graph, node -> 16, 16L * nodes, ColumnStore.onHeap(), Progress.NONE);
    }
}
