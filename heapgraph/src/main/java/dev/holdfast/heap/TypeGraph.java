package dev.holdfast.heap;

import java.util.Set;
import java.util.function.IntPredicate;
import org.jgrapht.Graph;
import org.jgrapht.GraphType;
import org.jgrapht.graph.AsUnmodifiableGraph;
import org.jgrapht.graph.DefaultDirectedWeightedGraph;
import org.jspecify.annotations.Nullable;

/**
 * Which types refer to which, and how often, as a graph for JGraphT's algorithms: the heap small enough to look at.
 *
 * <p>Vertices are the types that have objects. An edge's weight is the number of references from objects of the one type
 * to objects of the other; references of objects to their class objects are not counted, nor what holders hold. Read-only,
 * thread-safe, as long-lived as its snapshot.
 *
 * <p>Costs: one pass over all references to make it, less than a second for 17 million; then some hundred bytes an edge, of
 * which real heaps have some thousands. Every algorithm of JGraphT may be run on it.
 */
public final class TypeGraph extends ReadOnlyGraph<HeapType, TypeEdge> {
    private final Graph<HeapType, TypeEdge> counted;

    private TypeGraph(Graph<HeapType, TypeEdge> counted) {
        this.counted = new AsUnmodifiableGraph<>(counted);
    }

    /** The types of all objects of a snapshot, reachable or not. */
    public static TypeGraph of(HeapSnapshot heap) {
        return of(heap, object -> true);
    }

    /**
     * The types of some objects, such as {@code heap::reachable}.
     *
     * @param included whether the object with that index counts; references count if both their ends do
     */
    public static TypeGraph of(HeapSnapshot heap, IntPredicate included) {
        ObjectGraph graph = heap.graph();
        boolean[] seen = new boolean[graph.types().size()];
        PairCounts counts = new PairCounts();
        for (int object = 0; object < graph.objectCount(); object++) {
            if (!included.test(object)) {
                continue;
            }
            int type = graph.typeOf(object);
            seen[type] = true;
            for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
                int target = graph.target(r);
                if (!graph.isHolder(target) && included.test(target)) {
                    counts.add(type, graph.typeOf(target));
                }
            }
        }
        Graph<HeapType, TypeEdge> types = new DefaultDirectedWeightedGraph<>(TypeEdge.class);
        for (int type = 0; type < seen.length; type++) {
            if (seen[type]) {
                types.addVertex(heap.typeAt(type));
            }
        }
        counts.forEach((from, to, references) -> {
            TypeEdge edge = new TypeEdge(heap.typeAt(from), heap.typeAt(to), references);
            types.addEdge(edge.source(), edge.target(), edge);
            types.setEdgeWeight(edge, (double) references);
        });
        return new TypeGraph(types);
    }

    @Override
    public GraphType getType() {
        return counted.getType();
    }

    @Override
    public double getEdgeWeight(TypeEdge edge) {
        return (double) requireEdge(edge).references();
    }

    @Override
    public Set<HeapType> vertexSet() {
        return counted.vertexSet();
    }

    @Override
    public Set<TypeEdge> edgeSet() {
        return counted.edgeSet();
    }

    @Override
    public boolean containsVertex(HeapType vertex) {
        return counted.containsVertex(vertex);
    }

    @Override
    public boolean containsEdge(TypeEdge edge) {
        return counted.containsEdge(edge);
    }

    @Override
    public HeapType getEdgeSource(TypeEdge edge) {
        return requireEdge(edge).source();
    }

    @Override
    public HeapType getEdgeTarget(TypeEdge edge) {
        return requireEdge(edge).target();
    }

    @Override
    public @Nullable Set<TypeEdge> getAllEdges(HeapType source, HeapType target) {
        return counted.getAllEdges(source, target);
    }

    @Override
    public Set<TypeEdge> edgesOf(HeapType vertex) {
        return counted.edgesOf(vertex);
    }

    @Override
    public int degreeOf(HeapType vertex) {
        return counted.degreeOf(vertex);
    }

    @Override
    public Set<TypeEdge> incomingEdgesOf(HeapType vertex) {
        return counted.incomingEdgesOf(vertex);
    }

    @Override
    public Set<TypeEdge> outgoingEdgesOf(HeapType vertex) {
        return counted.outgoingEdgesOf(vertex);
    }
}
