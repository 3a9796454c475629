package dev.holdfast.dump.hprof;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.ContentRequest;
import dev.holdfast.dump.ContentSink;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.LayoutInfo;
import dev.holdfast.dump.ObjectSink;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.ReferenceBlock;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.io.ByteSource;
import dev.holdfast.dump.io.DamageReport;
import dev.holdfast.dump.io.LongList;
import dev.holdfast.dump.io.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** An opened HPROF file: the four calls of the contract over one of its dumps. */
final class HprofFile implements DumpFile {
    /** So many that the loop over blocks is not compiled itself, with all that a pass does inlined. */
    private static final int RECORDS_A_BLOCK = 1 << 12;

    private static final int READ_AHEAD = 1 << 16;

    private final ByteSource source;
    private final long fileBytes;
    private final FileLayout layout;
    private final DumpOptions options;
    private final Warnings warnings;
    private final DamageReport damage;
    private final ChosenDump chosen;
    private final FileLayout.Dump dump;
    private final LayoutOverride layoutOverride;

    private @Nullable Scanned scanned;
    private @Nullable Sized sized;
    private @Nullable LayoutInfo completeLayout;

    /** What the first pass left. */
    private record Scanned(
            ClassTable classes,
            RootRecords roots,
            LayoutEvidence evidence,
            ReferenceWidthHint widthHint,
            List<Chunk> chunks,
            ObjectReader reader,
            MatAdditions additions,
            long arrayElements) {}

    /** What a worker of the first pass keeps over all its chunks. */
    private record Seen(LayoutEvidence evidence, UsedTypes used) {}

    /** What is known once sizes are. */
    private record Sized(
            ObjectSizing sizing,
            AddressSet addresses,
            ThreadTable threads,
            DumpRoots roots,
            Map<String, String> properties) {}

    HprofFile(ByteSource source, long fileBytes, FileLayout layout, DumpOptions options, Warnings warnings) {
        this.source = source;
        this.fileBytes = fileBytes;
        this.layout = layout;
        this.options = options;
        this.warnings = warnings;
        this.damage = new DamageReport(source.name(), options.strict(), warnings);
        this.layoutOverride = LayoutOverride.of(options);
        this.chosen = ChosenDump.of(source.name(), layout, options, warnings);
        this.dump = chosen.dump();
    }

    @Override
    public DumpOptions options() {
        return options;
    }

    @Override
    public DumpInfo info() {
        Sized known = sized;
        return info(known == null ? null : runtime(known.properties));
    }

    private DumpInfo info(@Nullable String runtime) {
        return chosen.info(runtime, fileBytes, source.size());
    }

    private static @Nullable String runtime(Map<String, String> properties) {
        String name = properties.get("java.vm.name");
        String version = properties.getOrDefault("java.runtime.version", properties.get("java.vm.version"));
        return name == null ? null : version == null ? name : name + " " + version;
    }

    @Override
    public void objects(ChunkSinks<ObjectSink> sinks, Progress progress) throws IOException {
        source.prepare(2, progress);
        List<Chunk.Piece> pieces = new ArrayList<>();
        long bytes = 0;
        for (FileLayout.Segment segment : dump.segments) {
            pieces.add(new Chunk.Piece(segment.start(), segment.end(), segment.end()));
            bytes += segment.end() - segment.start();
        }
        progress.phase("reading objects", bytes);
        List<Chunk> chunks = Chunk.group(pieces);
        ObjectPass.Found[] found = new ObjectPass.Found[chunks.size()];
        ClassNumbers numbers = new ClassNumbers(layout.classIds);
        List<Seen> seen = new ArrayList<>();
        AtomicLong done = new AtomicLong();
        Workers.run(chunks.size(), options.threads(), () -> {
            Seen mine = new Seen(new LayoutEvidence(), new UsedTypes(numbers.count()));
            synchronized (seen) {
                seen.add(mine);
            }
            RecordInput in = new RecordInput(source, layout.idBytes, 0);
            HeapRecords walker = new HeapRecords(damage, progress);
            RecordBlock block = new RecordBlock(RECORDS_A_BLOCK);
            return i -> {
                Chunk chunk = chunks.get(i);
                ObjectSink sink = sinks.open(i);
                ObjectPass pass = new ObjectPass(
                        numbers,
                        mine.evidence,
                        mine.used,
                        sink,
                        chunk.pieces().get(0).start());
                walk(chunk, in, walker, block, pass, done, progress);
                found[i] = pass.found();
                sinks.close(i, sink);
            };
        });
        scanned = merge(chunks, found, seen, sinks);
        sized = null;
    }

