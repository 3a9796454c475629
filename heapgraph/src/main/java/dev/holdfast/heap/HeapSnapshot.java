package dev.holdfast.heap;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Evidence;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Strength;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The heap of a dump: object graph, roots, reachability, dominators.
 *
 * <p>Immutable and thread-safe once open. Closing it removes scratch files and closes the dump; nothing of it may be used
 * afterwards.
 */
public final class HeapSnapshot implements Closeable {
    private static final Strength[] STRENGTHS = Strength.values();

    private final DumpFile dump;
    private final List<ColumnStore> stores;
    private final ColumnStore store;
    private final ObjectGraph graph;
    private final RootNodes roots;
    private final DominatorTree dominators;
    private final Reachability reachability;
    private final HeapTotals totals;
    private final List<DumpWarning> warnings;
    private final SnapshotOptions options;
    private final HeapHandles handles;
    private volatile @Nullable Referrers referrers;
    private volatile @Nullable DominatorChildren dominated;
    private volatile @Nullable IntColumn retainedObjects;
    private volatile @Nullable ReadyAnswers ready;

    HeapSnapshot(
            DumpFile dump,
            List<ColumnStore> stores,
            ColumnStore store,
            ObjectGraph graph,
            RootNodes roots,
            DominatorTree dominators,
            Reachability reachability,
            HeapTotals totals,
            List<DumpWarning> warnings,
            SnapshotOptions options) {
        this.dump = dump;
        this.stores = List.copyOf(stores);
        this.store = store;
        this.graph = graph;
        this.roots = roots;
        this.dominators = dominators;
        this.reachability = reachability;
        this.totals = totals;
        this.warnings = warnings;
        this.options = options;
        this.handles = new HeapHandles(this, store);
    }

    /**
     * Builds the graph of a dump and computes reachability and dominators.
     *
     * <p>Cost: two passes over the file and about 0.3 microseconds an object. The snapshot owns the dump from here on,
     * and closes it too if building fails.
     *
     * @throws dev.holdfast.dump.InsufficientResourcesException if neither memory nor disk suffices
     * @throws dev.holdfast.dump.DumpFormatException if the file is damaged and its options are strict
     * @throws IOException if the file cannot be read
     * @throws dev.holdfast.dump.CanceledException if the progress was cancelled
     */
    public static HeapSnapshot open(DumpFile dump, SnapshotOptions options, Progress progress) throws IOException {
        return new SnapshotBuilder(dump, options, progress).build();
    }

    /** Takes what an index has ready; before anybody else has the snapshot. */
    HeapSnapshot with(ReadyAnswers answers) {
        ready = answers;
        dominated = answers.children();
        referrers = Referrers.over(answers.inbound());
        handles.ready(answers.inbound());
        return this;
    }

    /**
     * Saves the heap, so that {@link Holdfast#reopen} has it again at once.
     *
     * <p>Cost: about 60 bytes an object on disk, and the time to write them.
     *
     * @param file is replaced when the index is whole; before that a file beside it is written
     * @throws dev.holdfast.dump.InsufficientResourcesException if the disk has no room
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if the heap itself was reopened from an index
     */
    public void saveIndex(Path file) throws IOException {
        saveIndex(file, Progress.NONE);
    }

    /**
     * Saves the heap, so that {@link Holdfast#reopen} has it again at once.
     *
     * @param file is replaced when the index is whole; before that a file beside it is written
     * @param progress told of each phase, and may cancel
     * @throws dev.holdfast.dump.InsufficientResourcesException if the disk has no room
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if the heap itself was reopened from an index
     * @throws dev.holdfast.dump.CanceledException if the progress was cancelled
     */
    public void saveIndex(Path file, Progress progress) throws IOException {
        new IndexWriter(this, progress).write(file);
    }

    /** The file that the heap was read from; for names, contents and threads. */
    public DumpFile dump() {
        return dump;
    }

    /** How the graph was built. */
    public SnapshotOptions options() {
        return options;
    }

    /** Objects and references. */
    public ObjectGraph graph() {
        return graph;
    }

    /** The types of objects by index. */
    public List<DumpType> types() {
        return graph.types();
    }

