package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.Strength;
import dev.holdfast.testkit.BruteForceDominators;
import dev.holdfast.testkit.RandomGraphs;
import dev.holdfast.testkit.TestGraph;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Roots that count only while their source is not reached, against their definition. */
final class ConditionalRootsTest {
    private static final int GRAPHS = 4000;

    /** What a random graph with conditional roots must give. */
    private static final class Expected {
        final int[] sources;
        final int[] targets;
        final boolean[] counts;
        final boolean[] strong;
        final TestGraph withThem;

        Expected(TestGraph graph, Random random) {
            int count = random.nextInt(6);
            this.sources = random.ints(count, -1, graph.nodes()).toArray();
            this.targets = random.ints(count, 0, graph.nodes()).toArray();
            this.counts = new boolean[count];
            this.strong = graph.reachable(-1);
            TestGraph grown = graph;
            for (int i = 0; i < count; i++) {
                counts[i] = sources[i] < 0 || !grown.reachable(-1)[sources[i]];
                if (counts[i]) {
                    int target = targets[i];
                    int[] roots = IntStream.concat(Arrays.stream(grown.roots()), IntStream.of(target))
                            .distinct()
                            .toArray();
                    grown = new TestGraph(grown.successors(), roots);
                }
            }
            this.withThem = grown;
        }
    }

    @Test
    void dominatorsAndReachabilityAreThoseOfTheRootsThatCount() {
        int counted = 0;
        for (long seed = 0; seed < GRAPHS; seed++) {
            TestGraph graph = RandomGraphs.graph(seed, 40);
            if (graph.nodes() == 0) {
                continue;
            }
            Expected expected = new Expected(graph, new Random(seed));
            ColumnStore store = ColumnStore.onHeap();
            NodeGraph nodes = Graphs.plain(graph, store)
                    .withConditionalRoots(ConditionalRoots.of(RootKind.FINALIZER, expected.sources, expected.targets));
            String message = "seed " + seed + ": " + graph + ", from " + Arrays.toString(expected.sources) + " to "
                    + Arrays.toString(expected.targets);

            DominatorTree tree = Graphs.dominators(nodes, new long[graph.nodes()], store);
            assertThat(Graphs.immediateDominators(tree))
                    .as(message)
                    .isEqualTo(new BruteForceDominators(expected.withThem).immediateDominators());

            Reachability reachability = Reachability.compute(nodes, store, Progress.NONE);
            boolean[] reached = expected.withThem.reachable(-1);
            for (int node = 0; node < graph.nodes(); node++) {
                int level = expected.strong[node]
                        ? Reachability.level(Strength.STRONG)
                        : reached[node] ? Reachability.level(Strength.FINALIZER) : Reachability.UNREACHABLE;
                assertThat(reachability.level(node)).as(message).isEqualTo(level);
            }
            for (int i = 0; i < expected.counts.length; i++) {
                assertThat(reachability.isRoot(i)).as(message).isEqualTo(expected.counts[i]);
                counted += expected.counts[i] ? 1 : 0;
            }
        }
        assertThat(counted).as("conditional roots that count").isGreaterThan(GRAPHS / 4);
    }

    @Test
    void theyDoNotCountWhereOnlyStrongReferencesDo() {
        TestGraph graph = TestGraph.of(3, new int[] {0}, 1, 2);
        ColumnStore store = ColumnStore.onHeap();
        NodeGraph nodes = Graphs.plain(graph, store)
                .withConditionalRoots(ConditionalRoots.of(RootKind.CLEANUP, new int[] {1}, new int[] {2}))
                .withStrongOnly(true);

        assertThat(Graphs.immediateDominators(Graphs.dominators(nodes, new long[3], store)))
                .containsExactly(DominatorTree.VIRTUAL_ROOT, DominatorTree.UNREACHABLE, DominatorTree.UNREACHABLE);
        assertThat(Reachability.compute(nodes, store, Progress.NONE).level(2))
                .isEqualTo(Reachability.level(Strength.FINALIZER));
    }
}
