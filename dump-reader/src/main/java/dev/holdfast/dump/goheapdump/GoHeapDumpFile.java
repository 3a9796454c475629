package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Evidence;
import dev.holdfast.dump.LayoutInfo;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.ObjectSink;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.dump.ReferenceBlock;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.StackMemory;
import dev.holdfast.dump.ValueType;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.io.ByteSource;
import dev.holdfast.dump.io.DamageReport;
import dev.holdfast.dump.io.LongList;
import dev.holdfast.dump.io.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An opened heap dump of a Go program: the four calls of the contract.
 *
 * <p>The records have no lengths in front, so the first pass is one thread's; it cuts the file into chunks for the second.
 */
final class GoHeapDumpFile implements DumpFile {
    private final ByteSource source;
    private final long fileBytes;
    private final DumpOptions options;
    private final Warnings warnings;
    private final DamageReport damage;
    private final Parameters parameters;
    private final long firstRecord;

    private @Nullable Scanned scanned;
    private @Nullable Sized sized;
    private @Nullable BitSet exact;

    /** What the first pass left. */
    private record Scanned(FirstPass pass, KnownObjects objects, Slots slots, List<DumpType> types) {}

    /** What is known once all addresses are. */
    private record Sized(AddressSet addresses, DumpRoots roots, List<DumpThread> threads, AllocationSites sites) {}

    private GoHeapDumpFile(
            ByteSource source,
            long fileBytes,
            DumpOptions options,
            Warnings warnings,
            DamageReport damage,
            Parameters parameters,
            long firstRecord) {
        this.source = source;
        this.fileBytes = fileBytes;
        this.options = options;
        this.warnings = warnings;
        this.damage = damage;
        this.parameters = parameters;
        this.firstRecord = firstRecord;
    }

    /** Opens a dump whose header ends at an offset; the first record tells what the program is. */
    static GoHeapDumpFile open(ByteSource source, long fileBytes, long start, DumpOptions options, Warnings warnings)
            throws IOException {
        DumpInput in = new DumpInput(source, start);
        Parameters[] found = new Parameters[1];
        if (in.peek() == RecordWalker.PARAMETERS) {
            new RecordWalker(in).next(new RecordHandler() {
                @Override
                public void parameters(Parameters parameters) {
                    found[0] = parameters;
                }
            });
        }
        Parameters parameters = found[0];
        if (parameters == null) {
            throw new DumpFormatException(
                    source.name(), start, "the dump does not begin with what the runtime says of itself");
        }
        if (parameters.release() == null) {
            warnings.note(
                    "unknown-release",
                    start,
                    "the program does not say of which Go release it is; it is read as one older than Go 1.22",
                    1);
        }
        DamageReport damage = new DamageReport(source.name(), options.strict(), warnings);
        return new GoHeapDumpFile(source, fileBytes, options, warnings, damage, parameters, in.position());
    }

    @Override
    public DumpOptions options() {
        return options;
    }

    @Override
    public DumpInfo info() {
        return new DumpInfo(
                source.name(),
                "go-heapdump",
                "go1.7",
                parameters.version() + " " + parameters.architecture(),
                null,
                Long.BYTES,
                fileBytes,
                source.size(),
                List.of(0L),
                1);
    }

    @Override
    public void objects(ChunkSinks<ObjectSink> sinks, Progress progress) throws IOException {
        progress.phase("reading objects", source.size());
        DumpInput in = new DumpInput(source, firstRecord);
        FirstPass pass = new FirstPass(
                source.name(), parameters, new DumpInput(source, firstRecord), sinks, damage, firstRecord);
        RecordWalker walker = new RecordWalker(in);
        Recovery recovery = new Recovery(source, parameters);
        long record = firstRecord;
        for (long count = 0; record >= 0; count++) {
            if ((count & 0xfff) == 0) {
                progress.advance(record);
                progress.check();
            }
            try {
                if (walker.next(pass)) {
                    record = in.position();
                    continue;
                }
                checkEnd(pass, in);
                break;
            } catch (DumpFormatException e) {
                if (options.strict()) {
                    throw e;
                }
                pass.cut(record);
                long next = recovery.next(record + 1);
                lost(record, next < 0 ? source.size() : next, e);
                record = next;
            }
            if (record >= 0) {
                in.seek(record);
                pass.resume(record);
            }
        }
        pass.finish(record);
        if (pass.objects() == 0) {
            throw new DumpFormatException(source.name(), firstRecord, "no object could be read from the dump");
        }
        KnownObjects objects = new KnownObjects(pass);
        scanned = new Scanned(
                pass, objects, new Slots(source, pass.runs()), pass.types().list());
    }

