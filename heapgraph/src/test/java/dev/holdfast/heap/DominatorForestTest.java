package dev.holdfast.heap;

import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.testkit.BruteForceDominators;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.TestGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jgrapht.GraphTests;
import org.jgrapht.alg.lca.BinaryLiftingLCAFinder;
import org.jgrapht.alg.lca.HeavyPathLCAFinder;
import org.jgrapht.alg.lca.NaiveLCAFinder;
import org.jgrapht.traverse.TopologicalOrderIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DominatorForestTest {
    @TempDir
    Path folder;

    /** A random heap of arrays, as a graph and as objects. */
    private record RandomHeap(HeapBuilder heap, TestGraph graph, List<FakeArray> nodes) {
        static RandomHeap of(long seed, int size) {
            Random random = new Random(seed);
            HeapBuilder heap = new HeapBuilder();
            int[][] successors = new int[size][];
            List<FakeArray> nodes = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                successors[i] = random.ints(random.nextInt(4), 0, size).toArray();
                nodes.add(heap.arrayOfLength(heap.javaLangObject(), successors[i].length));
            }
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < successors[i].length; j++) {
                    nodes.get(i).set(j, nodes.get(successors[i][j]));
                }
            }
            int[] roots = random.ints(3, 0, size).distinct().toArray();
            for (int root : roots) {
                heap.root(FakeRoot.JNI_GLOBAL, nodes.get(root));
            }
            return new RandomHeap(heap, new TestGraph(successors, roots), nodes);
        }
    }

    @Test
    void theForestKeepsWhatJGraphTPromises() throws IOException {
        RandomHeap random = RandomHeap.of(11, 60);
        try (HeapSnapshot heap = Dumps.open(random.heap(), folder);
                HeapSnapshot other = Dumps.open(random.heap(), folder)) {
            DominatorForest forest = DominatorForest.of(heap);
            DominatorForest foreign = DominatorForest.of(other);
            GraphContract.consistent(forest);
            GraphContract.readOnlyAndClosed(
                    forest,
                    foreign.vertexSet().iterator().next(),
                    foreign.edgeSet().iterator().next());
            assertThat(GraphTests.isForest(new org.jgrapht.graph.AsUndirectedGraph<>(forest)))
                    .isTrue();
            HeapObject unreachable = heap.objects()
                    .filter(object -> !object.isReachable())
                    .findFirst()
                    .orElseThrow();
            assertThat(forest.containsVertex(unreachable)).isFalse();
        }
    }

    @Test
    void edgesAreTheImmediateDominatorsOfBruteForce() throws IOException {
        for (long seed = 1; seed <= 20; seed++) {
            RandomHeap random = RandomHeap.of(seed, 40);
            int[] expected = new BruteForceDominators(random.graph()).immediateDominators();
            try (HeapSnapshot heap = Dumps.open(random.heap(), folder)) {
                DominatorForest forest = DominatorForest.of(heap);
                for (int i = 0; i < expected.length; i++) {
                    HeapObject object = Dumps.handle(heap, random.nodes().get(i));
                    String which = "seed " + seed + ", node " + i;
                    assertThat(forest.containsVertex(object)).as(which).isEqualTo(expected[i] != TestGraph.UNREACHABLE);
                    if (expected[i] == TestGraph.UNREACHABLE) {
                        continue;
                    }
                    Set<DominatorEdge> above = forest.incomingEdgesOf(object);
                    if (expected[i] == TestGraph.VIRTUAL_ROOT) {
                        assertThat(above).as(which).isEmpty();
                        assertThat(forest.roots()).as(which).contains(object);
                    } else {
                        HeapObject dominator = Dumps.handle(heap, random.nodes().get(expected[i]));
                        assertThat(above).as(which).containsExactly(new DominatorEdge(dominator, object));
                        assertThat(forest.roots()).as(which).doesNotContain(object);
                    }
                }
            }
        }
    }

    @Test
    void lowestCommonAncestorsAreTheNearestCommonDominators() throws IOException {
        for (long seed = 1; seed <= 5; seed++) {
            RandomHeap random = RandomHeap.of(seed, 40);
            BruteForceDominators brute = new BruteForceDominators(random.graph());
            try (HeapSnapshot heap = Dumps.open(random.heap(), folder)) {
                DominatorForest forest = DominatorForest.of(heap);
                NaiveLCAFinder<HeapObject, DominatorEdge> naive = new NaiveLCAFinder<>(forest);
                BinaryLiftingLCAFinder<HeapObject, DominatorEdge> lifting =
                        new BinaryLiftingLCAFinder<>(forest, forest.roots());
                HeavyPathLCAFinder<HeapObject, DominatorEdge> heavy = new HeavyPathLCAFinder<>(forest, forest.roots());
                int held = 0;
                for (int a = 0; a < 40; a++) {
                    for (int b = a; b < 40; b++) {
                        if (!brute.isReachable(a) || !brute.isReachable(b)) {
                            continue;
                        }
                        HeapObject expected = null;
                        for (int by = 0; by < 40; by++) {
                            if (brute.isDominated(a, by)
                                    && brute.isDominated(b, by)
                                    && (expected == null || brute.isDominated(by, nodeOf(random, heap, expected)))) {
                                expected = Dumps.handle(heap, random.nodes().get(by));
                            }
                        }
                        HeapObject one = Dumps.handle(heap, random.nodes().get(a));
                        HeapObject two = Dumps.handle(heap, random.nodes().get(b));
                        String which = "seed " + seed + ", nodes " + a + " and " + b;
                        assertThat(naive.getLCA(one, two)).as(which).isEqualTo(expected);
                        assertThat(lifting.getLCA(one, two)).as(which).isEqualTo(expected);
                        assertThat(heavy.getLCA(one, two)).as(which).isEqualTo(expected);
                        held += expected == null ? 0 : 1;
                    }
                }
                assertThat(held)
                        .as("seed %d: pairs with a common dominator", seed)
                        .isPositive();
            }
        }
    }

    private static int nodeOf(RandomHeap random, HeapSnapshot heap, HeapObject object) {
        for (int i = 0; i < random.nodes().size(); i++) {
            if (Dumps.handle(heap, random.nodes().get(i)).equals(object)) {
                return i;
            }
        }
        throw new AssertionError(object.toString());
    }

    @Test
    void objectsOfFramesHangBelowTheThread() throws IOException {
        HeapBuilder built = new HeapBuilder();
        FakeClass node = built.classNamed("com.example.Node").field("next", OBJECT);
        FakeInstance shared = built.instance(node);
        FakeInstance a = built.instance(node).set("next", shared);
        FakeInstance b = built.instance(node).set("next", shared);
        FakeThread thread = built.thread("worker");
        thread.frame(node, "leaf", "Node.java", 1).local(a);
        thread.frame(node, "run", "Node.java", 2).local(b);
        try (HeapSnapshot heap = Dumps.open(built, folder)) {
            DominatorForest forest = DominatorForest.of(heap);
            GraphContract.consistent(forest);
            HeapObject above = Dumps.handle(heap, thread);
            assertThat(forest.outgoingEdgesOf(above))
                    .contains(
                            new DominatorEdge(above, Dumps.handle(heap, a)),
                            new DominatorEdge(above, Dumps.handle(heap, b)),
                            new DominatorEdge(above, Dumps.handle(heap, shared)));
            assertThat(forest.roots()).contains(above);
        }
    }

    @Test
    void subtreesAddUpToRetainedSizes() throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        Path dump = Fixtures.java().orElseThrow().resolve("hello17.hprof.gz");
        try (HeapSnapshot heap = Holdfast.open(dump)) {
            DominatorForest forest = DominatorForest.of(heap);
            List<HeapObject> order = new ArrayList<>();
            new TopologicalOrderIterator<>(forest).forEachRemaining(order::add);
            Map<HeapObject, Long> sums = new HashMap<>();
            for (int i = order.size() - 1; i >= 0; i--) {
                HeapObject object = order.get(i);
                long sum = sums.merge(object, object.shallowSize(), Long::sum);
                assertThat(object.retainedSize()).as(object.toString()).isEqualTo(sum);
                for (DominatorEdge edge : forest.incomingEdgesOf(object)) {
                    sums.merge(edge.dominator(), sum, Long::sum);
                }
            }
            assertThat((long) order.size()).isEqualTo(heap.totals().reachableObjects());
            assertThat(forest.roots().stream().mapToLong(sums::get).sum())
                    .isEqualTo(heap.totals().reachableBytes());
        }
    }

    /** Without frames as nodes the dominators of the view, from the objects that are roots, are those of the snapshot. */
    @Test
    void dominatorsOfTheObjectGraphViewAreThoseOfTheSnapshot() throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        Path dump = Fixtures.java().orElseThrow().resolve("sun_jdk6_18_x64.hprof.gz");
        try (HeapSnapshot heap = HeapSnapshot.open(
                DumpFile.open(dump, DumpOptions.DEFAULT.withMat(true), Progress.NONE),
                SnapshotOptions.DEFAULT,
                Progress.NONE)) {
            Set<HeapObject> roots = new HashSet<>();
            for (int i = 0; i < heap.roots().count(); i++) {
                roots.add(heap.objectAt(heap.roots().node(i)));
            }
            Dominators<HeapObject, HeapReference> dominators = new Dominators<>(ObjectGraphView.of(heap), roots);
            heap.objects().forEach(object -> {
                assertThat(dominators.isReachable(object)).isEqualTo(object.isReachable());
                assertThat(dominators.immediateDominator(object)).isEqualTo(object.immediateDominator());
            });
        }
    }
}
