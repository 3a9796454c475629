package dev.holdfast.heap;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.ObjectSink;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.Warnings;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Builds a snapshot: addresses, sizes, references, roots, then reachability beside dominators. Used once. */
final class SnapshotBuilder {
    private final DumpFile dump;
    private final SnapshotOptions options;
    private final Progress progress;
    private final Warnings warnings = new Warnings();
    private ColumnStore store = ColumnStore.onHeap();

    SnapshotBuilder(DumpFile dump, SnapshotOptions options, Progress progress) {
        this.dump = dump;
        this.options = options;
        this.progress = progress;
    }

    HeapSnapshot build() throws IOException {
        try {
            return tryBuild();
        } catch (IOException | RuntimeException | Error e) {
            closeAfter(e, store);
            closeAfter(e, dump);
            throw e;
        }
    }

    private static void closeAfter(Throwable failure, Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private HeapSnapshot tryBuild() throws IOException {
        if (options.memory() == SnapshotOptions.Memory.MAPPED) {
            store = MemoryPlan.mapped(options.workDir());
        }
        AddressIndexBuilder collected = new AddressIndexBuilder(store);
        dump.objects(
                new ChunkSinks<ObjectSink>() {
                    private final java.util.ArrayDeque<AddressCollector> idle = new java.util.ArrayDeque<>();

                    @Override
                    public ObjectSink open(int chunk) {
                        AddressCollector collector;
                        synchronized (idle) {
                            collector = idle.isEmpty() ? collected.collector() : idle.pop();
                        }
                        return new AddressSink(collector);
                    }

                    @Override
                    public void close(int chunk, ObjectSink sink) {
                        synchronized (idle) {
                            idle.push(((AddressSink) sink).collector);
                        }
                    }
                },
                progress);
        progress.phase("numbering objects", -1);
        AddressIndex addresses = collected.build();
        if (collected.duplicates() > 0) {
            warnings.loss(
                    "duplicate-object",
                    -1,
                    "objects occur more than once in the dump; the first of each was taken",
                    collected.duplicates());
        }
        if (options.memory() == SnapshotOptions.Memory.AUTOMATIC) {
            store = MemoryPlan.choose(addresses.count(), dump.maxReferences(), options.workDir());
        }
        ShallowSizes sizes = dump.layout(addresses);
        ObjectGraph graph = references(addresses, sizes, collected.duplicates() > 0);
        RootNodes roots = roots(graph);
        return analyse(graph, roots);
    }

    private record AddressSink(AddressCollector collector) implements ObjectSink {
        @Override
        public void object(long address, long typeKey, long elements) {
            collector.add(address);
        }
    }

    private ObjectGraph references(AddressIndex addresses, ShallowSizes sizes, boolean repeated) throws IOException {
        int objects = addresses.count();
        DumpRoots roots = dump.roots();
        int nodes = Math.addExact(objects, roots.holders().size());
        List<DumpType> types = dump.types();
        IntColumn typeOf = store.ints(objects);
        IntColumn elements = store.ints(objects);
        EdgeListBuilder edges = new EdgeListBuilder(store, nodes);
        AtomicLong dangling = new AtomicLong();
        FirstOccurrence first = repeated ? new FirstOccurrence(store, objects) : null;
        dump.references(
                new ChunkSinks<ReferenceSink>() {
                    @Override
                    public ReferenceSink open(int chunk) {
                        return new EdgeSink(addresses, typeOf, elements, edges.open(chunk), first, chunk);
                    }

                    @Override
                    public void close(int chunk, ReferenceSink sink) {
                        EdgeSink done = (EdgeSink) sink;
                        edges.close(done.edges);
                        dangling.addAndGet(done.dangling);
                    }
                },
                progress);
        if (dangling.get() > 0) {
            warnings.note(
                    "dangling-reference",
                    -1,
                    "references point to objects that are not in the dump and were dropped",
                    dangling.get());
        }
        addHolderEdges(roots, addresses, edges);
        progress.phase("assembling references", -1);
        EdgeList list = edges.build(repeated, options.threads());
        int[] typeNode = new int[types.size()];
        for (DumpType type : types) {
            typeNode[type.index()] = type.hasClassObject() ? addresses.indexOf(type.classAddress()) : -1;
        }
        return new ObjectGraph(addresses, typeOf, elements, sizes, list, types, typeNode, roots.holders());
    }

    private static void addHolderEdges(DumpRoots roots, AddressIndex addresses, EdgeListBuilder edges) {
        int objects = addresses.count();
        List<Holder> holders = roots.holders();
        for (int h = 0; h < holders.size(); h++) {
            Holder holder = holders.get(h);
            if (holder.parent() >= 0) {
                edges.add(objects + holder.parent(), objects + h);
            } else if (holder.parent() == DumpRoots.UNDER_OBJECT) {
                int owner = addresses.indexOf(holder.owner());
                if (owner >= 0) {
                    edges.add(owner, objects + h);
                }
            }
        }
        for (int i = 0; i < roots.heldCount(); i++) {
            int target = addresses.indexOf(roots.heldAddress(i));
            if (target >= 0) {
                edges.add(objects + roots.heldBy(i), target);
            }
        }
        for (int i = 0; i < roots.ownedCount(); i++) {
            int source = addresses.indexOf(roots.ownedSource(i));
            int target = addresses.indexOf(roots.ownedTarget(i));
            if (source >= 0 && target >= 0) {
                edges.add(source, target);
            }
        }
    }

    /** Writes what one chunk says of its objects into the columns and its references into a collector. */
    private static final class EdgeSink implements ReferenceSink {
        private final AddressIndex addresses;
        private final IntColumn typeOf;
        private final IntColumn elementsOf;
        private final EdgeCollector edges;
        private final @org.jspecify.annotations.Nullable FirstOccurrence first;
        private final int chunk;
        private long dangling;

        EdgeSink(
                AddressIndex addresses,
                IntColumn typeOf,
                IntColumn elementsOf,
                EdgeCollector edges,
                @org.jspecify.annotations.Nullable FirstOccurrence first,
                int chunk) {
            this.addresses = addresses;
            this.typeOf = typeOf;
            this.elementsOf = elementsOf;
            this.edges = edges;
            this.first = first;
            this.chunk = chunk;
        }

        @Override
        public void object(long address, int type, int elements) {
            int object = addresses.indexOf(address);
            edges.begin(object);
            if (first == null) {
                typeOf.set(object, type);
                elementsOf.set(object, elements);
            } else {
                first.offer(object, chunk, () -> {
                    typeOf.set(object, type);
                    elementsOf.set(object, elements);
                });
            }
        }

        @Override
        public void reference(long target, int slot) {
            int object = addresses.indexOf(target);
            if (object < 0) {
                dangling++;
            } else {
                edges.edge(object, slot);
            }
        }
    }

    /** Decides between repetitions of an object: the first in chunk and file order counts. Only for damaged dumps. */
    private static final class FirstOccurrence {
        private final IntColumn chunkPlusOne;

        FirstOccurrence(ColumnStore store, int objects) {
            chunkPlusOne = store.ints(objects);
        }

        synchronized void offer(int object, int chunk, Runnable take) {
            int taken = chunkPlusOne.get(object);
            if (taken == 0 || chunk + 1 < taken) {
                chunkPlusOne.set(object, chunk + 1);
                take.run();
            }
        }
    }

    private RootNodes roots(ObjectGraph graph) {
        DumpRoots recorded = dump.roots();
        RootNodes.Builder builder = new RootNodes.Builder();
        for (int i = 0; i < recorded.rootCount(); i++) {
            int node = graph.indexOf(recorded.rootAddress(i));
            builder.record(node >= 0);
            if (node >= 0) {
                builder.add(node, recorded.rootKind(i));
            }
        }
        List<Holder> holders = recorded.holders();
        for (int h = 0; h < holders.size(); h++) {
            Holder holder = holders.get(h);
            boolean orphan = holder.parent() == DumpRoots.UNDER_OBJECT && graph.indexOf(holder.owner()) < 0;
            if (holder.parent() == DumpRoots.UNDER_ROOT || orphan) {
                builder.add(graph.objectCount() + h, holder.kind());
            }
        }
        for (int i = 0; i < recorded.heldCount(); i++) {
            builder.record(graph.indexOf(recorded.heldAddress(i)) >= 0);
        }
        for (int i = 0; i < recorded.ownedCount(); i++) {
            builder.record(graph.indexOf(recorded.ownedTarget(i)) >= 0);
        }
        if (dump.rootsLost()) {
            LostRoots.add(graph, builder, store, progress);
            warnings.loss(
                    "roots-lost",
                    -1,
                    "the file ends before its roots; what holds the objects is estimated, under "
                            + RootKind.LOST.label(),
                    1);
        }
        RootNodes roots = builder.build();
        if (roots.dangling() > 0) {
            warnings.note(
                    "dangling-root",
                    -1,
                    "roots name objects that are not in the dump and were dropped",
                    roots.dangling());
        }
        return roots;
    }

    private HeapSnapshot analyse(ObjectGraph graph, RootNodes roots) throws InsufficientResourcesException {
        List<DumpType> types = graph.types();
        int[] referentSlot = new int[types.size()];
        byte[] referentLevel = new byte[types.size()];
        for (DumpType type : types) {
            referentSlot[type.index()] = type.referentSlot();
            referentLevel[type.index()] = (byte) Reachability.level(type.referentStrength());
        }
        NodeGraph nodes = new NodeGraph(
                graph.objectCount(),
                graph.holders().size(),
                graph.edges(),
                graph.typeColumn(),
                graph.typeNodes(),
                referentSlot,
                referentLevel,
                roots.nodes(),
                options.references() == SnapshotOptions.References.STRONG);
        DominatorTree[] dominators = new DominatorTree[1];
        Reachability[] reachability = new Reachability[1];
        long heapBytes = heapBytes(graph);
        Workers.run(
                options.threads(),
                List.of(
                        () -> dominators[0] =
                                DominatorTree.compute(nodes, graph::shallowSize, heapBytes, store, progress),
                        () -> reachability[0] = Reachability.compute(nodes, store, Progress.NONE)));
        HeapTotals totals = HeapTotals.of(graph, dominators[0], reachability[0]);
        store.trim();
        HeapSnapshot snapshot = new HeapSnapshot(
                dump, store, graph, roots, dominators[0], reachability[0], totals, warnings.list(), options);
        for (Identity identity : snapshot.identities()) {
            if (!identity.holds()) {
                warnings.loss(
                        "identity-broken",
                        -1,
                        identity.name() + ": " + identity.expected() + " is not " + identity.actual(),
                        1);
            }
        }
        return snapshot.withWarnings(warnings.list());
    }

    private static long heapBytes(ObjectGraph graph) {
        long bytes = 0;
        for (int i = 0; i < graph.objectCount(); i++) {
            bytes += graph.shallowSize(i);
        }
        return bytes;
    }
}
