package dev.holdfast.report;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.ConditionalRoot;
import dev.holdfast.dump.DumpRoots.Holder;
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
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.StackSpace;
import dev.holdfast.dump.Strength;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.SnapshotOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A dump of a Go program that never was: what a reader of cores would deliver, put together by hand. */
final class FakeGoDump implements DumpFile {
    private static final int MOST_TYPES = 64;

    private record Fake(int type, long bytes, Evidence evidence, List<NamedReference> references) {}

    private final TreeMap<Long, Fake> objects = new TreeMap<>(Long::compareUnsigned);
    private final List<DumpType> types = new ArrayList<>();
    private final Map<String, Integer> typeNumbers = new LinkedHashMap<>();
    private final List<Holder> holders = new ArrayList<>();
    private final List<List<Long>> held = new ArrayList<>();
    private final List<ConditionalRoot> conditional = new ArrayList<>();
    private final List<DumpThread> threads = new ArrayList<>();
    private final TreeMap<Long, Integer> sites = new TreeMap<>(Long::compareUnsigned);
    private final List<List<StackFrame>> stacks = new ArrayList<>();

    /** What the runtime recorded of itself; a test fills them. */
    final List<MemoryClass> memoryClasses = new ArrayList<>();

    final List<RecordedProfile> recordedProfiles = new ArrayList<>();
    final List<DumpIdentity> identities = new ArrayList<>();
    final Map<String, String> facts = new LinkedHashMap<>();

    /** What is left in the free stack of a goroutine, by its number. */
    final Map<Long, GhostFrames> ghosts = new LinkedHashMap<>();

    /** Strings, slices and what else there is in variables. */
    final List<Consumer<HeaderSink>> headers = new ArrayList<>();

    private long next = 0xc000010000L;

    FakeGoDump() {
        type("(unknown)", DumpType.Kind.UNKNOWN);
    }

    private int type(String name, DumpType.Kind kind) {
        return typeNumbers.computeIfAbsent(name, made -> {
            types.add(new DumpType(
                    types.size(),
                    name,
                    kind,
                    -1,
                    0,
                    false,
                    0,
                    List.of(),
                    List.of(),
                    List.of("next", "left", "right", "other"),
                    -1,
                    Strength.STRONG,
                    ""));
            return types.size() - 1;
        });
    }

    /** An object whose type is known exactly; its references are called next, left, right, other. */
    long object(String type, long bytes, long... targets) {
        DumpType.Kind kind = type.startsWith("[]")
                ? DumpType.Kind.OBJECT_ARRAY
                : type.startsWith("(unknown") ? DumpType.Kind.UNKNOWN : DumpType.Kind.INSTANCE;
        return object(type(type, kind), bytes, Evidence.EXACT, targets);
    }

    /** An object whose type follows from declarations. */
    long inferred(String type, int bytes, long... targets) {
        return object(type(type, DumpType.Kind.INSTANCE), bytes, Evidence.INFERRED, targets);
    }

    private long object(int type, long bytes, Evidence evidence, long... targets) {
        long address = next;
        next += bytes;
        List<String> names = types.get(type).referenceFields();
        List<NamedReference> references = new ArrayList<>();
        for (int i = 0; i < targets.length; i++) {
            String name = types.get(type).isArray() ? "[]" : names.get(i);
            references.add(new NamedReference(name, targets[i]));
        }
        objects.put(address, new Fake(type, bytes, evidence, references));
        return address;
    }

    /** One more reference of an object, and its name; empty if an object of that type has no room for it. */
    String link(long source, long target) {
        Fake object = Objects.requireNonNull(objects.get(source));
        DumpType type = types.get(object.type);
        int slot = object.references.size();
        if (!type.isArray() && slot == type.referenceFields().size()) {
            return "";
        }
        String name = type.isArray() ? "[]" : type.referenceFields().get(slot);
        object.references.add(new NamedReference(name, target));
        return name;
    }

    /** A package variable. */
    FakeGoDump global(String name, long... targets) {
        holder(new Holder(RootKind.GLOBAL, name, DumpRoots.UNDER_ROOT, 0, -1, -1), targets);
        return this;
    }

    /** A goroutine without variables; returns its holder. */
    int goroutine(DumpThread thread) {
        threads.add(thread);
        return holder(new Holder(RootKind.GOROUTINE, thread.name(), DumpRoots.UNDER_ROOT, 0, threads.size() - 1, -1));
    }

    /** A variable of a frame of a goroutine, below a holder for the frame. */
    FakeGoDump variable(int goroutine, int frame, String name, long... targets) {
        Holder above = holders.get(goroutine);
        String function = threads.get(above.thread()).frames().get(frame).function();
        int ofFrame = holder(new Holder(RootKind.FRAME, function, goroutine, 0, above.thread(), frame));
        holder(new Holder(RootKind.FRAME, name, ofFrame, 0, above.thread(), frame), targets);
        return this;
    }

    private int holder(Holder holder, long... targets) {
        holders.add(holder);
        held.add(Arrays.stream(targets).boxed().toList());
        return holders.size() - 1;
    }

    /** A finalizer's needs. */
    FakeGoDump finalizer(long source, long target) {
        conditional.add(new ConditionalRoot(RootKind.FINALIZER, source, target));
        return this;
    }

    /** Where an object was allocated. */
    FakeGoDump allocated(long object, StackFrame... stack) {
        stacks.add(List.of(stack));
        sites.put(object, stacks.size() - 1);
        return this;
    }