    /** A zero that damage left looks like the last record. */
    private void checkEnd(FirstPass pass, DumpInput in) throws IOException {
        long left = source.size() - in.position();
        if (left > 0 && (!pass.hasVariables() || pass.statistics() == null)) {
            throw in.broken("the last record comes before the package variables");
        }
        damage.note("trailing-bytes", in.position(), "bytes follow the last record", left);
    }

    private void lost(long from, long to, DumpFormatException why) throws IOException {
        if (from == source.size()) {
            damage.loss("no-end", from, "the dump ends before its last record", 1);
        } else {
            damage.loss("broken-record", from, "bytes could not be read: " + why.getMessage(), to - from);
        }
    }

    private Scanned scanned() {
        if (scanned == null) {
            throw new IllegalStateException("objects() comes first");
        }
        return scanned;
    }

    private Sized sized() {
        if (sized == null) {
            throw new IllegalStateException("layout() comes first");
        }
        return sized;
    }

    @Override
    public ShallowSizes layout(AddressSet addresses) throws IOException {
        Scanned s = scanned();
        Path executable = options.executable();
        ProgramNames names = executable == null
                ? ProgramNames.NONE
                : ProgramNames.of(executable, s.pass.goroutines().entries(), warnings, damage);
        Goroutines goroutines = s.pass.goroutines();
        List<Calls> calls = new ArrayList<>();
        for (Goroutines.Goroutine goroutine : goroutines.all()) {
            calls.add(Calls.of(goroutine.frames(), names.functions()));
        }
        Labels labels = new Labels(s.pass, s.objects, s.slots);
        sized = new Sized(
                addresses,
                Roots.of(s.pass, s.objects, s.slots, names, calls),
                Threads.of(goroutines, calls, s.slots, labels, names),
                Sites.of(s.pass, s.objects, addresses));
        return s.pass.types().sizes();
    }

    @Override
    public LayoutInfo layoutInfo() {
        return new LayoutInfo(0, Long.BYTES, Long.BYTES, "Go size classes", 1, false, 0, 0);
    }

    @Override
    public int chunkCount() {
        return scanned().pass.chunks().size();
    }

    @Override
    public void references(ChunkSinks<ReferenceSink> sinks, Progress progress) throws IOException {
        Scanned s = scanned();
        AddressSet addresses = sized().addresses;
        List<Chunk> chunks = s.pass.chunks();
        progress.phase("reading references", source.size());
        AtomicLong done = new AtomicLong();
        BitSet typed = new BitSet();
        Workers.run(chunks.size(), options.threads(), () -> {
            DumpInput in = new DumpInput(source, 0);
            DumpInput words = new DumpInput(source, 0);
            ReferenceBlock block = new ReferenceBlock();
            return i -> {
                Chunk chunk = chunks.get(i);
                ReferenceSink sink = sinks.open(i);
                LongList found = new LongList();
                ReferencePass pass = new ReferencePass(s.pass, s.objects, chunk, words, block, sink, found);
                in.seek(chunk.start());
                RecordWalker walker = new RecordWalker(in);
                for (long count = 0; in.position() < chunk.end(); count++) {
                    if ((count & 0xfff) == 0) {
                        progress.check();
                    }
                    walker.next(pass);
                }
                pass.flush();
                sinks.close(i, sink);
                progress.advance(done.addAndGet(chunk.end() - chunk.start()));
                synchronized (typed) {
                    for (int k = 0; k < found.size(); k++) {
                        int index = addresses.indexOf(found.get(k));
                        if (index >= 0) {
                            typed.set(index);
                        }
                    }
                }
            };
        });
        exact = typed;
    }