    @Override
    public @Nullable StreamedTotals stream(Progress progress) throws IOException {
        if (options.mat()) {
            return null;
        }
        source.prepare(1, progress);
        StreamedFile file = new StreamedFile(source, layout, dump, options, damage);
        CountedHeap heap = file.count(progress);
        chosen.checkCounted(heap.objects(), source.size(), warnings);
        Map<String, String> properties = file.properties(heap);
        return StreamedFile.totals(
                heap, layout, properties, layoutOverride, damage, warnings, info(runtime(properties)));
    }

    private static void walk(
            Chunk chunk,
            RecordInput in,
            HeapRecords walker,
            RecordBlock block,
            HeapRecordHandler pass,
            AtomicLong done,
            Progress progress)
            throws IOException {
        for (Chunk.Piece piece : chunk.pieces()) {
            walker.walk(in, piece.start(), piece.end(), piece.segmentEnd(), block, READ_AHEAD, pass);
            progress.advance(done.addAndGet(piece.end() - piece.start()));
        }
    }

    private Scanned merge(List<Chunk> chunks, ObjectPass.Found[] found, List<Seen> seen, ChunkSinks<ObjectSink> sinks)
            throws IOException {
        LayoutEvidence evidence = new LayoutEvidence();
        BitSet used = new BitSet();
        BitSet usedPrimitives = new BitSet();
        for (Seen worker : seen) {
            evidence.merge(worker.evidence);
            worker.used.addClassesTo(used);
            worker.used.addPrimitivesTo(usedPrimitives);
        }
        List<ClassRecord> records = new ArrayList<>();
        RootRecords roots = new RootRecords();
        List<ObjectAnchors> anchors = new ArrayList<>();
        java.util.TreeSet<Long> stray = new java.util.TreeSet<>();
        ReferenceWidthHint width = new ReferenceWidthHint();
        List<Chunk.Piece> pieces = new ArrayList<>();
        long objects = 0;
        long arrayElements = 0;
        for (int i = 0; i < found.length; i++) {
            records.addAll(found[i].classes);
            roots.addAll(found[i].roots);
            anchors.add(found[i].anchors);
            stray.addAll(found[i].strayClasses);
            width.append(found[i].widthHint);
            objects += found[i].instances + found[i].arrays + found[i].classes.size();
            arrayElements += found[i].arrayElements;
            split(chunks.get(i), found[i].splits, pieces);
        }
        chosen.checkCounted(objects, source.size(), warnings);
        ClassTable classes = new ClassTable(layout, records, stray);
        if (options.mat()) {
            classes.invent(used, usedPrimitives);
        }
        MatAdditions additions = options.mat() ? MatAdditions.of(classes) : MatAdditions.NONE;
        if (additions.count() > 0) {
            int chunk = chunks.size();
            ObjectSink sink = sinks.open(chunk);
            additions.objects(sink);
            sinks.close(chunk, sink);
        }
        ObjectReader reader =
                new ObjectReader(source, layout.idBytes, classes, ObjectAnchors.merge(anchors), dump.segments);
        return new Scanned(classes, roots, evidence, width, Chunk.group(pieces), reader, additions, arrayElements);
    }

