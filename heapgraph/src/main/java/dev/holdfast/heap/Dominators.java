package dev.holdfast.heap;

import dev.holdfast.dump.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jgrapht.Graph;
import org.jgrapht.Graphs;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.SimpleDirectedGraph;

/**
 * The dominators of any JGraphT graph: a vertex dominates another if every path from a start vertex to that one passes it.
 *
 * <p>Runs the kernel that the heap's own dominators come from: Semi-NCA on depth-first numbers (Georgiadis, Linear-Time
 * Algorithms for Dominators and Related Problems, 2005), without recursion. In a directed graph paths follow the edges, in
 * an undirected one they take them both ways; weights do not matter; loops and multiple edges may occur.
 *
 * <p>All is computed when it is made, in time almost linear in the edges; later changes of the graph do not show. Memory: a
 * hash table entry and about 40 bytes a vertex, and 10 bytes an edge while it computes. Thread-safe.
 *
 * <p>For a dump's whole heap use {@link HeapSnapshot#dominators()}, which exists already and boxes nothing.
 *
 * @param <V> vertices; their {@code equals} and {@code hashCode} decide which are the same
 * @param <E> edges
 */
public final class Dominators<V, E> {
    private final Graph<V, E> graph;
    private final List<V> vertices;
    private final Map<V, Integer> numbers;
    private final DominatorTree tree;
    /** Of each vertex the place in an order in which the vertices that one dominates follow it without a gap. */
    private final int[] places;

    /**
     * Computes the dominators from one start vertex.
     *
     * @throws IllegalArgumentException if the graph does not contain it
     */
    public Dominators(Graph<V, E> graph, V start) {
        this(graph, Set.of(start));
    }

    /**
     * Computes the dominators where a path may begin at any of several vertices.
     *
     * @throws IllegalArgumentException if the graph does not contain them all
     */
    public Dominators(Graph<V, E> graph, Set<? extends V> starts) {
        this.graph = graph;
        this.vertices = new ArrayList<>(graph.vertexSet());
        this.numbers = new HashMap<>(vertices.size() * 2);
        for (int number = 0; number < vertices.size(); number++) {
            numbers.put(vertices.get(number), number);
        }
        int[] roots = starts.stream().mapToInt(this::number).toArray();
        ColumnStore store = ColumnStore.onHeap();
        NodeGraph nodes = NodeGraph.plain(edges(store), vertices.size(), roots);
        this.tree = DominatorTree.compute(nodes, vertex -> 1, vertices.size(), store, Progress.NONE);
        this.places = places(tree);
    }

    private EdgeList edges(ColumnStore store) {
        EdgeListBuilder builder = new EdgeListBuilder(store, vertices.size());
        EdgeCollector collector = builder.open(0);
        for (int number = 0; number < vertices.size(); number++) {
            collector.begin(number);
            V vertex = vertices.get(number);
            for (E edge : graph.outgoingEdgesOf(vertex)) {
                collector.edge(number(Graphs.getOppositeVertex(graph, edge, vertex)), 0);
            }
        }
        builder.close(collector);
        return builder.build(false, 1);
    }

    /** Gives each vertex the range of places behind its own that the sizes of the subtrees leave; parents come first. */
    private static int[] places(DominatorTree tree) {
        int[] places = new int[tree.nodeCount()];
        int[] free = new int[tree.nodeCount()];
        int freeAtRoot = 0;
        for (int position = 0; position < tree.reachableCount(); position++) {
            int vertex = tree.nodeAt(position);
            int above = tree.immediateDominator(vertex);
            int place = above < 0 ? freeAtRoot : free[above];
            int size = (int) tree.retainedSize(vertex);
            if (above < 0) {
                freeAtRoot += size;
            } else {
                free[above] += size;
            }
            places[vertex] = place;
            free[vertex] = place + 1;
        }
        return places;
    }

    private int number(V vertex) {
        Integer number = numbers.get(vertex);
        if (number == null) {
            throw new IllegalArgumentException("no such vertex in the graph: " + vertex);
        }
        return number;
    }

    /**
     * Whether a path leads from a start vertex to this one.
     *
     * @throws IllegalArgumentException if the graph did not contain it
     */
    public boolean isReachable(V vertex) {
        return tree.reachable(number(vertex));
    }

    /**
     * The last vertex before this one on every path; empty for start vertices, for those that two of them reach on paths
     * with nothing in common, and for those that are not reachable.
     *
     * @throws IllegalArgumentException if the graph did not contain it
     */
    public Optional<V> immediateDominator(V vertex) {
        int dominator = tree.immediateDominator(number(vertex));
        return dominator < 0 ? Optional.empty() : Optional.of(vertices.get(dominator));
    }

    /**
     * Whether every path from the start to {@code dominated} passes {@code dominator}; a reachable vertex dominates itself,
     * one that is not reachable dominates and is dominated by none. O(1).
     *
     * @throws IllegalArgumentException if the graph did not contain them
     */
    public boolean dominates(V dominator, V dominated) {
        int above = number(dominator);
        int below = number(dominated);
        return tree.reachable(above)
                && tree.reachable(below)
                && places[below] >= places[above]
                && places[below] - places[above] < tree.retainedSize(above);
    }

    /**
     * The vertices that dominate this one, itself first, then upwards; empty if it is not reachable.
     *
     * @throws IllegalArgumentException if the graph did not contain it
     */
    public Set<V> dominatorsOf(V vertex) {
        Set<V> dominators = new LinkedHashSet<>();
        int at = number(vertex);
        for (at = tree.reachable(at) ? at : -1; at >= 0; at = tree.immediateDominator(at)) {
            dominators.add(vertices.get(at));
        }
        return dominators;
    }

    /**
     * How many vertices this one dominates, itself included; 0 if it is not reachable.
     *
     * @throws IllegalArgumentException if the graph did not contain it
     */
    public int dominatedCount(V vertex) {
        return (int) tree.retainedSize(number(vertex));
    }

    /**
     * The reachable vertices, each with an edge from its immediate dominator: a tree, or a forest if there are several start
     * vertices. Made anew at each call, and the caller's own.
     */
    public Graph<V, DefaultEdge> dominatorTree() {
        Graph<V, DefaultEdge> result = new SimpleDirectedGraph<>(DefaultEdge.class);
        for (int position = 0; position < tree.reachableCount(); position++) {
            int vertex = tree.nodeAt(position);
            int above = tree.immediateDominator(vertex);
            result.addVertex(vertices.get(vertex));
            if (above >= 0) {
                result.addEdge(vertices.get(above), vertices.get(vertex));
            }
        }
        return result;
    }

    /** The graph that was asked about. */
    public Graph<V, E> getGraph() {
        return graph;
    }
}