    /** The nodes below the virtual root. */
    public RootNodes roots() {
        return roots;
    }

    /** Who dominates whom, and what each retains. */
    public DominatorTree dominators() {
        return dominators;
    }

    /** Whether a node is reachable by the references that count. */
    public boolean reachable(int node) {
        return dominators.reachable(node);
    }

    /** How strongly a node is held over all references, or null if it is unreachable. */
    public @Nullable Strength strength(int node) {
        int level = reachability.level(node);
        return level == 0 ? null : STRENGTHS[level - 1];
    }

    /** Objects and bytes, reachable and not, by strength. */
    public HeapTotals totals() {
        return totals;
    }

    /** References by their targets; built on first use, 4 bytes an object and 8 bytes a reference from then on. */
    public Referrers referrers() {
        Referrers made = referrers;
        if (made == null) {
            synchronized (this) {
                made = referrers;
                if (made == null) {
                    made = Referrers.of(graph, store);
                    referrers = made;
                }
            }
        }
        return made;
    }

    /** What each node immediately dominates; built on first use, 8 bytes an object from then on. */
    public DominatorChildren dominated() {
        DominatorChildren made = dominated;
        if (made == null) {
            synchronized (this) {
                made = dominated;
                if (made == null) {
                    made = DominatorChildren.of(dominators, store);
                    dominated = made;
                }
            }
        }
        return made;
    }

    /**
     * The reachable objects that retain most, largest first, of equal ones the lower address; one pass over all objects,
     * or none if an index has them ready.
     *
     * @param limit at most so many
     */
    public int[] largestObjects(int limit) {
        ReadyAnswers answers = ready;
        if (answers != null && (limit <= answers.largest().length || answers.allObjects())) {
            return Arrays.copyOf(answers.largest(), Math.min(limit, answers.largest().length));
        }
        LargestFirst largest = new LargestFirst(Math.min(limit, graph.objectCount()));
        for (int object = 0; object < graph.objectCount(); object++) {
            if (reachable(object)) {
                largest.offer(object, dominators.retainedSize(object));
            }
        }
        return largest.take();
    }

    /** Objects and bytes by type, if the heap was reopened from an index, which has them ready. */
    public Optional<TypeSums> typeSums() {
        return Optional.ofNullable(ready).map(ReadyAnswers::sums);
    }

    /** Shallow size of the reachable objects, by what is known of their type. One walk over all, or none of an index. */
    public Map<Evidence, Long> typedBytes() {
        ReadyAnswers answers = ready;
        long[] counted =
                answers == null ? TypeSums.typedBytes(this) : answers.sums().typedBytes();
        Map<Evidence, Long> bytes = new EnumMap<>(Evidence.class);
        for (Evidence evidence : Evidence.values()) {
            bytes.put(evidence, counted[evidence.ordinal()]);
        }
        return bytes;
    }

    /**
     * What the objects of each type retain: the sum over those that no object of the same type dominates. One walk over the
     * dominator tree, or none if an index has the sums ready.
     */
    public long[] retainedByType() {
        ReadyAnswers answers = ready;
        return answers != null ? answers.sums().retained() : TypeRetention.of(this, dominated());
    }

    /**
     * The object that begins at the address or, if none does, the one that contains it.
     *
     * @param address as a debugger or a report prints it
     */
    public Optional<HeapObject> object(long address) {
        Optional<HeapObject> exact = exactly(address);
        if (exact.isPresent()) {
            return exact;
        }
        int index = graph.containing(address);
        return index < 0 ? Optional.empty() : Optional.of(new HeapObject(this, index));
    }

    /**
     * The object with that number in the graph.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public HeapObject objectAt(int index) {
        return new HeapObject(this, Objects.checkIndex(index, graph.objectCount()));
    }

    /** All objects of the dump by address, reachable or not. */
    public Stream<HeapObject> objects() {
        return IntStream.range(0, graph.objectCount()).mapToObj(index -> new HeapObject(this, index));
    }

