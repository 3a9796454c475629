package dev.holdfast.dump.gocore;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Evidence;
import dev.holdfast.dump.FoundTypes;
import dev.holdfast.dump.GhostFrames;
import dev.holdfast.dump.HeaderSink;
import dev.holdfast.dump.LayoutInfo;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.ObjectSink;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.StackMemory;
import dev.holdfast.dump.ThreadWaits;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.HeapPointers;
import dev.holdfast.dump.goruntime.RuntimeFacts;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.TypeMasks;
import dev.holdfast.dump.gostack.GhostStacks;
import dev.holdfast.dump.gostack.Goroutine;
import dev.holdfast.dump.gostack.GoroutineTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An opened core of a Go program: the four calls of the contract over its spans. */
final class GoCoreFile implements DumpFile {
    private final GoProgram program;
    private final DumpOptions options;
    private final SpanTable spans;
    private final TypeMasks masks;
    private final HeapPass pass;
    private @Nullable GoHeap heap;
    private @Nullable GoRecords records;
    private final Object typing = new Object();
    private volatile @Nullable GoObjectTypes types;
    private @Nullable GhostStacks ghosts;

    GoCoreFile(GoProgram program, DumpOptions options) {
        this.program = program;
        this.options = options;
        spans = SpanTable.read(program);
        masks = new TypeMasks(program);
        pass = new HeapPass(program, spans, masks, options.threads());
    }

    @Override
    public DumpOptions options() {
        return options;
    }

    @Override
    public DumpInfo info() {
        long bytes;
        try {
            bytes = Files.size(program.file().path());
        } catch (IOException e) {
            bytes = 0;
        }
        String machine = program.executable().machine().name().toLowerCase(java.util.Locale.ROOT);
        return new DumpInfo(
                program.file().path().toString(),
                "go-core",
                "ELF core",
                program.version().text() + " linux/" + machine,
                RuntimeFacts.lastActivity(program),
                8,
                bytes,
                bytes,
                List.of(0L),
                1);
    }

    @Override
    public void objects(ChunkSinks<ObjectSink> sinks, Progress progress) throws IOException {
        pass.objects(sinks, progress);
    }

    @Override
    public ShallowSizes layout(AddressSet addresses) throws IOException {
        heap = GoHeap.read(program, options.threads(), spans, masks);
        return GoObjectTypes.sizes(1);
    }

    private GoHeap heap() {
        if (heap == null) {
            throw new IllegalStateException("layout() comes first");
        }
        return heap;
    }

    private synchronized GoRecords records() {
        GoRecords known = records;
        if (known == null) {
            GoHeap with = heap();
            known = GoRecords.read(program, spans, with.functions(), with.roots(), options.profileNow());
            records = known;
        }
        return known;
    }

    /** Types are found by following pointers, in no order and largely on one thread: meanwhile others read references. */
    private GoObjectTypes findTypes(Progress progress) throws IOException {
        synchronized (typing) {
            GoObjectTypes known = types;
            if (known == null) {
                known = heap().findTypes(program, spans, pass, progress);
                types = known;
            }
            return known;
        }
    }

