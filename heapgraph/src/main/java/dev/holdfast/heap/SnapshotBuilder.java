package dev.holdfast.heap;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.FoundTypes;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.Strength;
import dev.holdfast.dump.Warnings;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a snapshot: addresses, sizes, references, roots, then reachability beside dominators. Used once.
 *
 * <p>Each step is a method of its own, so that what it needed is garbage when the next begins: the method that calls them
 * runs once, interpreted, and would keep its local variables alive.
 */
final class SnapshotBuilder {
    private final DumpFile dump;
    private final SnapshotOptions options;
    private final Progress progress;
    private final Warnings warnings = new Warnings();
    private final MemoryPlan plan;
    private final List<ColumnStore> stores = new ArrayList<>();

    SnapshotBuilder(DumpFile dump, SnapshotOptions options, Progress progress) {
        this.dump = dump;
        this.options = options;
        this.progress = progress;
        this.plan = new MemoryPlan(options);
    }

    HeapSnapshot build() throws IOException {
        try {
            return tryBuild();
        } catch (CapacityException e) {
            InsufficientResourcesException refused = e.asInsufficientResources();
            closeAfter(refused);
            throw refused;
        } catch (IOException | RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    private void closeAfter(Throwable failure) {
        for (Closeable resource : stores) {
            closeAfter(failure, resource);
        }
        closeAfter(failure, dump);
    }

    private static void closeAfter(Throwable failure, Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private HeapSnapshot tryBuild() throws IOException {
        Addresses addresses = addresses();
        int count = addresses.index().count();
        ColumnStore store = keep(plan.graphStore(count, dump.maxReferences()));
        ColumnStore aside = keep(plan.asideStore(store, count, dump.maxReferences()));
        Objects objects = objects(addresses, store, aside);
        References references = references(addresses, objects, store, aside);
        store.trim();
        return analyse(references, roots(references.graph(), store), store, aside);
    }

    /** Closed with the snapshot, or if building fails. */
    private ColumnStore keep(ColumnStore store) {
        if (!stores.contains(store)) {
            stores.add(store);
        }
        return store;
    }

    /** The index, and whether some addresses occur more than once. */
    private record Addresses(AddressIndex index, boolean repeated) {}

    private Addresses addresses() throws IOException {
        ColumnStore store = keep(plan.indexStore(dump.info().dumpBytes()));
        AddressIndexBuilder collected = new AddressIndexBuilder(store);
        dump.objects(new AddressSinks(collected), progress);
        progress.phase("numbering objects", -1);
        AddressIndex index = collected.build();
        store.trim();
        if (collected.duplicates() > 0) {
            warnings.loss(
                    "duplicate-object",
                    -1,
                    "objects occur more than once in the dump; the first of each was taken",
                    collected.duplicates());
        }
        return new Addresses(index, collected.duplicates() > 0);
    }

    /** What is known of single objects: their sizes, and columns for the rest. */
    private record Objects(
            ShallowSizes sizes,
            @Nullable IntColumn typeOf,
            IntColumn elements,
            @Nullable IntColumn firstChunk) {}

    /** The columns are made while the layout is inferred: to have new memory cleared takes about as long. */
    private Objects objects(Addresses addresses, ColumnStore store, ColumnStore aside) throws IOException {
        int count = addresses.index().count();
        ShallowSizes[] sizes = new ShallowSizes[1];
        IntColumn[] elements = new IntColumn[1];
        @Nullable IntColumn[] others = new @Nullable IntColumn[2];
        try {
            Workers.run(options.threads(), List.of(() -> sizes[0] = layout(addresses.index()), () -> {
                elements[0] = aside.ints(count);
                others[0] = dump.typesComeLater() ? null : store.ints(count);
                others[1] = addresses.repeated() ? aside.ints(count) : null;
            }));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new Objects(sizes[0], others[0], elements[0], others[1]);
    }

    private ShallowSizes layout(AddressIndex index) {
        try {
            return dump.layout(index);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The graph, and a number of bytes that all objects together do not exceed. */
    private record References(ObjectGraph graph, long totalSize) {}

    private References references(Addresses addresses, Objects objects, ColumnStore store, ColumnStore aside)
            throws IOException {
        AddressIndex index = addresses.index();
        DumpRoots roots = dump.roots();
        long nodes = (long) index.count() + roots.holders().size();
        if (nodes > NodeGraph.MOST_NODES) {
            throw new CapacityException(nodes + " objects and holders; " + NodeGraph.MOST_NODES + " can be numbered");
        }
        ShallowSizes sizes = objects.sizes();
        IntColumn elements = objects.elements();
        IntColumn firstChunk = objects.firstChunk();
        EdgeListBuilder edges = new EdgeListBuilder(store, aside, (int) nodes);
        ReferenceSinks sinks = new ReferenceSinks(index, edges, objects.typeOf(), elements, sizes, firstChunk);
        dump.references(sinks, progress);
        if (firstChunk != null) {
            aside.release(firstChunk);
        }
        if (sinks.dangling() > 0) {
            warnings.note(
                    "dangling-reference",
                    -1,
                    "references point to objects that are not in the dump and were dropped",
                    sinks.dangling());
        }
        addHolderEdges(roots, index, edges);
        progress.phase("assembling references", -1);
        EdgeList list = edges.build(addresses.repeated(), options.threads());
        IntColumn typeOf = objects.typeOf();
        if (typeOf == null) {
            // Only now: while the list of references is made, memory is at its peak.
            typeOf = store.ints(index.count());
            FoundTypes found = dump.foundTypes();
            new TypeFilling(found, typeOf, list).fill(index.count(), options.threads());
            sizes = found.sizes();
        }
        List<DumpType> types = dump.types();
        int[] typeNode = new int[types.size()];
        for (DumpType type : types) {
            typeNode[type.index()] = type.hasClassObject() ? index.indexOf(type.classAddress()) : -1;
        }
        ObjectGraph graph = new ObjectGraph(index, typeOf, elements, sizes, list, types, typeNode, roots.holders());
        return new References(graph, sinks.totalSize());
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

    /** The roots so far: conditional ones are added to them once it is known which of them count. */
    private RootNodes.Builder roots(ObjectGraph graph, ColumnStore store) {
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
        if (builder.dangling() > 0) {
            warnings.note(
                    "dangling-root",
                    -1,
                    "roots name objects that are not in the dump and were dropped",
                    builder.dangling());
        }
        return builder;
    }

    private RootNodes withConditional(RootNodes.Builder roots, NodeGraph nodes, Reachability reachability) {
        ConditionalRoots conditional = nodes.conditionalRoots();
        for (int i = 0; i < conditional.count(); i++) {
            if (reachability.isRoot(i)) {
                roots.record(true);
                roots.add(conditional.target(i), conditional.kind(i));
            }
        }
        return roots.build();
    }

    /** Dominators and reachability side by side, as neither needs the other. */
    private HeapSnapshot analyse(
            References references, RootNodes.Builder rootBuilder, ColumnStore graphStore, ColumnStore aside)
            throws IOException {
        ObjectGraph graph = references.graph();
        if (dump.roots().anyConservative()) {
            ConservativeEdges.settle(graph, dump.roots(), rootBuilder.build(), graphStore, options.threads());
        }
        NodeGraph nodes =
                nodes(graph, rootBuilder.build()).withConditionalRoots(ConditionalRoots.of(dump.roots(), graph));
        ColumnStore store = keep(plan.dominatorStore(graphStore, graph.nodeCount(), graph.referenceCount()));
        ColumnStore inOrder = aside.equals(graphStore) ? store : aside;
        DominatorTree[] dominators = new DominatorTree[1];
        Reachability[] reachability = new Reachability[1];
        HeapTotals[] totals = new HeapTotals[1];
        Workers.run(
                options.threads(),
                List.of(
                        () -> dominators[0] = DominatorTree.compute(
                                nodes, graph::shallowSize, references.totalSize(), store, inOrder, progress),
                        () -> {
                            reachability[0] = Reachability.compute(nodes, store, progress.unseen());
                            totals[0] = HeapTotals.of(graph, reachability[0], nodes.strongOnly());
                        }));
        store.trimToOne(DepthFirstSearch.columnSize(nodes.nodes()));
        RootNodes roots = withConditional(rootBuilder, nodes, reachability[0]);
        HeapSnapshot snapshot = new HeapSnapshot(
                dump, stores, store, graph, roots, dominators[0], reachability[0], totals[0], warnings.list(), options);
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

    private NodeGraph nodes(ObjectGraph graph, RootNodes roots) {
        List<DumpType> types = graph.types();
        int[] referentSlot = new int[types.size()];
        byte[] referentLevel = new byte[types.size()];
        for (DumpType type : types) {
            // A referent behind 255 other fields cannot be told from them and counts as strong.
            boolean told = type.referentSlot() >= 0 && type.referentSlot() < ReferenceSink.UNNAMED_SLOT;
            boolean weak = told && type.referentStrength() != Strength.STRONG;
            referentSlot[type.index()] = weak ? type.referentSlot() : -1;
            referentLevel[type.index()] = (byte) Reachability.level(type.referentStrength());
        }
        return new NodeGraph(
                graph.objectCount(),
                graph.holders().size(),
                graph.edges(),
                graph.typeColumn(),
                graph.typeNodes(),
                referentSlot,
                referentLevel,
                roots.nodes(),
                options.references() == SnapshotOptions.References.STRONG);
    }
}