    /**
     * The objects of exactly the types of that name by type and address, reachable or not.
     *
     * <p>The first call on a snapshot builds an index over all objects: 4 bytes an object.
     */
    public Stream<HeapObject> objects(String typeName) {
        return typesNamed(typeName).stream().flatMap(HeapType::instances);
    }

    /** The type of that name; if class loaders have one each, that with the lowest index. */
    public Optional<HeapType> type(String name) {
        return handles.typesNamed(name).stream().findFirst();
    }

    /** The types of that name, one for each class loader that defined it. */
    public List<HeapType> typesNamed(String name) {
        return handles.typesNamed(name);
    }

    /**
     * The type with that index.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public HeapType typeAt(int index) {
        return new HeapType(this, types().get(index));
    }

    /** The object that begins at the address. */
    Optional<HeapObject> exactly(long address) {
        int index = graph.indexOf(address);
        return index < 0 ? Optional.empty() : Optional.of(new HeapObject(this, index));
    }

    /** The objects of each type; built on first use. */
    TypeInstances instances() {
        return handles.instances();
    }

    /** References by target; built on first use. */
    InboundEdges inboundEdges() {
        return handles.inboundEdges();
    }

    /**
     * How many objects would be unreachable without the node, itself included; 0 if it is unreachable. The first call counts
     * for all nodes, 4 bytes each from then on.
     */
    public long retainedObjects(int node) {
        IntColumn made = retainedObjects;
        if (made == null) {
            synchronized (this) {
                made = retainedObjects;
                if (made == null) {
                    made = dominators.retainedObjects(graph.objectCount(), store);
                    retainedObjects = made;
                }
            }
        }
        return made.get(node);
    }

    /**
     * A column of zeros with a value for each node, for an algorithm over the whole heap; on the Java heap or in a scratch
     * file like all others. Give it back with {@link #release}.
     */
    public IntColumn scratchColumn() {
        return store.ints(DepthFirstSearch.columnSize(graph.nodeCount()));
    }

    /** Takes a scratch column back. */
    public void release(IntColumn column) {
        store.release(column);
    }

    /**
     * Runs tasks over the heap side by side, one after the other if the options allow one thread; the first failure in
     * their order is thrown when all have ended.
     *
     * @param tasks about as many as {@link SnapshotOptions#threads}: each has a thread of its own
     */
    public void sideBySide(List<Runnable> tasks) {
        Workers.run(options.threads(), tasks);
    }

    /** What could not be taken at face value: of the dump and of the graph. */
    public List<DumpWarning> warnings() {
        List<DumpWarning> all = new ArrayList<>(dump.warnings());
        all.addAll(warnings);
        return all;
    }

    /** Warnings of the graph alone. */
    List<DumpWarning> graphWarnings() {
        return warnings;
    }

    Reachability reachability() {
        return reachability;
    }

    ColumnStore store() {
        return store;
    }

    /** The same snapshot with other warnings; for the builder, which checks identities on the finished one. */
    HeapSnapshot withWarnings(List<DumpWarning> all) {
        return new HeapSnapshot(dump, stores, store, graph, roots, dominators, reachability, totals, all, options);
    }

    /** Figures that must agree, of the graph and of the dump, checked when the snapshot was opened. */
    public List<Identity> identities() {
        List<Identity> all = new ArrayList<>();
        all.add(new Identity(
                "shallow size of reachable objects = retained size of the virtual root",
                heldBytes(),
                dominators.totalRetainedSize()));
        all.add(new Identity(
                "reachable + unreachable objects = objects in the file",
                graph.objectCount(),
                totals.reachableObjects() + totals.unreachableObjects()));
        for (DumpIdentity recorded : dump.identities()) {
            all.add(new Identity(recorded.name(), recorded.expected(), recorded.actual()));
        }
        return List.copyOf(all);
    }

    /** What reachability, which knows nothing of dominators, found held. */
    private long heldBytes() {
        long bytes = 0;
        for (Strength strength : STRENGTHS) {
            boolean counts = strength == Strength.STRONG || options.references() == SnapshotOptions.References.ALL;
            bytes += counts ? totals.bytes(strength) : 0;
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        try (dump) {
            for (ColumnStore each : stores) {
                each.close();
            }
        }
    }
}