    /** The types, found now if nobody read references, as for a histogram without a graph. */
    private GoObjectTypes objectTypes() {
        GoObjectTypes known = types;
        try {
            return known != null ? known : findTypes(Progress.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public LayoutInfo layoutInfo() {
        return new LayoutInfo(0, 8, 8, "size classes of the runtime", 1, false, 0, 0);
    }

    @Override
    public int chunkCount() {
        return pass.chunkCount();
    }

    @Override
    public void references(ChunkSinks<ReferenceSink> sinks, Progress progress) throws IOException {
        pass.references(sinks, List.of(() -> findTypes(progress), this::records), heap().roots(), progress);
        program.warnings()
                .note(
                        "pointer-to-free-slot",
                        -1,
                        "pointers lead into the heap, but to no object, and were dropped",
                        pass.freeSlots());
        program.warnings()
                .loss("object-unreadable", -1, "objects or their pointer bits are not in the core", pass.unreadable());
    }

    @Override
    public boolean headers(ChunkSinks<HeaderSink> sinks, Progress progress) throws IOException {
        GoObjectTypes found = findTypes(progress);
        pass.headers(sinks, heap().propagation(), found.found(), progress);
        return true;
    }

    @Override
    public List<DumpType> types() {
        return objectTypes().all();
    }

    @Override
    public boolean typesComeLater() {
        return true;
    }

    @Override
    public FoundTypes foundTypes() {
        return objectTypes();
    }

    @Override
    public DumpRoots roots() {
        return heap().roots().roots();
    }

    @Override
    public List<DumpThread> threads() {
        return heap().roots().threads();
    }

    @Override
    public ThreadWaits waits() {
        return heap().roots().waits();
    }

    @Override
    public long maxReferences() {
        return pass.pointers();
    }

    @Override
    public boolean rootsLost() {
        return false;
    }

    @Override
    public String referenceName(long source, int type, int slot) {
        return objectTypes().referenceName(type, 8L * slot);
    }

    @Override
    public @Nullable RecordedObject read(long address) throws IOException {
        int span = spans.spanAt(address);
        int element = span < 0 ? -1 : spans.elementAt(span, address);
        if (element < 0
                || spans.objectAddress(span, element) != address
                || !spans.allocated(spans.firstSlot(span) + element)) {
            return null;
        }
        return objectTypes().read(spans.firstSlot(span) + element, address);
    }

    @Override
    public @Nullable DumpType typeOfClassObject(long address) {
        return null;
    }

    @Override
    public List<NamedReference> readReferences(long address, int limit) throws IOException {
        List<NamedReference> references = new ArrayList<>();
        int span = spans.spanAt(address);
        int element = span < 0 ? -1 : spans.elementAt(span, address);
        if (element < 0) {
            return references;
        }
        GoHeap known = heap();
        int slot = spans.firstSlot(span) + element;
        GoObjectTypes named = objectTypes();
        int type = named.ofSlot(slot);
        boolean filtered = known.roots().filters(slot);
        try {
            new HeapPointers(program, spans, masks).visit(span, element, (word, pointer) -> {
                int target = spans.objectSlotAt(pointer);
                if (target >= 0 && (!filtered || known.roots().keeps(target))) {
                    references.add(new NamedReference(named.referenceName(type, 8 * word), spans.objectAt(pointer)));
                }
                return references.size() < limit;
            });
        } catch (MissingMemoryException e) {
            // Counted when all references were read.
            return references;
        }
        return references;
    }

    @Override
    public long[] readElements(long address, long from, int count) throws IOException {
        int slot = spans.slotAt(address);
        return slot < 0 ? new long[0] : objectTypes().readElements(slot, address, from, count);
    }

    @Override
    public Evidence evidence(int object) {
        return objectTypes().evidence(object);
    }

    @Override
    public AllocationSites allocationSites() {
        return records().allocationSites();
    }

    @Override
    public List<MemoryClass> memoryClasses() {
        return records().memoryClasses();
    }

    @Override
    public StackMemory stackMemory() {
        return records().stacks();
    }

    @Override
    public synchronized GhostFrames ghostFrames(DumpThread thread) {
        GoroutineTable goroutines = heap().roots().goroutines();
        Goroutine goroutine = goroutines.at(thread.address());
        if (goroutine == null) {
            return GhostFrames.NONE;
        }
        GhostStacks reader = ghosts;
        if (reader == null) {
            reader = goroutines.ghosts();
            ghosts = reader;
        }
        return reader.of(goroutine);
    }

    @Override
    public Map<String, String> runtimeFacts() {
        return records().facts();
    }

    @Override
    public List<RecordedProfile> recordedProfiles() {
        return records().profiles();
    }

    @Override
    public List<DumpIdentity> identities() {
        return records().identities();
    }

    @Override
    public List<DumpWarning> warnings() {
        return program.warnings().list();
    }

    @Override
    public void close() throws IOException {
        program.close();
    }
}