    private static void split(Chunk chunk, LongList splits, List<Chunk.Piece> pieces) {
        int next = 0;
        for (Chunk.Piece piece : chunk.pieces()) {
            long start = piece.start();
            while (next < splits.size() && splits.get(next) < piece.end()) {
                long at = splits.get(next++);
                if (at > start) {
                    pieces.add(new Chunk.Piece(start, at, piece.segmentEnd()));
                    start = at;
                }
            }
            pieces.add(new Chunk.Piece(start, piece.end(), piece.segmentEnd()));
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
        if (sized != null) {
            return sized.sizing.sizes();
        }
        Scanned s = scanned();
        JavaHeap heap = new JavaHeap(s.reader, s.classes);
        Map<String, String> properties = heap.systemProperties();
        ObjectSizing sizing;
        if (options.mat()) {
            int reference = layout.idBytes == 8 && s.widthHint.compressed() ? 4 : layout.idBytes;
            sizing = ObjectSizing.mat(s.classes, reference, s.evidence.matAlignment());
        } else {
            LongUnaryOperator next = address -> {
                long above = addresses.next(address);
                return above == address ? -1 : above;
            };
            LayoutHints hints = new LayoutHints(
                    properties.get("java.vm.version"),
                    properties.get("java.vm.compressedOopsMode"),
                    properties.get("sun.arch.data.model"));
            sizing = ObjectSizing.of(
                    s.classes,
                    LayoutInference.infer(
                            ObjectSizing.shapes(s.classes), s.evidence, layout.idBytes, next, hints, layoutOverride));
        }
        ThreadTable threads = ThreadTable.read(s.roots, layout, new StackTraces(source, layout), heap, sizing);
        DumpRoots roots = RootTable.make(s.roots, threads, s.classes, options.mat());
        s.roots.release();
        sized = new Sized(sizing, addresses, threads, roots, properties);
        return sizing.sizes();
    }

    @Override
    public LayoutInfo layoutInfo() {
        Sized known = sized();
        return completeLayout != null ? completeLayout : known.sizing.info();
    }

    @Override
    public int chunkCount() {
        return scanned().chunks.size() + (scanned().additions.count() > 0 ? 1 : 0);
    }

    @Override
    public void references(ChunkSinks<ReferenceSink> sinks, Progress progress) throws IOException {
        Scanned s = scanned();
        ObjectSizing sizing = sized().sizing;
        long bytes = 0;
        for (Chunk chunk : s.chunks) {
            bytes += chunk.bytes();
        }
        progress.phase("reading references", bytes);
        // Damage was reported by the first pass.
        AtomicLong done = new AtomicLong();
        AtomicLong shortInstances = new AtomicLong();
        NotInDump notInDump = completeLayout == null ? sizing.notInDump(sized().addresses) : null;
        NotInDump.Gaps gaps = notInDump == null ? null : notInDump.gaps();
        Workers.run(s.chunks.size(), options.threads(), () -> {
            RecordInput in = new RecordInput(source, layout.idBytes, 0);
            HeapRecords walker = new HeapRecords(DamageReport.SILENT, progress);
            RecordBlock block = new RecordBlock(RECORDS_A_BLOCK);
            ReferenceBlock references = new ReferenceBlock();
            return i -> {
                ReferenceSink sink = sinks.open(i);
                ReferencePass pass = new ReferencePass(
                        s.classes,
                        sizing,
                        options.mat(),
                        layout.idBytes,
                        references,
                        sink,
                        notInDump == null ? null : notInDump.gaps());
                walk(s.chunks.get(i), in, walker, block, pass, done, progress);
                pass.flush();
                shortInstances.addAndGet(pass.shortInstances());
                if (gaps != null) {
                    pass.addGapsTo(gaps);
                }
                sinks.close(i, sink);
            };
        });
        if (gaps != null) {
            completeLayout = sizing.info().withNotInDump(gaps.bytes(), gaps.objects());
        }
        if (s.additions.count() > 0) {
            int chunk = s.chunks.size();
            ReferenceSink sink = sinks.open(chunk);
            s.additions.references(sink);
            sinks.close(chunk, sink);
        }
        if (shortInstances.get() > 0) {
            damage.loss(
                    "short-instance",
                    -1,
                    "instances have fewer bytes than their class has fields; what fits was used",
                    shortInstances.get());
        }
    }

    @Override
    public boolean contents(ContentRequest request, ChunkSinks<ContentSink> sinks, Progress progress)
            throws IOException {
        Scanned s = scanned();
        long bytes = 0;
        for (Chunk chunk : s.chunks) {
            bytes += chunk.bytes();
        }
        progress.phase("reading contents", bytes);
        ContentPass.Plan plan = new ContentPass.Plan(s.classes, request, layout.idBytes);
        AtomicLong done = new AtomicLong();
        Workers.run(s.chunks.size(), options.threads(), () -> {
            RecordInput in = new RecordInput(source, layout.idBytes, 0);
            HeapRecords walker = new HeapRecords(DamageReport.SILENT, progress);
            RecordBlock block = new RecordBlock(RECORDS_A_BLOCK);
            return i -> {
                ContentSink sink = sinks.open(i);
                walk(s.chunks.get(i), in, walker, block, new ContentPass(s.classes, plan, in, sink), done, progress);
                sinks.close(i, sink);
            };
        });
        return true;
    }

    @Override
    public List<DumpType> types() {
        return scanned().classes.types();
    }

    @Override
    public DumpRoots roots() {
        return sized().roots;
    }

    @Override
    public List<DumpThread> threads() {
        return sized().threads.threads();
    }

    @Override
    public long maxReferences() {
        Scanned s = scanned();
        long references = s.arrayElements;
        for (int number = 0; number < s.classes.classCount(); number++) {
            references +=
                    s.evidence.instances(number) * s.classes.shape(number + 1).referenceCount();
            ClassRecord record = s.classes.record(number);
            references += 4 + record.otherReferences.length + record.staticTypes.length;
        }
        return references;
    }

    @Override
    public boolean rootsLost() {
        return !dump.complete && scanned().roots.threadObjects() == 0;
    }

    @Override
    public String referenceName(long sourceAddress, int type, int slot) {
        ClassTable classes = scanned().classes;
        DumpType of = classes.types().get(type);
        switch (of.kind()) {
            case OBJECT_ARRAY:
                return "[]";
            case CLASS: {
                DumpType mirrored = typeOfClassObject(sourceAddress);
                if (mirrored != null) {
                    return classReferenceName(mirrored, slot);
                }
                break;
            }
            default:
        }
        List<String> names = of.referenceFields();
        return slot < names.size() ? names.get(slot) : "?";
    }

    private static String classReferenceName(DumpType mirrored, int slot) {
        switch (slot) {
            case ReferencePass.SUPER:
                return "<super>";
            case ReferencePass.LOADER:
                return "<loader>";
            case ReferencePass.SIGNERS:
                return "<signers>";
            case ReferencePass.DOMAIN:
                return "<protection domain>";
            case ReferencePass.CONSTANT:
                return "<constant pool>";
            default: {
                int index = slot - ReferencePass.FIRST_STATIC;
                return index < mirrored.statics().size()
                        ? "static " + mirrored.statics().get(index).name()
                        : "?";
            }
        }
    }

    @Override
    public @Nullable RecordedObject read(long address) throws IOException {
        return scanned().reader.read(address);
    }

    @Override
    public @Nullable DumpType typeOfClassObject(long address) {
        int type = scanned().classes.typeOf(address);
        if (type == 0) {
            return null;
        }
        DumpType found = scanned().classes.types().get(type);
        return found.hasClassObject() ? found : null;
    }

    @Override
    public List<NamedReference> readReferences(long address, int limit) throws IOException {
        return scanned().reader.references(address, limit);
    }

    @Override
    public long[] readElements(long address, long from, int count) throws IOException {
        return scanned().reader.elements(address, from, count);
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