    /** A goroutine that waits for a channel. */
    static DumpThread waiting(long id, String name, Map<String, String> labels, StackFrame... frames) {
        return new DumpThread(
                0,
                name,
                id,
                DumpThread.Kind.GOROUTINE,
                name.startsWith("runtime."),
                false,
                "waiting",
                "chan receive",
                labels,
                120_000_000_000L,
                "main.main",
                space(8192, frames),
                List.of(frames));
    }

    private static StackSpace space(long bytes, StackFrame... frames) {
        long used = Stream.of(frames).mapToLong(StackFrame::bytes).sum();
        return new StackSpace(bytes - used - 40, used, 40);
    }

    /** A frame with its size. */
    static StackFrame frame(String function, int line) {
        return new StackFrame(function, "/src/" + function + ".go", line, false, 64, false, false);
    }

    /** A call that was inlined into the frame that follows. */
    static StackFrame inlined(String function, int line) {
        return new StackFrame(function, "/src/" + function + ".go", line, false, 0, true, false);
    }

    HeapSnapshot open() throws IOException {
        return HeapSnapshot.open(this, SnapshotOptions.DEFAULT, Progress.NONE);
    }

    @Override
    public DumpInfo info() {
        return new DumpInfo("core", "go-core", "ELF core", "go1.26.0 linux/amd64", null, 8, 100, 100, List.of(0L), 1);
    }

    @Override
    public void objects(ChunkSinks<ObjectSink> sinks, Progress progress) {
        ObjectSink sink = sinks.open(0);
        objects.keySet().forEach(address -> sink.object(address, -1, 0));
        sinks.close(0, sink);
    }

    @Override
    public ShallowSizes layout(AddressSet addresses) {
        long[] width = new long[MOST_TYPES];
        Arrays.fill(width, 8);
        return new ShallowSizes(new long[MOST_TYPES], width, 8);
    }

    @Override
    public LayoutInfo layoutInfo() {
        return new LayoutInfo(0, 8, 8, "slots", 1, false, 0, 0);
    }

    @Override
    public int chunkCount() {
        return 1;
    }

    @Override
    public void references(ChunkSinks<ReferenceSink> sinks, Progress progress) {
        ReferenceSink sink = sinks.open(0);
        objects.forEach((address, object) -> {
            sink.object(address, object.type, (int) (object.bytes / 8));
            for (int i = 0; i < object.references.size(); i++) {
                sink.reference(object.references.get(i).target(), i);
            }
        });
        sinks.close(0, sink);
    }

    @Override
    public boolean headers(ChunkSinks<HeaderSink> sinks, Progress progress) {
        HeaderSink sink = sinks.open(0);
        sink.object(0);
        headers.forEach(each -> each.accept(sink));
        sinks.close(0, sink);
        return !headers.isEmpty();
    }

    @Override
    public List<DumpType> types() {
        return types;
    }

    @Override
    public DumpRoots roots() {
        DumpRoots.Builder roots = new DumpRoots.Builder();
        for (int h = 0; h < holders.size(); h++) {
            int holder = roots.holder(holders.get(h));
            held.get(h).forEach(address -> roots.held(holder, address));
        }
        conditional.forEach(roots::conditional);
        return roots.build();
    }

    @Override
    public List<DumpThread> threads() {
        return threads;
    }

    @Override
    public long maxReferences() {
        return objects.values().stream()
                .mapToLong(object -> object.references.size())
                .sum();
    }

    @Override
    public boolean rootsLost() {
        return false;
    }

    @Override
    public String referenceName(long source, int type, int slot) {
        return types.get(type).isArray()
                ? "[]"
                : types.get(type).referenceFields().get(slot);
    }

    @Override
    public @Nullable RecordedObject read(long address) {
        Fake object = objects.get(address);
        return object == null
                ? null
                : new RecordedObject(address, object.type, (int) (object.bytes / 24), List.of(), 0);
    }

    @Override
    public @Nullable DumpType typeOfClassObject(long address) {
        return null;
    }

    @Override
    public List<NamedReference> readReferences(long address, int limit) {
        Fake object = objects.get(address);
        return object == null
                ? List.of()
                : object.references.stream().limit(limit).toList();
    }

    @Override
    public long[] readElements(long address, long from, int count) {
        return new long[0];
    }

    @Override
    public Evidence evidence(int object) {
        return new ArrayList<>(objects.values()).get(object).evidence;
    }

    @Override
    public AllocationSites allocationSites() {
        return new AllocationSites(
                sites.keySet().stream().mapToLong(Long::longValue).toArray(),
                sites.values().stream().mapToInt(Integer::intValue).toArray(),
                stacks);
    }

    @Override
    public GhostFrames ghostFrames(DumpThread thread) {
        return ghosts.getOrDefault(thread.id(), GhostFrames.NONE);
    }

    @Override
    public List<MemoryClass> memoryClasses() {
        return memoryClasses;
    }

    @Override
    public Map<String, String> runtimeFacts() {
        return facts;
    }

    @Override
    public List<RecordedProfile> recordedProfiles() {
        return recordedProfiles;
    }

    @Override
    public List<DumpIdentity> identities() {
        return identities;
    }

    @Override
    public List<DumpWarning> warnings() {
        return List.of();
    }

    @Override
    public void close() {}
}
