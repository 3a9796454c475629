package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jgrapht.Graph;

/** What JGraphT promises of every directed graph, and DESIGN of every view. */
final class GraphContract {
    private GraphContract() {}

    /** The questions a graph answers about a vertex agree with each other and with the set of all edges. */
    static <V, E> void consistent(Graph<V, E> graph) {
        Map<V, Set<E>> out = new HashMap<>();
        Map<V, Set<E>> in = new HashMap<>();
        Map<List<V>, Set<E>> between = new HashMap<>();
        int edges = 0;
        for (E edge : graph.edgeSet()) {
            V source = graph.getEdgeSource(edge);
            V target = graph.getEdgeTarget(edge);
            assertThat(out.computeIfAbsent(source, v -> new HashSet<>()).add(edge))
                    .as("%s once", edge)
                    .isTrue();
            in.computeIfAbsent(target, v -> new HashSet<>()).add(edge);
            between.computeIfAbsent(List.of(source, target), v -> new HashSet<>())
                    .add(edge);
            assertThat(graph.containsEdge(edge)).isTrue();
            edges++;
        }
        assertThat(graph.edgeSet().size()).isEqualTo(edges);
        assertThat(graph.iterables().edgeCount()).isEqualTo(edges);
        int vertices = 0;
        Set<V> seen = new HashSet<>();
        for (V vertex : graph.vertexSet()) {
            Set<E> outgoing = out.getOrDefault(vertex, Set.of());
            Set<E> incoming = in.getOrDefault(vertex, Set.of());
            same(graph.outgoingEdgesOf(vertex), outgoing);
            same(graph.incomingEdgesOf(vertex), incoming);
            Set<E> both = new HashSet<>(outgoing);
            both.addAll(incoming);
            same(graph.edgesOf(vertex), both);
            assertThat(graph.outDegreeOf(vertex)).isEqualTo(outgoing.size());
            assertThat(graph.inDegreeOf(vertex)).isEqualTo(incoming.size());
            assertThat(graph.degreeOf(vertex)).isEqualTo(outgoing.size() + incoming.size());
            assertThat(graph.containsVertex(vertex)).isTrue();
            assertThat(graph.vertexSet().contains(vertex)).isTrue();
            assertThat(seen.add(vertex)).as("%s once", vertex).isTrue();
            vertices++;
        }
        assertThat(graph.vertexSet().size()).isEqualTo(vertices);
        assertThat(seen).containsAll(out.keySet()).containsAll(in.keySet());
        between.entrySet().stream().limit(2_000).forEach(entry -> {
            V source = entry.getKey().get(0);
            V target = entry.getKey().get(1);
            same(graph.getAllEdges(source, target), entry.getValue());
            assertThat(graph.getEdge(source, target)).isIn(entry.getValue());
            assertThat(graph.containsEdge(source, target)).isTrue();
        });
    }

    private static <E> void same(Set<E> actual, Set<E> expected) {
        Set<E> members = new HashSet<>();
        for (E edge : actual) {
            assertThat(members.add(edge)).as("%s once", edge).isTrue();
            assertThat(actual.contains(edge)).isTrue();
        }
        assertThat(members).isEqualTo(expected);
        assertThat(actual.size()).isEqualTo(expected.size());
    }

    /** Nothing changes a view; what belongs to another graph is refused as JGraphT specifies. */
    static <V, E> void readOnlyAndClosed(Graph<V, E> graph, V foreign, E foreignEdge) {
        V vertex = graph.vertexSet().iterator().next();
        E edge = graph.edgeSet().iterator().next();
        V source = graph.getEdgeSource(edge);
        V target = graph.getEdgeTarget(edge);
        Stream.<ThrowingCallable>of(
                        graph::addVertex,
                        () -> graph.addVertex(vertex),
                        () -> graph.addEdge(source, target),
                        () -> graph.addEdge(source, target, edge),
                        () -> graph.removeVertex(vertex),
                        () -> graph.removeEdge(edge),
                        () -> graph.removeEdge(source, target),
                        () -> graph.removeAllEdges(source, target),
                        () -> graph.removeAllEdges(List.of(edge)),
                        () -> graph.removeAllVertices(List.of(vertex)),
                        () -> graph.setEdgeWeight(edge, 2),
                        () -> graph.setEdgeWeight(source, target, 2),
                        () -> graph.vertexSet().remove(vertex),
                        () -> graph.edgeSet().remove(edge),
                        () -> graph.outgoingEdgesOf(source).clear(),
                        () -> graph.incomingEdgesOf(target).clear())
                .forEach(change -> assertThatThrownBy(change).isInstanceOf(UnsupportedOperationException.class));
        assertThat(graph.getType().isModifiable()).isFalse();
        assertThat(graph.getType().isDirected()).isTrue();
        assertThat(graph.getVertexSupplier()).isNull();
        assertThat(graph.getEdgeSupplier()).isNull();
        assertThat(graph.containsVertex(foreign)).isFalse();
        assertThat(graph.containsEdge(foreignEdge)).isFalse();
        assertThat(graph.getAllEdges(vertex, foreign)).isNull();
        assertThat(graph.getAllEdges(foreign, vertex)).isNull();
        assertThat(graph.getEdge(vertex, foreign)).isNull();
        assertThat(graph.containsEdge(foreign, vertex)).isFalse();
        Stream.<ThrowingCallable>of(
                        () -> graph.outgoingEdgesOf(foreign),
                        () -> graph.incomingEdgesOf(foreign),
                        () -> graph.edgesOf(foreign),
                        () -> graph.degreeOf(foreign),
                        () -> graph.getEdgeSource(foreignEdge),
                        () -> graph.getEdgeTarget(foreignEdge),
                        () -> graph.getEdgeWeight(foreignEdge))
                .forEach(question -> assertThatThrownBy(question).isInstanceOf(IllegalArgumentException.class));
    }
}
