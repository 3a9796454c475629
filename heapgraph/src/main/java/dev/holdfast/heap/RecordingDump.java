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
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dump that remembers which single objects were read, for an index that is to do without the dump. Thread-safe as it is. */
final class RecordingDump implements DumpFile {
    private final DumpFile dump;
    private final KeptReads reads = new KeptReads();

    RecordingDump(DumpFile dump) {
        this.dump = dump;
    }

    /** What was read so far. */
    KeptReads reads() {
        return reads;
    }

    @Override
    public @Nullable RecordedObject read(long address) throws IOException {
        RecordedObject object = dump.read(address);
        if (object != null) {
            reads.keep(object);
        }
        return object;
    }

    @Override
    public long[] readElements(long address, long from, int count) throws IOException {
        long[] values = dump.readElements(address, from, count);
        reads.keep(address, from, count, values);
        return values;
    }

    @Override
    public DumpOptions options() {
        return dump.options();
    }

    @Override
    public DumpInfo info() {
        return dump.info();
    }

    @Override
    public void objects(ChunkSinks<ObjectSink> sinks, Progress progress) throws IOException {
        dump.objects(sinks, progress);
    }

    @Override
    public ShallowSizes layout(AddressSet addresses) throws IOException {
        return dump.layout(addresses);
    }

    @Override
    public LayoutInfo layoutInfo() {
        return dump.layoutInfo();
    }

    @Override
    public int chunkCount() {
        return dump.chunkCount();
    }

    @Override
    public void references(ChunkSinks<ReferenceSink> sinks, Progress progress) throws IOException {
        dump.references(sinks, progress);
    }

    @Override
    public boolean contents(ContentRequest request, ChunkSinks<ContentSink> sinks, Progress progress)
            throws IOException {
        return dump.contents(request, sinks, progress);
    }

    @Override
    public boolean headers(ChunkSinks<HeaderSink> sinks, Progress progress) throws IOException {
        return dump.headers(sinks, progress);
    }

    @Override
    public List<DumpType> types() {
        return dump.types();
    }

    @Override
    public boolean typesComeLater() {
        return dump.typesComeLater();
    }

    @Override
    public FoundTypes foundTypes() {
        return dump.foundTypes();
    }

    @Override
    public DumpRoots roots() {
        return dump.roots();
    }

    @Override
    public List<DumpThread> threads() {
        return dump.threads();
    }

    @Override
    public ThreadWaits waits() {
        return dump.waits();
    }

    @Override
    public long maxReferences() {
        return dump.maxReferences();
    }

    @Override
    public boolean rootsLost() {
        return dump.rootsLost();
    }

    @Override
    public String referenceName(long source, int type, int slot) {
        return dump.referenceName(source, type, slot);
    }

    @Override
    public @Nullable DumpType typeOfClassObject(long address) {
        return dump.typeOfClassObject(address);
    }

    @Override
    public List<NamedReference> readReferences(long address, int limit) throws IOException {
        List<NamedReference> found = dump.readReferences(address, limit);
        reads.keep(address, limit, found);
        return found;
    }

    @Override
    public Evidence evidence(int object) {
        return dump.evidence(object);
    }

    @Override
    public AllocationSites allocationSites() {
        return dump.allocationSites();
    }

    @Override
    public List<MemoryClass> memoryClasses() {
        return dump.memoryClasses();
    }

    @Override
    public StackMemory stackMemory() {
        return dump.stackMemory();
    }

    @Override
    public GhostFrames ghostFrames(DumpThread thread) {
        return dump.ghostFrames(thread);
    }

    @Override
    public Map<String, String> runtimeFacts() {
        return dump.runtimeFacts();
    }

    @Override
    public List<RecordedProfile> recordedProfiles() {
        return dump.recordedProfiles();
    }

    @Override
    public List<DumpIdentity> identities() {
        return dump.identities();
    }

    @Override
    public List<DumpWarning> warnings() {
        return dump.warnings();
    }

    @Override
    public void close() throws IOException {
        dump.close();
    }
}