    @Override
    public List<DumpType> types() {
        return scanned().types;
    }

    @Override
    public DumpRoots roots() {
        return sized().roots;
    }

    @Override
    public List<DumpThread> threads() {
        return sized().threads;
    }

    @Override
    public long maxReferences() {
        return scanned().pass.references();
    }

    @Override
    public boolean rootsLost() {
        return !scanned().pass.hasVariables();
    }

    @Override
    public String referenceName(long sourceAddress, int type, int slot) {
        return FieldNames.ofSlot(slot);
    }

    @Override
    public @Nullable RecordedObject read(long address) throws IOException {
        Scanned s = scanned();
        Slots.Slot slot = s.slots.read(address, Integer.MAX_VALUE);
        if (slot == null) {
            return null;
        }
        int type = type(s, address, slot);
        String name = s.types.get(type).name();
        LongList targets = s.slots.targets(slot);
        List<FieldValue> fields = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            long offset = slot.fields().get(i) - slot.headerBytes();
            fields.add(new FieldValue(FieldNames.at(offset), name, ValueType.REFERENCE, targets.get(i)));
        }
        return new RecordedObject(address, type, 0, fields, slot.record());
    }

    private static int type(Scanned s, long address, Slots.Slot slot) throws IOException {
        int type = s.objects.type(address);
        if (type == 0 && slot.headerBytes() > 0) {
            type = s.pass.types().ofDescriptor(s.slots.word(slot.contents()));
        }
        return type == 0 ? s.pass.types().ofUnknown(slot.size(), slot.pointers()) : type;
    }

    @Override
    public @Nullable DumpType typeOfClassObject(long address) {
        return null;
    }

    @Override
    public List<NamedReference> readReferences(long address, int limit) throws IOException {
        Scanned s = scanned();
        Slots.Slot slot = s.slots.read(address, limit);
        List<NamedReference> references = new ArrayList<>();
        if (slot != null) {
            LongList targets = s.slots.targets(slot);
            for (int i = 0; i < targets.size(); i++) {
                long object = s.objects.objectAt(targets.get(i));
                if (object != 0) {
                    String name = FieldNames.at(slot.fields().get(i) - slot.headerBytes());
                    references.add(new NamedReference(name, object));
                }
            }
        }
        return references;
    }

    @Override
    public long[] readElements(long address, long from, int count) {
        return new long[0];
    }

    @Override
    public Evidence evidence(int object) {
        BitSet known = exact;
        if (known == null) {
            throw new IllegalStateException("references() comes first");
        }
        return known.get(object) ? Evidence.EXACT : Evidence.NONE;
    }

    @Override
    public AllocationSites allocationSites() {
        return sized().sites;
    }

    private @Nullable MemoryStatistics statistics() {
        long[] figures = scanned().pass.statistics();
        return figures == null ? null : new MemoryStatistics(figures);
    }

    @Override
    public List<MemoryClass> memoryClasses() {
        MemoryStatistics statistics = statistics();
        return statistics == null ? List.of() : statistics.classes();
    }

    @Override
    public StackMemory stackMemory() {
        MemoryStatistics statistics = statistics();
        return statistics == null ? StackMemory.NONE : statistics.stacks();
    }

    @Override
    public Map<String, String> runtimeFacts() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("go version", parameters.version());
        facts.put("architecture", parameters.architecture());
        facts.put("processors", Long.toUnsignedString(parameters.processors()));
        MemoryStatistics statistics = scanned == null ? null : statistics();
        if (statistics != null) {
            facts.putAll(statistics.facts());
        }
        return facts;
    }

    @Override
    public List<DumpIdentity> identities() {
        MemoryStatistics statistics = statistics();
        return statistics == null
                ? List.of()
                : statistics.identities(scanned().pass.objects(), scanned().pass.bytes());
    }

    @Override
    public List<DumpWarning> warnings() {
        return warnings.list();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
