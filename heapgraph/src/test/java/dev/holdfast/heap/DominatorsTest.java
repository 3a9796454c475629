package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.BruteForceDominators;
import dev.holdfast.testkit.TestGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jgrapht.Graph;
import org.jgrapht.Graphs;
import org.jgrapht.generate.BarabasiAlbertGraphGenerator;
import org.jgrapht.generate.CompleteGraphGenerator;
import org.jgrapht.generate.GnpRandomGraphGenerator;
import org.jgrapht.generate.GraphGenerator;
import org.jgrapht.generate.GridGraphGenerator;
import org.jgrapht.generate.LinearGraphGenerator;
import org.jgrapht.generate.RingGraphGenerator;
import org.jgrapht.generate.ScaleFreeGraphGenerator;
import org.jgrapht.generate.StarGraphGenerator;
import org.jgrapht.generate.WattsStrogatzGraphGenerator;
import org.jgrapht.generate.WheelGraphGenerator;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.DirectedPseudograph;
import org.jgrapht.graph.EdgeReversedGraph;
import org.jgrapht.graph.Pseudograph;
import org.jgrapht.util.SupplierUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Dominators of graphs from JGraphT's own generators, against their definition. */
class DominatorsTest {
    private static final int LARGE = 200_000;

    private static Supplier<String> names() {
        int[] next = new int[1];
        return () -> "v" + next[0]++;
    }

    private static Graph<String, DefaultEdge> directed() {
        return new DirectedPseudograph<>(names(), SupplierUtil.createDefaultEdgeSupplier(), false);
    }

    private static Graph<String, DefaultEdge> undirected() {
        return new Pseudograph<>(names(), SupplierUtil.createDefaultEdgeSupplier(), false);
    }

