package dev.holdfast.heap;

import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.alg.shortestpath.DijkstraShortestPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypeGraphTest {
    @TempDir
    Path folder;

    private static double weight(TypeGraph types, HeapType source, HeapType target) {
        return types.getEdgeWeight(Objects.requireNonNull(types.getEdge(source, target)));
    }

    @Test
    void weightsAreNumbersOfReferences() throws IOException {
        HeapBuilder built = new HeapBuilder();
        FakeClass order =
                built.classNamed("com.example.Order").field("lines", OBJECT).field("again", OBJECT);
        FakeClass line =
                built.classNamed("com.example.Line").field("order", OBJECT).field("next", OBJECT);
        FakeInstance one = built.instance(order);
        FakeInstance first = built.instance(line).set("order", one);
        FakeInstance second = built.instance(line).set("order", one).set("next", first);
        one.set("lines", second).set("again", second);
        FakeInstance garbage = built.instance(order).set("lines", second);
        built.root(FakeRoot.JNI_GLOBAL, one);
        try (HeapSnapshot heap = Dumps.open(built, folder);
                HeapSnapshot other = Dumps.open(built, folder)) {
            TypeGraph types = TypeGraph.of(heap);
            GraphContract.consistent(types);
            TypeGraph foreign = TypeGraph.of(other);
            GraphContract.readOnlyAndClosed(
                    types,
                    foreign.vertexSet().iterator().next(),
                    foreign.edgeSet().iterator().next());
            HeapType orders = heap.type("com.example.Order").orElseThrow();
            HeapType lines = heap.type("com.example.Line").orElseThrow();
            assertThat(weight(types, orders, lines)).isEqualTo(3);
            assertThat(weight(types, lines, orders)).isEqualTo(2);
            assertThat(types.getEdge(lines, lines)).isEqualTo(new TypeEdge(lines, lines, 1));
            assertThat(types.getEdge(orders, orders)).isNull();
            assertThat(types.getType().isWeighted()).isTrue();
            assertThat(types.containsVertex(heap.typeAt(0)))
                    .as("a type without objects")
                    .isFalse();
            TypeGraph reachable = TypeGraph.of(heap, heap::reachable);
            assertThat(weight(reachable, orders, lines)).isEqualTo(2);
            assertThat(Dumps.handle(heap, garbage).isReachable()).isFalse();
            assertThat(new KosarajuStrongConnectivityInspector<>(types).stronglyConnectedSets())
                    .contains(java.util.Set.of(orders, lines));
            assertThat(new DijkstraShortestPath<>(types).getPathWeight(orders, lines))
                    .isEqualTo(3);
        }
    }

    @Test
    void weightsOfARealHeapAddUpToItsReferences() throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        Path dump = Fixtures.java().orElseThrow().resolve("hello17.hprof.gz");
        try (HeapSnapshot heap = Holdfast.open(dump)) {
            Map<List<String>, Long> expected = new HashMap<>();
            heap.objects()
                    .forEach(object -> object.references()
                            .filter(reference -> !reference.isToClass())
                            .forEach(reference -> expected.merge(
                                    List.of(
                                            object.type().index() + " " + object.type(),
                                            reference.target().type().index() + " "
                                                    + reference.target().type()),
                                    1L,
                                    Long::sum)));
            Map<List<String>, Long> actual = new HashMap<>();
            for (TypeEdge edge : TypeGraph.of(heap).edgeSet()) {
                actual.put(
                        List.of(
                                edge.source().index() + " " + edge.source(),
                                edge.target().index() + " " + edge.target()),
                        edge.references());
            }
            assertThat(actual).isEqualTo(expected).hasSizeGreaterThan(200);
        }
    }

    @Test
    void manyPairsAreCountedExactly() {
        long seed = 99;
        Random random = new Random(seed);
        PairCounts counts = new PairCounts();
        Map<Long, Long> expected = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            int first = random.nextInt(200);
            int second = random.nextInt(100);
            counts.add(first, second);
            expected.merge((long) first << 32 | second, 1L, Long::sum);
        }
        Map<Long, Long> actual = new HashMap<>();
        long[] last = {-1};
        counts.forEach((first, second, count) -> {
            long pair = (long) first << 32 | second;
            assertThat(pair).as("seed %d", seed).isGreaterThan(last[0]);
            last[0] = pair;
            actual.put(pair, count);
        });
        assertThat(actual).as("seed %d", seed).isEqualTo(expected);
    }
}
