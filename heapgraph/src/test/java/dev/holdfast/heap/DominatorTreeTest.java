package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.dump.CanceledException;
import dev.holdfast.dump.Progress;
import dev.holdfast.testkit.BruteForceDominators;
import dev.holdfast.testkit.LengauerTarjan;
import dev.holdfast.testkit.RandomGraphs;
import dev.holdfast.testkit.TestGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dominators and retained sizes against their definition, and on graphs too big for it against another algorithm. */
final class DominatorTreeTest {
    private static final int ROOT = DominatorTree.VIRTUAL_ROOT;
    private static final int NONE = DominatorTree.UNREACHABLE;

    @TempDir
    Path folder;

    @Test
    void theExampleOfThePaperHasThePapersDominators() {
        assertDominators(TestGraph.lengauerTarjan(), TestGraph.lengauerTarjanDominators());
    }

    @Test
    void diamond() {
        assertDominators(TestGraph.of(4, new int[] {0}, 0, 1, 0, 2, 1, 3, 2, 3), ROOT, 0, 0, 0);
    }

    @Test
    void diamondBelowADiamond() {
        assertDominators(
                TestGraph.of(7, new int[] {0}, 0, 1, 0, 2, 1, 3, 2, 3, 3, 4, 3, 5, 4, 6, 5, 6), ROOT, 0, 0, 0, 3, 3, 3);
    }

    @Test
    void cycleEnteredTwice() {
        assertDominators(TestGraph.of(3, new int[] {0}, 0, 1, 0, 2, 1, 2, 2, 1), ROOT, 0, 0);
    }

    @Test
    void cycleBackToTheRoot() {
        assertDominators(TestGraph.of(3, new int[] {0}, 0, 1, 1, 2, 2, 0, 2, 1), ROOT, 0, 1);
    }

    @Test
    void selfLoopsAndDuplicateEdgesChangeNothing() {
        assertDominators(TestGraph.of(2, new int[] {0}, 0, 0, 0, 1, 0, 1, 1, 1), ROOT, 0);
    }

    @Test
    void twoRootsShareAChildOfTheVirtualRoot() {
        assertDominators(TestGraph.of(4, new int[] {0, 1}, 0, 2, 1, 2, 2, 3), ROOT, ROOT, ROOT, 2);
    }

    @Test
    void aRootThatAnotherRootReachesStaysARoot() {
        assertDominators(TestGraph.of(4, new int[] {0, 2}, 0, 1, 1, 2, 2, 3), ROOT, 0, ROOT, 2);
    }

    @Test
    void unreachablePredecessorsDoNotCount() {
        assertDominators(TestGraph.of(4, new int[] {0}, 0, 1, 1, 2, 3, 2), ROOT, 0, 1, NONE);
    }

    @Test
    void whatHangsFromTheRestByOneEdgeIsNotPartOfTheProblem() {
        // 1 and 2 share 3; 4, 5 and 6 hang below 1, though 5 refers to 3 and 6 to 2; 7 is not reachable but refers to
        // 8.
        TestGraph graph =
                TestGraph.of(9, new int[] {0}, 0, 2, 0, 1, 2, 3, 1, 3, 1, 4, 4, 5, 4, 6, 5, 3, 6, 2, 1, 8, 7, 8);
        ColumnStore store = ColumnStore.onHeap();
        DepthFirstSearch search = new DepthFirstSearch(Graphs.plain(graph, store), store, store, Progress.NONE);
        search.run();
        assertThat(search.reached()).isEqualTo(8);
        Set<Integer> numbered = new TreeSet<>();
        for (int number = 1; number <= search.count(); number++) {
            numbered.add(search.nodes().get(number));
        }
        // 4 stays because it has the edge of 5 already when 6 has one of its own.
        assertThat(numbered).contains(0, 3, 4, 8).doesNotContain(5, 6, 7);
        assertDominators(graph, ROOT, 0, 0, 0, 1, 4, 4, NONE, 1);
    }

    @Test
    void noRootsNoDominators() {
        assertDominators(TestGraph.of(2, new int[0], 0, 1), NONE, NONE);
    }

    @Test
    void noNodes() {
        assertDominators(TestGraph.of(0, new int[0]));
    }

