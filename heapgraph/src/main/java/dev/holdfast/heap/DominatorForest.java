package dev.holdfast.heap;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jgrapht.GraphType;
import org.jgrapht.graph.DefaultGraphType;
import org.jspecify.annotations.Nullable;

/**
 * The reachable objects of a dump below the nearest object that dominates each, as a graph for JGraphT's algorithms.
 *
 * <p>A forest: the virtual root is left out, and so are holders, whose objects hang where the holder would: below the
 * thread for a frame's. So the shallow sizes of an object's subtree add up to its retained size, and the lowest common
 * ancestor of two objects is the nearest object that holds both. Read-only, thread-safe, as long-lived as its snapshot.
 *
 * <p>Costs: the first question about outgoing edges builds an index of 8 bytes an object, see
 * {@link HeapSnapshot#dominated()}; each such question takes 4 bytes a child for a while. JGraphT's algorithms add about
 * 100 bytes and a microsecond for each object that they visit; those that prepare the whole forest first, such as the
 * finders of lowest common ancestors, several times that, so that from some million objects on
 * {@code NaiveLCAFinder} or walking up {@link HeapObject#immediateDominator()} is what remains.
 */
public final class DominatorForest extends ReadOnlyGraph<HeapObject, DominatorEdge> {
    private static final GraphType TYPE = new DefaultGraphType.Builder()
            .directed()
            .allowSelfLoops(false)
            .allowMultipleEdges(false)
            .allowCycles(false)
            .weighted(false)
            .modifiable(false)
            .build();

    private final HeapSnapshot heap;
    private final DominatorTree tree;
    private final int vertices;

    private DominatorForest(HeapSnapshot heap) {
        this.heap = heap;
        this.tree = heap.dominators();
        this.vertices = requireCountable(heap.totals().reachableObjects(), "objects");
    }

    /** The dominators of a snapshot. */
    public static DominatorForest of(HeapSnapshot heap) {
        return new DominatorForest(heap);
    }

    /** The objects that no other object dominates, ascending; made anew at each call. */
    public Set<HeapObject> roots() {
        Set<HeapObject> roots = new LinkedHashSet<>();
        for (int root : children(DominatorTree.VIRTUAL_ROOT)) {
            roots.add(heap.objectAt(root));
        }
        return roots;
    }

    /** The objects below a node; below holders one has to look on. */
    private int[] children(int node) {
        DominatorChildren children = heap.dominated();
        ObjectGraph graph = heap.graph();
        int[] found = new int[children.end(node) - children.first(node)];
        int size = 0;
        int[] open = {node};
        int opened = 1;
        while (opened > 0) {
            int at = open[--opened];
            for (int i = children.first(at); i < children.end(at); i++) {
                int child = children.child(i);
                if (graph.isHolder(child)) {
                    open = opened < open.length ? open : Arrays.copyOf(open, opened * 2);
                    open[opened++] = child;
                } else {
                    found = size < found.length ? found : Arrays.copyOf(found, size + (size >> 1) + 1);
                    found[size++] = child;
                }
            }
        }
        Arrays.sort(found, 0, size);
        return Arrays.copyOf(found, size);
    }

    private boolean mine(@Nullable Object vertex) {
        return vertex instanceof HeapObject object && object.heap() == heap && object.isReachable();
    }

    private boolean mineAsEdge(@Nullable Object edge) {
        return edge instanceof DominatorEdge of
                && mine(of.dominated())
                && of.dominated().immediateDominator().equals(java.util.Optional.of(of.dominator()));
    }

    @Override
    public GraphType getType() {
        return TYPE;
    }

    @Override
    public Set<HeapObject> vertexSet() {
        return new ComputedSet<>(
                vertices,
                () -> IntStream.range(0, heap.graph().objectCount())
                        .filter(tree::reachable)
                        .mapToObj(heap::objectAt)
                        .iterator(),
                this::mine);
    }

    @Override
    public Set<DominatorEdge> edgeSet() {
        return new ComputedSet<>(vertices - children(DominatorTree.VIRTUAL_ROOT).length, this::edges, this::mineAsEdge);
    }

    private Iterator<DominatorEdge> edges() {
        return IntStream.range(0, heap.graph().objectCount())
                .mapToObj(heap::objectAt)
                .flatMap(object -> object.immediateDominator().map(above -> new DominatorEdge(above, object)).stream())
                .iterator();
    }

    @Override
    public boolean containsVertex(HeapObject vertex) {
        return mine(vertex);
    }

    @Override
    public boolean containsEdge(DominatorEdge edge) {
        return mineAsEdge(edge);
    }

    @Override
    public HeapObject getEdgeSource(DominatorEdge edge) {
        return requireEdge(edge).dominator();
    }

    @Override
    public HeapObject getEdgeTarget(DominatorEdge edge) {
        return requireEdge(edge).dominated();
    }

    @Override
    public @Nullable Set<DominatorEdge> getAllEdges(HeapObject source, HeapObject target) {
        if (!mine(source) || !mine(target)) {
            return null;
        }
        DominatorEdge edge = new DominatorEdge(source, target);
        return mineAsEdge(edge) ? Set.of(edge) : Set.of();
    }

    @Override
    public Set<DominatorEdge> outgoingEdgesOf(HeapObject vertex) {
        HeapObject above = requireVertex(Objects.requireNonNull(vertex));
        int[] children = children(above.index());
        return new ComputedSet<>(
                children.length,
                () -> IntStream.of(children)
                        .mapToObj(child -> new DominatorEdge(above, heap.objectAt(child)))
                        .iterator(),
                edge -> mineAsEdge(edge) && ((DominatorEdge) edge).dominator().equals(above));
    }

    @Override
    public Set<DominatorEdge> incomingEdgesOf(HeapObject vertex) {
        HeapObject below = requireVertex(Objects.requireNonNull(vertex));
        return below.immediateDominator()
                .map(above -> Set.of(new DominatorEdge(above, below)))
                .orElse(Set.of());
    }

    @Override
    public Set<DominatorEdge> edgesOf(HeapObject vertex) {
        Set<DominatorEdge> edges = new LinkedHashSet<>(incomingEdgesOf(vertex));
        edges.addAll(outgoingEdgesOf(vertex));
        return edges;
    }
}
