package dev.holdfast.heap;

import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;
import org.jgrapht.Graph;
import org.jspecify.annotations.Nullable;

/**
 * A JGraphT graph that nobody can change: what would, throws {@link UnsupportedOperationException}. Vertices and edges that
 * are not in the graph are refused with {@link IllegalArgumentException} or answered with null, as JGraphT specifies.
 */
abstract class ReadOnlyGraph<V, E> implements Graph<V, E> {
    private static final String REFUSAL = "a view of a dump cannot be changed";

    /**
     * Refuses what JGraphT, which counts with {@code int}, cannot hold.
     *
     * @throws CapacityException if there are too many
     */
    static int requireCountable(long count, String what) {
        if (count > Integer.MAX_VALUE) {
            throw new CapacityException("JGraphT cannot hold " + count + " " + what + ", at most " + Integer.MAX_VALUE);
        }
        return (int) count;
    }

    /** Refuses what is no vertex of this graph. */
    final V requireVertex(V vertex) {
        if (!containsVertex(vertex)) {
            throw new IllegalArgumentException("no such vertex in the graph: " + vertex);
        }
        return vertex;
    }

    /** Refuses what is no edge of this graph. */
    final E requireEdge(E edge) {
        if (!containsEdge(edge)) {
            throw new IllegalArgumentException("no such edge in the graph: " + edge);
        }
        return edge;
    }

    @Override
    public @Nullable E getEdge(V source, V target) {
        Set<E> edges = getAllEdges(source, target);
        return edges == null || edges.isEmpty() ? null : edges.iterator().next();
    }

    @Override
    public boolean containsEdge(V source, V target) {
        return getEdge(source, target) != null;
    }

    @Override
    public abstract @Nullable Set<E> getAllEdges(V source, V target);

    @Override
    public double getEdgeWeight(E edge) {
        requireEdge(edge);
        return Graph.DEFAULT_EDGE_WEIGHT;
    }

    @Override
    public int degreeOf(V vertex) {
        return requireCountable((long) inDegreeOf(vertex) + outDegreeOf(vertex), "edges of one vertex");
    }

    @Override
    public int inDegreeOf(V vertex) {
        return incomingEdgesOf(vertex).size();
    }

    @Override
    public int outDegreeOf(V vertex) {
        return outgoingEdgesOf(vertex).size();
    }

    @Override
    public @Nullable Supplier<V> getVertexSupplier() {
        return null;
    }

    @Override
    public @Nullable Supplier<E> getEdgeSupplier() {
        return null;
    }

    @Override
    public final E addEdge(V source, V target) {
        throw new UnsupportedOperationException(REFUSAL);
    }

    @Override
    public final boolean addEdge(V source, V target, E edge) {
        throw new UnsupportedOperationException(REFUSAL);
    }

    @Override
    public final V addVertex() {
        throw new UnsupportedOperationException(REFUSAL);
    }

    @Override
    public final boolean addVertex(V vertex) {
        throw new UnsupportedOperationException(REFUSAL);
    }

    @Override
    public final boolean removeAllEdges(Collection<? extends E> edges) {
        throw new UnsupportedOperationException(REFUSAL);
    }

    @Override
    public final Set<E> removeAllEdges(V source, V target) {
        throw new UnsupportedOperationException(REFUSAL);
    }

    @Override
    public final boolean removeAllVertices(Collection<? extends V> vertices) {
        throw new UnsupportedOperationException(REFUSAL);
    }

    @Override
    public final E removeEdge(V source, V target) {
        throw new UnsupportedOperationException(REFUSAL);
    }

    @Override
    public final boolean removeEdge(E edge) {
        throw new UnsupportedOperationException(REFUSAL);
    }

    @Override
    public final boolean removeVertex(V vertex) {
        throw new UnsupportedOperationException(REFUSAL);
    }

    @Override
    public final void setEdgeWeight(E edge, double weight) {
        throw new UnsupportedOperationException(REFUSAL);
    }

    /** How much there is of it; the graph itself may be too large to be printed. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + " of " + vertexSet().size() + " vertices and "
                + edgeSet().size() + " edges";
    }
}
