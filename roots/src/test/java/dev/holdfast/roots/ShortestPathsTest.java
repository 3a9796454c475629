package dev.holdfast.roots;

import static dev.holdfast.testkit.HprofType.OBJECT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.RandomGraphs;
import dev.holdfast.testkit.TestGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShortestPathsTest {
    @TempDir
    Path folder;

    @Test
    void lengthsEqualThoseOfAPlainSearchOnRandomGraphs() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            TestGraph graph = RandomGraphs.graph(seed, 40);
            HeapBuilder builder = new HeapBuilder();
            FakeArray[] nodes = Heaps.build(builder, graph);
            int[] distances = Heaps.distances(graph, -1);
            try (HeapSnapshot heap = Heaps.open(builder, folder)) {
                ShortestPaths paths = Heaps.paths(heap, false);
                for (int i = 0; i < nodes.length; i++) {
                    int object = Heaps.node(heap, nodes[i]);
                    RootPath path = paths.pathTo(object);
                    assertThat(paths.length(object))
                            .as("seed %d node %d", seed, i)
                            .isEqualTo(distances[i]);
                    assertThat(path == null ? 0 : path.length())
                            .as("seed %d node %d", seed, i)
                            .isEqualTo(distances[i]);
                    if (path != null) {
                        check(heap, path, object, "seed " + seed + " node " + i);
                    }
                }
            }
        }
    }

    /** A path begins at a root, follows references and repeats nothing. */
    private static void check(HeapSnapshot heap, RootPath path, int object, String what) {
        assertThat(heap.roots().positionOf(path.object(0))).as(what).isNotNegative();
        assertThat(path.object(path.length() - 1)).as(what).isEqualTo(object);
        assertThat(path.via(0)).as(what).isNull();
        TreeSet<Integer> met = new TreeSet<>();
        for (int step = 0; step < path.length(); step++) {
            assertThat(met.add(path.object(step))).as(what).isTrue();
            if (step > 0) {
                assertThat(path.via(step)).as(what).isEqualTo("[]");
            }
        }
    }

    @Test
    void severalPathsEndWithEachReferrerInTurnNearestFirst() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            TestGraph graph = RandomGraphs.graph(seed, 25);
            int target = new Random(seed).nextInt(graph.nodes());
            int[] distances = Heaps.distances(graph, target);
            List<Integer> expected = new ArrayList<>();
            if (Arrays.stream(graph.roots()).anyMatch(root -> root == target)) {
                expected.add(1);
            }
            for (int source = 0; source < graph.nodes(); source++) {
                if (distances[source] > 0
                        && Arrays.stream(graph.successors()[source]).anyMatch(to -> to == target)) {
                    expected.add(distances[source] + 1);
                }
            }
            expected.sort(null);
            HeapBuilder builder = new HeapBuilder();
            FakeArray[] nodes = Heaps.build(builder, graph);
            try (HeapSnapshot heap = Heaps.open(builder, folder)) {
                int object = Heaps.node(heap, nodes[target]);
                List<RootPath> paths = Heaps.paths(heap, false).paths(object, 1000, Progress.NONE);
                assertThat(paths)
                        .extracting(RootPath::length)
                        .as("seed %d", seed)
                        .isEqualTo(expected);
                assertThat(paths.stream().map(path -> path.length() == 1 ? -1 : path.object(path.length() - 2)))
                        .as("referrers, seed %d", seed)
                        .doesNotHaveDuplicates();
                for (RootPath path : paths) {
                    check(heap, path, object, "seed " + seed);
                }
                List<RootPath> two = Heaps.paths(heap, false).paths(object, 2, Progress.NONE);
                assertThat(two).hasSize(Math.min(2, expected.size()));
                assertThat(two).extracting(RootPath::length).isEqualTo(expected.subList(0, two.size()));
            }
        }
    }

    @Test
    void weakReferencesAreLeftOutOnRequest() throws IOException {
        HeapBuilder builder = new HeapBuilder();
        FakeClass reference = builder.shared("java.lang.ref.Reference")
                .field("referent", OBJECT)
                .field("queue", OBJECT);
        FakeClass weak = builder.shared("java.lang.ref.WeakReference").extending(reference);
        FakeClass node = builder.classNamed("Node").field("next", OBJECT);
        FakeInstance target = builder.instance(node);
        FakeInstance onlyWeak = builder.instance(node);
        FakeInstance queue = builder.instance(node);
        FakeInstance direct = builder.instance(weak).set("referent", target).set("queue", queue);
        FakeInstance other = builder.instance(weak).set("referent", onlyWeak);
        FakeInstance a = builder.instance(node).set("next", target);
        builder.root(FakeRoot.JNI_GLOBAL, direct)
                .root(FakeRoot.JNI_GLOBAL, other)
                .root(FakeRoot.JNI_GLOBAL, builder.instance(node).set("next", a));
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            ShortestPaths all = Heaps.paths(heap, false);
            ShortestPaths strong = Heaps.paths(heap, true);

            assertThat(all.length(Heaps.node(heap, target))).isEqualTo(2);
            assertThat(strong.length(Heaps.node(heap, target))).isEqualTo(3);
            assertThat(all.length(Heaps.node(heap, onlyWeak))).isEqualTo(2);
            assertThat(strong.pathTo(Heaps.node(heap, onlyWeak))).isNull();
            assertThat(strong.length(Heaps.node(heap, queue))).isEqualTo(2);
            assertThat(strong.paths(Heaps.node(heap, target), 10, Progress.NONE))
                    .hasSize(1);
            assertThat(all.paths(Heaps.node(heap, target), 10, Progress.NONE)).hasSize(2);
        }
    }

    @Test
    void localsAreRootsOfTheirOwnNamedByThreadAndFrame() throws IOException {
        HeapBuilder builder = new HeapBuilder();
        FakeClass node = builder.classNamed("Node").field("next", OBJECT);
        FakeInstance end = builder.instance(node);
        FakeInstance local = builder.instance(node).set("next", end);
        FakeThread thread = builder.thread("main");
        thread.frame(node, "run", "Node.java", 1).local(local);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            RootPath path = requireNonNull(Heaps.paths(heap, true).pathTo(Heaps.node(heap, end)));

            assertThat(path.root()).isEqualTo(new RootName(RootKind.JAVA_LOCAL, "main > Node.run"));
            assertThat(path.steps())
                    .containsExactly(
                            new PathStep(Heaps.node(heap, local), null), new PathStep(Heaps.node(heap, end), "next"));
        }
    }

    @Test
    void ofEquallyNearRootsTheFirstKindWinsThenTheLowestAddress() throws IOException {
        HeapBuilder builder = new HeapBuilder();
        FakeClass node = builder.classNamed("Node").field("next", OBJECT);
        FakeInstance target = builder.instance(node);
        FakeInstance monitor = builder.instance(node).set("next", target);
        FakeInstance second = builder.instance(node);
        FakeInstance third = builder.instance(node).set("next", second);
        builder.instance(node);
        FakeInstance fourth = builder.instance(node).set("next", second);
        builder.root(FakeRoot.JNI_GLOBAL, fourth)
                .root(FakeRoot.JNI_GLOBAL, third)
                .root(FakeRoot.MONITOR_USED, monitor)
                .root(FakeRoot.JNI_GLOBAL, builder.instance(node).set("next", target));
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            ShortestPaths paths = Heaps.paths(heap, false);

            assertThat(requireNonNull(paths.pathTo(Heaps.node(heap, target)))
                            .root()
                            .kind())
                    .isEqualTo(RootKind.JNI_GLOBAL);
            assertThat(requireNonNull(paths.pathTo(Heaps.node(heap, second))).object(0))
                    .isEqualTo(Heaps.node(heap, third));
        }
    }

    @Test
    void anUnreachableObjectHasNoPath() throws IOException {
        HeapBuilder builder = new HeapBuilder();
        FakeInstance lost = builder.instance(builder.classNamed("Node"));
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            ShortestPaths paths = Heaps.paths(heap, false);

            assertThat(paths.pathTo(Heaps.node(heap, lost))).isNull();
            assertThat(paths.length(Heaps.node(heap, lost))).isZero();
            assertThat(paths.paths(Heaps.node(heap, lost), 5, Progress.NONE)).isEmpty();
        }
    }
}
