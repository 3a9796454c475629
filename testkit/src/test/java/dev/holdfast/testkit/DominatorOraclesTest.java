package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The two algorithms against each other and against answers known from elsewhere. */
class DominatorOraclesTest {
    private static final int ROOT = TestGraph.VIRTUAL_ROOT;
    private static final int NONE = TestGraph.UNREACHABLE;

    private static void assertDominators(TestGraph graph, int... expected) {
        assertThat(new BruteForceDominators(graph).immediateDominators())
                .as("brute force of %s", graph)
                .isEqualTo(expected);
        assertThat(LengauerTarjan.immediateDominators(graph))
                .as("Lengauer-Tarjan of %s", graph)
                .isEqualTo(expected);
    }

    @Test
    void theExampleOfThePaperHasThePapersDominators() {
        assertThat(TestGraph.lengauerTarjan().edges()).isEqualTo(21);
        assertDominators(TestGraph.lengauerTarjan(), TestGraph.lengauerTarjanDominators());
    }

    @Test
    void diamond() {
        assertDominators(TestGraph.of(4, new int[] {0}, 0, 1, 0, 2, 1, 3, 2, 3), ROOT, 0, 0, 0);
    }

    @Test
    void cycleEnteredTwice() {
        assertDominators(TestGraph.of(3, new int[] {0}, 0, 1, 0, 2, 1, 2, 2, 1), ROOT, 0, 0);
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
        assertDominators(TestGraph.of(3, new int[] {0, 1}, 0, 1, 1, 2), ROOT, ROOT, 1);
    }

    @Test
    void unreachablePredecessorsDoNotCount() {
        assertDominators(TestGraph.of(4, new int[] {0}, 0, 1, 1, 2, 3, 2), ROOT, 0, 1, NONE);
    }

    @Test
    void noRootsNoDominators() {
        assertDominators(TestGraph.of(1, new int[0], 0, 0), NONE);
    }

    @Test
    void retainedSetIsWhatIsLostWithTheNode() {
        TestGraph graph = TestGraph.of(5, new int[] {0}, 0, 1, 1, 2, 1, 3, 3, 2, 4, 2);
        BruteForceDominators brute = new BruteForceDominators(graph);
        assertThat(brute.retainedSet(1)).containsExactly(1, 2, 3);
        assertThat(brute.retainedSet(4)).isEmpty();
        assertThat(brute.retainedSizes(new long[] {1, 10, 100, 1000, 10000})).containsExactly(1111, 1110, 100, 1000, 0);
    }

    @Test
    void bothAlgorithmsAgreeOnThousandsOfRandomGraphs() {
        for (long seed = 0; seed < 4000; seed++) {
            TestGraph graph = RandomGraphs.graph(seed, 40);
            BruteForceDominators brute = new BruteForceDominators(graph);
            int[] dominators = brute.immediateDominators();
            assertThat(LengauerTarjan.immediateDominators(graph))
                    .as("seed %d: %s", seed, graph)
                    .isEqualTo(dominators);
            long[] shallow = new Random(seed).longs(graph.nodes(), 1, 1000).toArray();
            assertThat(LengauerTarjan.retainedSizes(dominators, shallow))
                    .as("retained, seed %d: %s", seed, graph)
                    .isEqualTo(brute.retainedSizes(shallow));
        }
    }

    @Test
    void randomGraphsAreReproducibleAndHoldWhatTheyPromise() {
        assertThat(RandomGraphs.graph(7, 100)).isEqualTo(RandomGraphs.graph(7, 100));
        Map<RandomGraphs.Shape, Integer> deepest = new EnumMap<>(RandomGraphs.Shape.class);
        int selfLoops = 0;
        int severalRoots = 0;
        int noRoots = 0;
        int unreachablePredecessors = 0;
        int duplicates = 0;
        for (RandomGraphs.Shape shape : RandomGraphs.Shape.values()) {
            for (long seed = 0; seed < 100; seed++) {
                TestGraph graph = RandomGraphs.graph(seed, shape, 30);
                boolean[] reachable = graph.reachable(-1);
                int[] dominators = LengauerTarjan.immediateDominators(graph);
                severalRoots += graph.roots().length > 1 ? 1 : 0;
                noRoots += graph.roots().length == 0 ? 1 : 0;
                for (int from = 0; from < graph.nodes(); from++) {
                    int[] to = graph.successors()[from];
                    duplicates += to.length > Arrays.stream(to).distinct().count() ? 1 : 0;
                    for (int target : to) {
                        selfLoops += from == target ? 1 : 0;
                        unreachablePredecessors += !reachable[from] && reachable[target] ? 1 : 0;
                    }
                    int depth = 0;
                    for (int d = from; d >= 0; d = dominators[d]) {
                        depth++;
                    }
                    deepest.merge(shape, depth, Math::max);
                }
            }
        }
        assertThat(selfLoops).isPositive();
        assertThat(severalRoots).isPositive();
        assertThat(noRoots).isPositive();
        assertThat(unreachablePredecessors).isPositive();
        assertThat(duplicates).isPositive();
        assertThat(deepest.get(RandomGraphs.Shape.NESTED)).isGreaterThan(5);
        assertThat(deepest.get(RandomGraphs.Shape.LIST)).isGreaterThan(15);
    }

    @Test
    void aMillionNodesInALineAndBackNeedNoRecursion() {
        int n = 1_000_000;
        long[] offsets = new long[n + 1];
        int[] targets = new int[2 * n];
        int[] expected = new int[n];
        int used = 0;
        for (int i = 0; i < n; i++) {
            if (i + 1 < n) {
                targets[used++] = i + 1;
            }
            targets[used++] = Math.max(0, i - 1);
            offsets[i + 1] = used;
            expected[i] = i - 1;
        }
        int[] dominators = LengauerTarjan.immediateDominators(offsets, targets, new int[] {0});
        assertThat(dominators).isEqualTo(expected);
        long[] ones = new long[n];
        Arrays.fill(ones, 1);
        assertThat(LengauerTarjan.retainedSizes(dominators, ones)[0]).isEqualTo(n);
    }
}
