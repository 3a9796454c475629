package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.io.ByteSource;
import dev.holdfast.dump.io.DamageReport;
import dev.holdfast.dump.io.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the objects of a file that can be read at random: its heap records are spread over the workers. */
final class StreamedFile {
    private static final int READ_AHEAD = 1 << 16;
    /** System properties are looked up where the heap begins; 2 GB of it cost 12 MB for anchors. */
    private static final int UNITS_WITH_ANCHORS = 256;

    private final ByteSource source;
    private final FileLayout layout;
    private final FileLayout.Dump dump;
    private final DumpOptions options;
    private final DamageReport damage;
    private List<CountedUnit> units = List.of();

    StreamedFile(ByteSource source, FileLayout layout, FileLayout.Dump dump, DumpOptions options, DamageReport damage) {
        this.source = source;
        this.layout = layout;
        this.dump = dump;
        this.options = options;
        this.damage = damage;
    }

    /** Counts all objects of the dump. */
    CountedHeap count(Progress progress) throws IOException {
        List<Chunk.Piece> pieces = new ArrayList<>();
        long bytes = 0;
        for (FileLayout.Segment segment : dump.segments) {
            pieces.add(new Chunk.Piece(segment.start(), segment.end(), segment.end()));
            bytes += segment.end() - segment.start();
        }
        progress.phase("counting objects", bytes);
        List<Chunk> chunks = Chunk.group(pieces);
        CountedUnit[] found = new CountedUnit[chunks.size()];
        List<ObjectCounter> counters = new ArrayList<>();
        AtomicLong done = new AtomicLong();
        Workers.run(chunks.size(), options.threads(), () -> {
            ObjectCounter counter = CountedHeap.counter(layout);
            synchronized (counters) {
                counters.add(counter);
            }
            RecordInput in = new RecordInput(source, layout.idBytes, 0);
            HeapRecords walker = new HeapRecords(damage, progress);
            return i -> {
                CountedUnit unit = new CountedUnit(i < UNITS_WITH_ANCHORS ? new ObjectAnchors() : null);
                counter.begin(unit);
                for (Chunk.Piece piece : chunks.get(i).pieces()) {
                    walker.walk(in, piece.start(), piece.end(), piece.segmentEnd(), counter, READ_AHEAD);
                    progress.advance(done.addAndGet(piece.end() - piece.start()));
                }
                found[i] = unit;
            };
        });
        units = Arrays.asList(found);
        return CountedHeap.of(layout, counters, units);
    }

    /** The system properties of the dumped process. */
    Map<String, String> properties(CountedHeap heap) throws IOException {
        List<ObjectAnchors> anchors = new ArrayList<>();
        for (CountedUnit unit : units) {
            if (unit.anchors != null) {
                anchors.add(unit.anchors);
            }
        }
        ObjectReader reader =
                new ObjectReader(source, layout.idBytes, heap.classes, ObjectAnchors.merge(anchors), dump.segments);
        return new JavaHeap(reader, heap.classes).systemProperties();
    }

    /** The answer. */
    static StreamedTotals totals(
            CountedHeap heap,
            FileLayout layout,
            Map<String, String> properties,
            LayoutOverride decided,
            DamageReport damage,
            Warnings warnings,
            DumpInfo info)
            throws IOException {
        LayoutHints hints = new LayoutHints(
                properties.get("java.vm.version"),
                properties.get("java.vm.compressedOopsMode"),
                properties.get("sun.arch.data.model"));
        InferredLayout inferred = heap.infer(layout.idBytes, hints, decided);
        ObjectSizing sizing = ObjectSizing.of(heap.classes, inferred);
        long shortInstances = heap.shortInstances();
        if (shortInstances > 0) {
            damage.loss(
                    "short-instance",
                    -1,
                    "instances have fewer bytes than their class has fields; what fits was used",
                    shortInstances);
        }
        if (heap.repeatedClasses > 0) {
            warnings.note(
                    "duplicates",
                    -1,
                    "classes are in the dump more than once, and objects may be: each time they count, unlike in the graph",
                    heap.repeatedClasses);
        }
        ThreadTable threads = ThreadTable.unnamed(heap.roots);
        return new StreamedTotals(
                info,
                heap.totals(sizing, inferred),
                sizing.info(),
                threads.threads().size(),
                heap.rootsByKind(threads),
                warnings.list());
    }
}
