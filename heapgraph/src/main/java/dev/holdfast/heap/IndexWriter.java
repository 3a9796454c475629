package dev.holdfast.heap;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.Evidence;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ScratchFolder;
import dev.holdfast.heap.IndexFormat.Section;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Saves a heap as an index: computes what is to be ready, then writes all columns. Used once. */
final class IndexWriter {
    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final Progress progress;
    private final RecordingDump dump;

    IndexWriter(HeapSnapshot heap, Progress progress) {
        if (heap.dump() instanceof IndexedDump) {
            throw new IllegalStateException("the heap was itself reopened from an index");
        }
        this.heap = heap;
        this.graph = heap.graph();
        this.progress = progress;
        this.dump = heap.dump() instanceof RecordingDump recording ? recording : new RecordingDump(heap.dump());
    }

    /** What is computed before anything is written. */
    private static final class Prepared {
        private @Nullable DominatorChildren children;
        private @Nullable InboundEdges inbound;
        private @Nullable SlotNames names;
        private @Nullable TypeSums sums;
    }

    void write(Path file) throws IOException {
        DumpFile source = heap.dump();
        Path dumpFile = Path.of(source.info().file());
        DumpFingerprint fingerprint = DumpFingerprint.of(dumpFile);
        if (fingerprint.length() != source.info().fileBytes()) {
            throw new IOException(dumpFile + " has changed since it was read; open it again");
        }
        progress.phase("preparing the index", -1);
        try (ColumnStore store = store()) {
            write(file, fingerprint, store);
        }
    }

    private void write(Path file, DumpFingerprint fingerprint, ColumnStore store) throws IOException {
        Prepared prepared = new Prepared();
        try {
            Workers.run(
                    heap.options().threads(), List.of(() -> inbound(prepared, store), () -> children(prepared, store)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        DominatorChildren children = prepared.children;
        InboundEdges inbound = prepared.inbound;
        SlotNames names = prepared.names;
        TypeSums sums = prepared.sums;
        if (children == null || inbound == null || names == null || sums == null) {
            throw new AssertionError("a worker did nothing");
        }
        LoaderNames.read(graph, dump);
        IndexFileWriter out = new IndexFileWriter();
        AddressIndex addresses = graph.addresses();
        out.blob(
                Section.CATALOG,
                encode(output -> catalog(fingerprint, names, sums).write(output)));
        out.longs(Section.ADDRESS_WORDS, addresses.words());
        out.ints(Section.FIRST_OF_WORD, addresses.firstOfWord());
        out.longs(Section.ADDRESS_LIST, addresses.sparse());
        out.ints(Section.TYPES, graph.typeColumn());
        out.ints(Section.ELEMENTS, graph.elementColumn());
        out.unsigned(Section.EDGE_OFFSETS, graph.edges().offsets());
        out.ints(Section.TARGETS, graph.edges().targets());
        out.bytes(Section.SLOTS, graph.edges().slots());
        out.ints(Section.ORDER, heap.dominators().order());
        out.ints(Section.DOMINATOR_NUMBERS, heap.dominators().dominatorNumbers());
        out.ints(Section.DOMINATORS, heap.dominators().immediateDominators());
        out.unsigned(Section.RETAINED, heap.dominators().retained());
        out.ints(Section.CHILD_OFFSETS, children.starts());
        out.ints(Section.CHILDREN, children.children());
        out.bytes(Section.LEVELS, heap.reachability().levels());
        out.unsigned(Section.INBOUND_OFFSETS, inbound.offsets());
        out.unsigned(Section.INBOUND, inbound.numbers());
        ByteColumn evidence = evidence(store);
        if (evidence != null) {
            out.bytes(Section.EVIDENCE, evidence);
        }
        out.blob(Section.READS, encode(dump.reads()::write));
        out.blob(Section.RECORDS, encode(output -> IndexedRecords.write(output, heap.dump())));
        out.write(file, progress);
    }

    private interface Encoder {
        void write(IndexOutput out);
    }

    private static ByteBuffer encode(Encoder encoder) {
        IndexOutput out = new IndexOutput();
        encoder.write(out);
        return out.encoded();
    }

    private void inbound(Prepared prepared, ColumnStore store) {
        prepared.inbound = InboundEdges.of(graph, store);
    }

    private void children(Prepared prepared, ColumnStore store) {
        DominatorChildren children = DominatorChildren.of(heap.dominators(), store);
        prepared.children = children;
        prepared.sums = TypeSums.of(heap, children);
        try {
            prepared.names = SlotNames.find(graph, dump);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private IndexCatalog catalog(DumpFingerprint fingerprint, SlotNames names, TypeSums sums) {
        return new IndexCatalog(
                options(),
                fingerprint,
                IndexCatalog.Counts.of(heap),
                IndexCatalog.Pages.of(graph.addresses()),
                IndexCatalog.FileFacts.of(dump),
                graph.types(),
                graph.sizes(),
                graph.typeNodes(),
                dump.threads(),
                dump.roots(),
                heap.roots(),
                heap.graphWarnings(),
                names,
                sums,
                heap.largestObjects(ReadyAnswers.MOST_LARGEST));
    }

    private IndexOptions options() {
        try {
            return IndexOptions.of(dump.options(), heap.options());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How types are known, where not all are known exactly. */
    private @Nullable ByteColumn evidence(ColumnStore store) {
        int object = 0;
        while (object < graph.objectCount() && dump.evidence(object) == Evidence.EXACT) {
            object++;
        }
        if (object == graph.objectCount()) {
            return null;
        }
        ByteColumn evidence = store.bytes(graph.objectCount());
        for (; object < graph.objectCount(); object++) {
            evidence.set(object, (byte) dump.evidence(object).ordinal());
        }
        return evidence;
    }

    /** On the heap if there is room beside the graph's columns, else in scratch files that are gone when all is written. */
    private ColumnStore store() throws IOException {
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
        long need = 13L * graph.nodeCount() + 4 * graph.referenceCount();
        return !heap.store().mapped() && need < free / 2
                ? ColumnStore.onHeap()
                : ColumnStore.mapped(
                        Files.createDirectories(ScratchFolder.of(heap.options().workDir())));
    }
}
