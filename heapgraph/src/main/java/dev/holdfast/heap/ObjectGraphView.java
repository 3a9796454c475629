package dev.holdfast.heap;

import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.Holder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jgrapht.GraphType;
import org.jgrapht.graph.DefaultGraphType;
import org.jspecify.annotations.Nullable;

/**
 * All objects of a dump, reachable or not, and all references between them, as a graph for JGraphT's algorithms.
 *
 * <p>A directed pseudograph: an object may refer to itself and several times to another. The reference that each object
 * has to the class object of its type is an edge too. Holders, and what they hold, are left out. Edges are equal by their
 * number. Read-only, thread-safe, as long-lived as its snapshot.
 *
 * <p>Costs: the view itself takes a few bytes a thread. The first question about incoming edges builds an index of 4 bytes
 * an object and 4 a reference (and 4 an object for incoming edges of class objects). Each vertex and edge is made when it
 * is asked for. JGraphT's own algorithms box what they visit: over the whole of a heap of 10 million objects and 17
 * million references a breadth-first search takes 16 to 20 seconds and about 100 bytes an object, where reachability on
 * {@link ObjectGraph} takes 0.7 seconds. So use it on a part of the heap, such as what one object reaches, or in
 * {@code AsSubgraph} and {@code MaskSubgraph}; for dominators of the whole heap use {@link HeapSnapshot#dominators()}.
 * {@link #getAllEdges} looks at all references of the source.
 *
 * <p>Never run {@code GabowStrongConnectivityInspector} on it: it recurses once for each object on a path and overflows
 * the stack on any linked list; {@code KosarajuStrongConnectivityInspector} does not.
 */
public final class ObjectGraphView extends ReadOnlyGraph<HeapObject, HeapReference> {
    private static final GraphType TYPE = new DefaultGraphType.Builder()
            .directed()
            .allowSelfLoops(true)
            .allowMultipleEdges(true)
            .allowCycles(true)
            .weighted(false)
            .modifiable(false)
            .build();

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final long endOfObjects;
    private final int[] owners;
    private final int edges;

    private ObjectGraphView(HeapSnapshot heap) {
        this.heap = heap;
        this.graph = heap.graph();
        this.endOfObjects = graph.objectCount() == 0 ? 0 : graph.endReference(graph.objectCount() - 1);
        this.owners = owners(graph);
        this.edges = requireCountable(endOfObjects - owners.length + classReferences(graph), "references");
    }

    /**
     * The objects of a snapshot. Cost: one pass over the types of all objects, without reading the dump.
     *
     * @throws CapacityException if it has more references than JGraphT can count
     */
    public static ObjectGraphView of(HeapSnapshot heap) {
        return new ObjectGraphView(heap);
    }

    /** The objects that refer to holders, once for each, ascending. */
    private static int[] owners(ObjectGraph graph) {
        int[] owners = new int[graph.holders().size()];
        int count = 0;
        for (Holder holder : graph.holders()) {
            int owner = holder.parent() == DumpRoots.UNDER_OBJECT ? graph.indexOf(holder.owner()) : -1;
            if (owner >= 0) {
                owners[count++] = owner;
            }
        }
        Arrays.sort(owners, 0, count);
        return Arrays.copyOf(owners, count);
    }

    private static long classReferences(ObjectGraph graph) {
        long count = 0;
        for (int object = 0; object < graph.objectCount(); object++) {
            count += graph.classObject(object) >= 0 ? 1 : 0;
        }
        return count;
    }

    /** How many of an object's references lead to holders. */
    private int heldByHolders(int object) {
        int at = Arrays.binarySearch(owners, object);
        if (at < 0) {
            return 0;
        }
        int first = at;
        int last = at;
        while (first > 0 && owners[first - 1] == object) {
            first--;
        }
        while (last + 1 < owners.length && owners[last + 1] == object) {
            last++;
        }
        return last - first + 1;
    }

    private boolean mine(@Nullable Object vertex) {
        return vertex instanceof HeapObject object && object.heap() == heap;
    }

    private boolean mineWithNumber(@Nullable Object edge) {
        return edge instanceof HeapReference reference && reference.heap() == heap;
    }

    private int index(HeapObject vertex) {
        Objects.requireNonNull(vertex);
        return requireVertex(vertex).index();
    }

    @Override
    public GraphType getType() {
        return TYPE;
    }

    @Override
    public Set<HeapObject> vertexSet() {
        return new ComputedSet<>(
                graph.objectCount(),
                () -> IntStream.range(0, graph.objectCount())
                        .mapToObj(heap::objectAt)
                        .iterator(),
                this::mine);
    }

    @Override
    public Set<HeapReference> edgeSet() {
        return new ComputedSet<>(
                edges,
                () -> IntStream.range(0, graph.objectCount())
                        .boxed()
                        .flatMap(object -> Stream.of(object).flatMap(this::references))
                        .iterator(),
                this::mineWithNumber);
    }

    private Stream<HeapReference> references(int object) {
        return heap.objectAt(object).references();
    }

    @Override
    public boolean containsVertex(HeapObject vertex) {
        return mine(vertex);
    }

    @Override
    public boolean containsEdge(HeapReference edge) {
        return mineWithNumber(edge);
    }

    @Override
    public HeapObject getEdgeSource(HeapReference edge) {
        return requireEdge(edge).source();
    }