    @Test
    void thousandsOfRandomGraphsAgreeWithRemovingNodes() {
        for (long seed = 0; seed < 6000; seed++) {
            TestGraph graph = RandomGraphs.graph(seed, 48);
            BruteForceDominators brute = new BruteForceDominators(graph);
            long[] shallow = new Random(seed).longs(graph.nodes(), 0, 1000).toArray();
            ColumnStore store = ColumnStore.onHeap();
            DominatorTree tree = Graphs.dominators(Graphs.plain(graph, store), shallow, store);
            int[] dominators = Graphs.immediateDominators(tree);
            if (!Arrays.equals(dominators, brute.immediateDominators())) {
                assertThat(dominators).as("seed %d: %s", seed, graph).isEqualTo(brute.immediateDominators());
            }
            long[] retained = Graphs.retainedSizes(tree);
            if (!Arrays.equals(retained, brute.retainedSizes(shallow))) {
                assertThat(retained).as("seed %d: %s", seed, graph).isEqualTo(brute.retainedSizes(shallow));
            }
            assertIdentities(tree, shallow);
        }
    }

    @ParameterizedTest
    @EnumSource
    void jumpPointersGiveTheSameAnswer(RandomGraphs.Shape shape) {
        for (long seed = 0; seed < 300; seed++) {
            TestGraph graph = RandomGraphs.graph(seed, shape, 60);
            ColumnStore store = ColumnStore.onHeap();
            NodeGraph nodes = Graphs.plain(graph, store);
            DepthFirstSearch search = new DepthFirstSearch(nodes, store, store, Progress.NONE);
            search.run();
            Predecessors predecessors = Predecessors.of(search, store, store);
            IntColumn idom = SemiNca.dominators(search, predecessors, store, store, seed % 7, Progress.NONE);
            int[] expected = LengauerTarjan.immediateDominators(graph);
            for (int w = 1; w <= search.reached(); w++) {
                int above = idom.get(w);
                assertThat(above == 0 ? ROOT : search.nodes().get(above))
                        .as("seed %d", seed)
                        .isEqualTo(expected[search.nodes().get(w)]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void largeGraphsAgreeWithLengauerAndTarjan(RandomGraphs.Shape shape) throws IOException {
        int nodes = shape == RandomGraphs.Shape.DENSE ? 1500 : 150_000;
        TestGraph graph = RandomGraphs.graph(7, shape, nodes);
        int[] expected = LengauerTarjan.immediateDominators(graph);
        long[] shallow = new Random(7).longs(nodes, 0, 1000).toArray();
        long[] retained = LengauerTarjan.retainedSizes(expected, shallow);
        try (ColumnStore onHeap = ColumnStore.onHeap();
                ColumnStore mapped = ColumnStore.mapped(folder);
                ColumnStore pieces = ColumnStore.chunked(null, 1 << 12)) {
            for (ColumnStore[] stores :
                    new ColumnStore[][] {{onHeap, onHeap}, {mapped, mapped}, {pieces, pieces}, {onHeap, mapped}}) {
                long sum = Arrays.stream(shallow).sum();
                DominatorTree tree = DominatorTree.compute(
                        Graphs.plain(graph, stores[0]),
                        node -> shallow[node],
                        sum,
                        stores[0],
                        stores[1],
                        Progress.NONE);
                assertThat(Arrays.equals(Graphs.immediateDominators(tree), expected))
                        .isTrue();
                assertThat(Arrays.equals(Graphs.retainedSizes(tree), retained)).isTrue();
                assertIdentities(tree, shallow);
            }
        }
    }

    @Test
    void aListOfTwoMillionNodes() {
        int n = 2_000_000;
        int[][] successors = new int[n][];
        Arrays.setAll(successors, i -> i + 1 < n ? new int[] {i + 1} : new int[0]);
        DominatorTree tree = tree(new TestGraph(successors, new int[] {0}));
        for (int i = 0; i < n; i++) {
            if (tree.immediateDominator(i) != i - 1 || tree.retainedSize(i) != n - i) {
                fail("node %d", i);
            }
        }
    }

    @Test
    void aDoublyLinkedListOfAMillionNodesWithATail() {
        int n = 1_000_000;
        int[][] successors = new int[n + 1][];
        Arrays.setAll(
                successors,
                i -> i == n
                        ? new int[] {0, n - 1}
                        : i == 0 ? new int[] {1} : i == n - 1 ? new int[] {i - 1} : new int[] {i - 1, i + 1});
        // The list object points to the first and the last node: so it dominates each of them itself.
        DominatorTree tree = tree(new TestGraph(successors, new int[] {n}));
        for (int i = 0; i < n; i++) {
            if (tree.immediateDominator(i) != n || tree.retainedSize(i) != 1) {
                fail("node %d", i);
            }
        }
        assertThat(tree.retainedSize(n)).isEqualTo(n + 1);
    }

    @Test
    void aStarOfTenMillionEdges() {
        int n = 2_500_000;
        ColumnStore store = ColumnStore.onHeap();
        EdgeListBuilder builder = new EdgeListBuilder(store, n + 1);
        EdgeCollector collector = builder.open(0);
        collector.begin(n);
        for (int i = 0; i < 10_000_000; i++) {
            collector.edge(i % n, NodeGraph.UNNAMED);
        }
        for (int i = 0; i < n; i++) {
            collector.begin(i);
            collector.edge(n, 0);
        }
        builder.close(collector);
        NodeGraph graph = NodeGraph.plain(builder.build(false, 1), n + 1, new int[] {n});
        DominatorTree tree = DominatorTree.compute(graph, node -> 16, 16L * (n + 1), store, Progress.NONE);
        for (int i = 0; i < n; i++) {
            if (tree.immediateDominator(i) != n) {
                fail("node %d", i);
            }
        }
        assertThat(tree.totalRetainedSize()).isEqualTo(16L * (n + 1));
    }

    @Test
    void theWorstCaseOfWalkingUpIsBoundedByJumpPointers() {
        // A long chain; below its end many nodes that the root points to as well: each would walk up the whole chain.
        int half = 200_000;
        int[][] successors = new int[2 * half + 1][];
        for (int i = 1; i <= half; i++) {
            successors[i] = new int[] {i + 1};
            successors[half + i] = new int[0];
        }
        int[] targets = new int[half];
        Arrays.setAll(targets, i -> half + 1 + i);
        successors[half] = targets;
        successors[0] = new int[half + 1];
        successors[0][0] = 1;
        System.arraycopy(targets, 0, successors[0], 1, half);
        DominatorTree tree = tree(new TestGraph(successors, new int[] {0}));
        for (int i = half + 1; i <= 2 * half; i++) {
            if (tree.immediateDominator(i) != 0) {
                fail("node %d", i);
            }
        }
        assertThat(tree.immediateDominator(half)).isEqualTo(half - 1);
    }

    @Test
    void retainedSizesBeyondFourGibibytes() {
        TestGraph graph = TestGraph.of(3, new int[] {0}, 0, 1, 1, 2);
        ColumnStore store = ColumnStore.onHeap();
        long[] shallow = {1, 1L << 40, 1L << 33};
        DominatorTree tree = Graphs.dominators(Graphs.plain(graph, store), shallow, store);
        assertThat(tree.retainedSize(0)).isEqualTo(1 + (1L << 40) + (1L << 33));
        assertThat(tree.retainedSize(2)).isEqualTo(1L << 33);
    }

    @Test
    void canBeCancelled() {
        int n = 1_000_000;
        int[][] successors = new int[n][];
        Arrays.setAll(successors, i -> i + 1 < n ? new int[] {i + 1} : new int[0]);
        ColumnStore store = ColumnStore.onHeap();
        NodeGraph graph = Graphs.plain(new TestGraph(successors, new int[] {0}), store);
        Progress cancelled = new Progress() {
            @Override
            public void phase(String name, long total) {}

            @Override
            public void advance(long done) {}

            @Override
            public boolean cancelled() {
                return true;
            }
        };
        assertThatThrownBy(() -> DominatorTree.compute(graph, node -> 1, n, store, cancelled))
                .isInstanceOf(CanceledException.class);
    }

    private static DominatorTree tree(TestGraph graph) {
        ColumnStore store = ColumnStore.onHeap();
        return DominatorTree.compute(Graphs.plain(graph, store), node -> 1, graph.nodes(), store, Progress.NONE);
    }

    private static void assertDominators(TestGraph graph, int... expected) {
        assertThat(Graphs.immediateDominators(tree(graph))).as("%s", graph).isEqualTo(expected);
    }

    private static void assertIdentities(DominatorTree tree, long[] shallow) {
        long sum = 0;
        boolean[] seen = new boolean[tree.nodeCount()];
        for (int i = 0; i < tree.reachableCount(); i++) {
            int node = tree.nodeAt(i);
            int dominator = tree.immediateDominator(node);
            if (dominator != ROOT && !seen[dominator]) {
                fail("node %d before its dominator", node);
            }
            seen[node] = true;
            sum += shallow[node];
        }
        assertThat(tree.totalRetainedSize()).isEqualTo(sum);
        for (int node = 0; node < seen.length; node++) {
            if (tree.reachable(node) != seen[node]) {
                fail("node %d", node);
            }
        }
    }
}