    static Stream<Arguments> generators() {
        List<Arguments> all = new ArrayList<>();
        for (long seed = 1; seed <= 30; seed++) {
            for (double edges : new double[] {0.8, 1.5, 4}) {
                all.add(Arguments.of(
                        "G(n, p), " + edges + " edges a vertex, seed " + seed,
                        new GnpRandomGraphGenerator<String, DefaultEdge>(30, edges / 30, seed, true)));
            }
            all.add(Arguments.of(
                    "scale-free, seed " + seed, new ScaleFreeGraphGenerator<String, DefaultEdge>(30, seed)));
        }
        for (long seed = 1; seed <= 5; seed++) {
            all.add(Arguments.of(
                    "Barabasi-Albert, seed " + seed,
                    new BarabasiAlbertGraphGenerator<String, DefaultEdge>(3, 2, 30, seed)));
            all.add(Arguments.of(
                    "small world, seed " + seed,
                    new WattsStrogatzGraphGenerator<String, DefaultEdge>(30, 4, 0.3, false, new Random(seed))));
        }
        all.add(Arguments.of("complete", new CompleteGraphGenerator<String, DefaultEdge>(12)));
        all.add(Arguments.of("grid", new GridGraphGenerator<String, DefaultEdge>(5, 6)));
        all.add(Arguments.of("linear", new LinearGraphGenerator<String, DefaultEdge>(30)));
        all.add(Arguments.of("ring", new RingGraphGenerator<String, DefaultEdge>(30)));
        all.add(Arguments.of("star", new StarGraphGenerator<String, DefaultEdge>(30)));
        all.add(Arguments.of("wheel", new WheelGraphGenerator<String, DefaultEdge>(30)));
        return all.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("generators")
    void dominatorsAreThoseOfTheDefinition(String name, GraphGenerator<String, DefaultEdge, String> generator) {
        Graph<String, DefaultEdge> graph = directed();
        generator.generateGraph(graph);
        check(graph, 1);
        check(graph, 3);
        check(new EdgeReversedGraph<>(graph), 2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("generators")
    void inUndirectedGraphsPathsGoBothWays(String name, GraphGenerator<String, DefaultEdge, String> generator) {
        Graph<String, DefaultEdge> graph = undirected();
        generator.generateGraph(graph);
        check(graph, 1);
    }

    @Test
    void loopsAndMultipleEdgesChangeNothing() {
        Graph<String, DefaultEdge> graph = directed();
        new LinearGraphGenerator<String, DefaultEdge>(5).generateGraph(graph);
        for (String vertex : List.copyOf(graph.vertexSet())) {
            graph.addEdge(vertex, vertex);
            graph.addEdge(vertex, vertex);
        }
        for (DefaultEdge edge : List.copyOf(graph.edgeSet())) {
            graph.addEdge(graph.getEdgeSource(edge), graph.getEdgeTarget(edge));
        }
        check(graph, 1);
        Graph<String, DefaultEdge> loops = undirected();
        Graphs.addEdgeWithVertices(loops, "a", "a");
        Graphs.addEdgeWithVertices(loops, "a", "b");
        check(loops, 1);
    }

    @Test
    void theGraphOfLengauerAndTarjanHasTheDominatorsOfTheirPaper() {
        TestGraph paper = TestGraph.lengauerTarjan();
        Graph<Integer, DefaultEdge> graph = new DirectedPseudograph<>(DefaultEdge.class);
        for (int from = 0; from < paper.nodes(); from++) {
            graph.addVertex(from);
            for (int to : paper.successors()[from]) {
                Graphs.addEdgeWithVertices(graph, from, to);
            }
        }
        Dominators<Integer, DefaultEdge> dominators = new Dominators<>(graph, 0);
        int[] expected = TestGraph.lengauerTarjanDominators();
        for (int vertex = 1; vertex < expected.length; vertex++) {
            assertThat(dominators.immediateDominator(vertex))
                    .as("vertex %d", vertex)
                    .contains(expected[vertex]);
        }
        assertThat(dominators.immediateDominator(0)).isEmpty();
        assertThat(dominators.getGraph()).isSameAs(graph);
    }

    @Test
    void aLongPathAndAWideStarNeedNoStack() {
        Graph<String, DefaultEdge> path = directed();
        new LinearGraphGenerator<String, DefaultEdge>(LARGE).generateGraph(path);
        Dominators<String, DefaultEdge> ofPath = new Dominators<>(path, "v0");
        assertThat(ofPath.dominates("v1", "v" + (LARGE - 1))).isTrue();
        assertThat(ofPath.dominates("v" + (LARGE - 1), "v1")).isFalse();
        assertThat(ofPath.dominatedCount("v0")).isEqualTo(LARGE);
        assertThat(ofPath.dominatorsOf("v" + (LARGE - 1))).hasSize(LARGE);
        Graph<String, DefaultEdge> star = directed();
        new StarGraphGenerator<String, DefaultEdge>(LARGE).generateGraph(star);
        Dominators<String, DefaultEdge> ofStar = new Dominators<>(
                new EdgeReversedGraph<>(star),
                star.getEdgeTarget(star.edgeSet().iterator().next()));
        assertThat(ofStar.dominatorTree().edgeSet()).hasSize(LARGE - 1);
    }

    @Test
    void verticesOfOtherGraphsAreRefused() {
        Graph<String, DefaultEdge> graph = directed();
        graph.addVertex("a");
        assertThatThrownBy(() -> new Dominators<>(graph, "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("b");
        Dominators<String, DefaultEdge> dominators = new Dominators<>(graph, "a");
        assertThatThrownBy(() -> dominators.immediateDominator("b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dominators.dominates("a", "b")).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Dominators<>(graph, Set.of()).isReachable("a")).isFalse();
    }

    private static <V, E> void check(Graph<V, E> graph, int startCount) {
        List<V> vertices = new ArrayList<>(graph.vertexSet());
        Map<V, Integer> numbers = new HashMap<>();
        vertices.forEach(vertex -> numbers.put(vertex, numbers.size()));
        List<List<Integer>> successors = new ArrayList<>();
        vertices.forEach(vertex -> successors.add(new ArrayList<>()));
        for (E edge : graph.edgeSet()) {
            int from = Objects.requireNonNull(numbers.get(graph.getEdgeSource(edge)));
            int to = Objects.requireNonNull(numbers.get(graph.getEdgeTarget(edge)));
            successors.get(from).add(to);
            if (graph.getType().isUndirected()) {
                successors.get(to).add(from);
            }
        }
        Set<V> starts = new LinkedHashSet<>();
        for (int i = 0; i < startCount; i++) {
            starts.add(vertices.get(vertices.size() * i / startCount));
        }
        BruteForceDominators expected = new BruteForceDominators(new TestGraph(
                successors.stream()
                        .map(targets ->
                                targets.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new),
                starts.stream().mapToInt(numbers::get).toArray()));
        Dominators<V, E> actual =
                startCount == 1 ? new Dominators<>(graph, vertices.get(0)) : new Dominators<>(graph, starts);
        int[] immediate = expected.immediateDominators();
        Graph<V, DefaultEdge> tree = actual.dominatorTree();
        int edges = 0;
        for (int v = 0; v < vertices.size(); v++) {
            V vertex = vertices.get(v);
            assertThat(actual.isReachable(vertex)).isEqualTo(expected.isReachable(v));
            assertThat(actual.dominatedCount(vertex)).isEqualTo(expected.retainedSet(v).length);
            assertThat(tree.containsVertex(vertex)).isEqualTo(expected.isReachable(v));
            Set<V> dominators = new LinkedHashSet<>();
            for (int by = 0; by < vertices.size(); by++) {
                boolean dominated = expected.isDominated(v, by);
                assertThat(actual.dominates(vertices.get(by), vertex))
                        .as("%s dominates %s", vertices.get(by), vertex)
                        .isEqualTo(dominated);
                if (dominated) {
                    dominators.add(vertices.get(by));
                }
            }
            assertThat(actual.dominatorsOf(vertex)).containsExactlyInAnyOrderElementsOf(dominators);
            if (immediate[v] < 0) {
                assertThat(actual.immediateDominator(vertex)).isEmpty();
            } else {
                assertThat(actual.immediateDominator(vertex)).contains(vertices.get(immediate[v]));
                assertThat(tree.containsEdge(vertices.get(immediate[v]), vertex))
                        .isTrue();
                edges++;
            }
        }
        assertThat(tree.edgeSet()).hasSize(edges);
    }
}
