package dev.holdfast.heap;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.ContentRequest;
import dev.holdfast.dump.ContentSink;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Evidence;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dump as its index knows it. What needs single objects of the dump is answered from what was read while the index was
 * made, then from the dump itself, if it was named. Immutable and thread-safe but for what is decoded on first use.
 */
final class IndexedDump implements DumpFile {
    private static final Evidence[] EVIDENCE = Evidence.values();

    private final IndexCatalog catalog;
    private final AddressIndex addresses;
    private final IndexSections sections;
    private final DumpBehindIndex behind;
    private final DumpOptions options;
    private final @Nullable String file;
    private final @Nullable ByteColumn evidence;
    private @Nullable KeptReads reads;
    private @Nullable IndexedRecords records;
    private @Nullable Map<Long, DumpType> typesByClass;

    /**
     * The dump of an opened index.
     *
     * @param file what the user calls the dump, or null if it was not named
     * @param evidence how types are known, or null if all are exact
     */
    IndexedDump(
            IndexCatalog catalog,
            AddressIndex addresses,
            IndexSections sections,
            DumpBehindIndex behind,
            DumpOptions options,
            @Nullable String file,
            @Nullable ByteColumn evidence) {
        this.catalog = catalog;
        this.addresses = addresses;
        this.sections = sections;
        this.behind = behind;
        this.options = options;
        this.file = file;
        this.evidence = evidence;
    }

    private synchronized KeptReads reads() throws IOException {
        KeptReads known = reads;
        if (known == null) {
            known = KeptReads.read(sections.input(IndexFormat.Section.READS), types().size());
            reads = known;
        }
        return known;
    }

    private synchronized IndexedRecords records() {
        IndexedRecords known = records;
        if (known == null) {
            try {
                known = IndexedRecords.read(sections.input(IndexFormat.Section.RECORDS));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            records = known;
        }
        return known;
    }

    @Override
    public DumpOptions options() {
        return options;
    }

    @Override
    public DumpInfo info() {
        DumpInfo info = catalog.file().info();
        return file == null
                ? info
                : new DumpInfo(
                        file,
                        info.format(),
                        info.formatVersion(),
                        info.runtime(),
                        info.takenAt(),
                        info.identifierBytes(),
                        info.fileBytes(),
                        info.dumpBytes(),
                        info.dumps(),
                        info.dumpNumber());
    }

    @Override
    public void objects(ChunkSinks<ObjectSink> sinks, Progress progress) {
        throw built();
    }

    @Override
    public ShallowSizes layout(AddressSet all) {
        return catalog.sizes();
    }

    @Override
    public LayoutInfo layoutInfo() {
        return catalog.file().layout();
    }

    @Override
    public int chunkCount() {
        throw built();
    }

    @Override
    public void references(ChunkSinks<ReferenceSink> sinks, Progress progress) {
        throw built();
    }

    private static IllegalStateException built() {
        return new IllegalStateException("the graph of an index is there already");
    }

    @Override
    public boolean contents(ContentRequest request, ChunkSinks<ContentSink> sinks, Progress progress)
            throws IOException {
        return behind.open("the contents of objects").contents(request, sinks, progress);
    }

    @Override
    public boolean headers(ChunkSinks<HeaderSink> sinks, Progress progress) throws IOException {
        return behind.open("the contents of objects").headers(sinks, progress);
    }

    @Override
    public List<DumpType> types() {
        return catalog.types();
    }

    @Override
    public DumpRoots roots() {
        return catalog.roots();
    }

    @Override
    public List<DumpThread> threads() {
        return catalog.threads();
    }

    @Override
    public ThreadWaits waits() {
        return records().waits();
    }

    @Override
    public long maxReferences() {
        return catalog.counts().edges();
    }

    @Override
    public boolean rootsLost() {
        return catalog.file().rootsLost();
    }

    @Override
    public String referenceName(long source, int type, int slot) {
        return catalog.names().name(addresses.indexOf(source), type, slot);
    }

    @Override
    public @Nullable RecordedObject read(long address) throws IOException {
        RecordedObject kept = reads().object(address);
        if (kept != null) {
            return kept;
        }
        // What is no object is not in the dump either.
        return addresses.indexOf(address) < 0
                ? null
                : behind.open("the fields of objects").read(address);
    }

    @Override
    public synchronized @Nullable DumpType typeOfClassObject(long address) {
        Map<Long, DumpType> known = typesByClass;
        if (known == null) {
            known = new HashMap<>();
            for (DumpType type : types()) {
                if (type.hasClassObject()) {
                    known.putIfAbsent(type.classAddress(), type);
                }
            }
            typesByClass = known;
        }
        return known.get(address);
    }

    @Override
    public List<NamedReference> readReferences(long address, int limit) throws IOException {
        List<NamedReference> kept = reads().references(address, limit);
        return kept != null ? kept : behind.open("the names of all references").readReferences(address, limit);
    }

    @Override
    public long[] readElements(long address, long from, int count) throws IOException {
        long[] kept = reads().elements(address, from, count);
        return kept != null ? kept : behind.open("the elements of arrays").readElements(address, from, count);
    }

    @Override
    public Evidence evidence(int object) {
        return evidence == null ? Evidence.EXACT : EVIDENCE[evidence.get(object)];
    }

    @Override
    public AllocationSites allocationSites() {
        return records().sites();
    }

    @Override
    public List<MemoryClass> memoryClasses() {
        return records().memory();
    }

    @Override
    public StackMemory stackMemory() {
        return records().stacks();
    }

    @Override
    public GhostFrames ghostFrames(DumpThread thread) {
        try {
            return behind.open("the free parts of stacks").ghostFrames(thread);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, String> runtimeFacts() {
        return catalog.file().runtime();
    }

    @Override
    public List<RecordedProfile> recordedProfiles() {
        return records().profiles();
    }

    @Override
    public List<DumpIdentity> identities() {
        return catalog.file().identities();
    }

    @Override
    public List<DumpWarning> warnings() {
        return catalog.file().warnings();
    }

    @Override
    public void close() throws IOException {
        behind.close();
    }
}