    @Override
    public HeapObject getEdgeTarget(HeapReference edge) {
        return requireEdge(edge).target();
    }

    @Override
    public @Nullable Set<HeapReference> getAllEdges(HeapObject source, HeapObject target) {
        if (!mine(source) || !mine(target)) {
            return null;
        }
        Set<HeapReference> found = new LinkedHashSet<>();
        Iterator<HeapReference> references = new Outgoing(source.index(), -1);
        references.forEachRemaining(reference -> {
            if (reference.targetIndex() == target.index()) {
                found.add(reference);
            }
        });
        return found;
    }

    @Override
    public Set<HeapReference> outgoingEdgesOf(HeapObject vertex) {
        int source = index(vertex);
        return new ComputedSet<>(
                outDegree(source),
                () -> new Outgoing(source, -1),
                edge -> mineWithNumber(edge) && ((HeapReference) edge).sourceIndex() == source);
    }

    private int outDegree(int source) {
        long stored = graph.endReference(source) - graph.firstReference(source) - heldByHolders(source);
        return requireCountable(stored + (graph.classObject(source) < 0 ? 0 : 1), "references of one object");
    }

    @Override
    public Set<HeapReference> incomingEdgesOf(HeapObject vertex) {
        int target = index(vertex);
        return new ComputedSet<>(
                new Incoming(target).count(),
                () -> new Incoming(target),
                edge -> mineWithNumber(edge) && ((HeapReference) edge).targetIndex() == target);
    }

    /** Those that come in and those that go out; one from the object to itself occurs once. */
    @Override
    public Set<HeapReference> edgesOf(HeapObject vertex) {
        int object = index(vertex);
        long loops = 0;
        for (Iterator<HeapReference> out = new Outgoing(object, -1); out.hasNext(); ) {
            loops += out.next().targetIndex() == object ? 1 : 0;
        }
        return new ComputedSet<>(
                requireCountable(degreeOf(vertex) - loops, "references of one object"),
                () -> Stream.of(new Incoming(object), new Outgoing(object, object))
                        .flatMap(ObjectGraphView::stream)
                        .iterator(),
                edge -> mineWithNumber(edge)
                        && (((HeapReference) edge).sourceIndex() == object
                                || ((HeapReference) edge).targetIndex() == object));
    }

    private static Stream<HeapReference> stream(Iterator<HeapReference> references) {
        Iterable<HeapReference> once = () -> references;
        return java.util.stream.StreamSupport.stream(once.spliterator(), false);
    }

    /** The references of an object, first the one to its class, but for those to one target. */
    private final class Outgoing implements Iterator<HeapReference> {
        private final int source;
        private final int except;
        private final long end;
        private long next;
        private boolean toClass;

        /** With a negative {@code except} there is no exception. */
        Outgoing(int source, int except) {
            this.source = source;
            this.except = except;
            this.next = graph.firstReference(source);
            this.end = graph.endReference(source);
            int classObject = graph.classObject(source);
            this.toClass = classObject >= 0 && classObject != except;
            skip();
        }

        private void skip() {
            while (next < end && (graph.isHolder(graph.target(next)) || graph.target(next) == except)) {
                next++;
            }
        }

        @Override
        public boolean hasNext() {
            return toClass || next < end;
        }

        @Override
        public HeapReference next() {
            if (toClass) {
                toClass = false;
                return new HeapReference(heap, source, graph.referenceCount() + source);
            }
            if (next >= end) {
                throw new java.util.NoSuchElementException();
            }
            HeapReference reference = new HeapReference(heap, source, next++);
            skip();
            return reference;
        }
    }

    /** The references to an object by number; of a class object those of its instances come last. */
    private final class Incoming implements Iterator<HeapReference> {
        private final InboundEdges inbound = heap.inboundEdges();
        private final TypeInstances instances = heap.instances();
        private final int[] types;
        private final long end;
        private long next;
        private int type;
        private int instance;

        Incoming(int target) {
            this.next = inbound.first(target);
            this.end = endOfObjects(next, inbound.end(target));
            this.types = instances.typesOfClassObject(target);
            this.instance = types.length == 0 ? 0 : instances.first(types[0]);
            skip();
        }

        /** Numbers ascend, and holders' references have the highest. */
        private long endOfObjects(long first, long last) {
            long low = first;
            long high = last;
            while (low < high) {
                long middle = (low + high) >>> 1;
                if (inbound.number(middle) < endOfObjects) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        private void skip() {
            while (type < types.length && instance == instances.end(types[type])) {
                type++;
                instance = type < types.length ? instances.first(types[type]) : 0;
            }
        }

        /** How many there are in all; before the first is taken. */
        int count() {
            long count = end - next;
            for (int of : types) {
                count += instances.end(of) - instances.first(of);
            }
            return requireCountable(count, "references to one object");
        }

        @Override
        public boolean hasNext() {
            return next < end || type < types.length;
        }

        @Override
        public HeapReference next() {
            if (next < end) {
                long number = inbound.number(next++);
                return new HeapReference(heap, inbound.source(number), number);
            }
            if (type >= types.length) {
                throw new java.util.NoSuchElementException();
            }
            int source = instances.object(instance++);
            skip();
            return new HeapReference(heap, source, graph.referenceCount() + source);
        }
    }
}
