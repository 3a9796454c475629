package dev.holdfast.heap;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Strength;
import dev.holdfast.heap.ColumnCheck.Order;
import dev.holdfast.heap.IndexFormat.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens a heap that {@link IndexWriter} saved: maps its columns and decodes the catalog, whatever the heap's size. */
final class IndexReader {
    private static final long ANY_LOW = Long.MIN_VALUE;
    private static final long ANY_HIGH = Long.MAX_VALUE;

    private final IndexSections sections;
    private final IndexCatalog catalog;
    private final IndexCatalog.Counts counts;

    private IndexReader(IndexSections sections) throws DumpFormatException {
        this.sections = sections;
        this.catalog = IndexCatalog.read(sections.input(Section.CATALOG));
        this.counts = catalog.counts();
    }

    /**
     * Opens an index.
     *
     * @param dump the dump, which must be the one that the index was made from, or null
     * @param reading with what the dump would be read, or null for whatever the index was made with
     * @param graph with what the graph would be built
     * @param sameOptions whether other options that shape the heap are refused
     */
    static HeapSnapshot open(
            Path index, @Nullable Path dump, DumpOptions reading, SnapshotOptions graph, boolean sameOptions)
            throws IOException {
        return open(IndexSections.open(index), dump, reading, graph, sameOptions);
    }

    static HeapSnapshot open(
            IndexSections sections,
            @Nullable Path dump,
            DumpOptions reading,
            SnapshotOptions graph,
            boolean sameOptions)
            throws IOException {
        if (reading.strict()) {
            sections.verify();
        }
        IndexReader reader = new IndexReader(sections);
        reader.check(dump, reading, graph, sameOptions);
        return reader.snapshot(dump, reading, graph);
    }

    private void check(@Nullable Path dump, DumpOptions reading, SnapshotOptions graph, boolean sameOptions)
            throws IOException {
        String file = sections.file();
        if (dump != null && !DumpFingerprint.of(dump).equals(catalog.dump())) {
            throw new DumpFormatException(
                    file,
                    -1,
                    "the index was made from another dump than " + dump
                            + ", or that has changed since; make it again with" + " --save-index");
        }
        if (!sameOptions) {
            return;
        }
        catalog.options().check(file, reading, graph);
        int made = catalog.file().info().dumpNumber();
        int wanted = reading.dumpNumber().orElse(catalog.file().info().dumps().size());
        if (wanted != made) {
            throw new IllegalArgumentException(file + ": the index is of dump " + made + " of "
                    + catalog.file().info().dumps().size() + "; give --dump-number " + made
                    + ", or make another index");
        }
        if (reading.strict() && catalog.file().warnings().stream().anyMatch(DumpWarning::loss)) {
            throw new DumpFormatException(
                    file, -1, "the index was made from a damaged dump, which --strict refuses; leave --strict away");
        }
    }

    private HeapSnapshot snapshot(@Nullable Path dump, DumpOptions reading, SnapshotOptions graph) throws IOException {
        AddressIndex addresses = addresses();
        if (addresses.count() != counts.objects()) {
            throw damaged(addresses.count() + " addresses of " + counts.objects() + " objects");
        }
        int types = catalog.types().size();
        EdgeList edges = new EdgeList(
                sections.unsigned(Section.EDGE_OFFSETS, counts.nodes() + 1L, counts.edges(), Order.ASCENDING),
                sections.ints(Section.TARGETS, counts.edges(), 0, counts.nodes() - 1L, Order.ANY),
                sections.bytes(Section.SLOTS, counts.edges(), Byte.MIN_VALUE, Byte.MAX_VALUE));
        if (edges.size() != counts.edges()) {
            throw damaged(edges.size() + " references, not " + counts.edges());
        }
        ObjectGraph objects = new ObjectGraph(
                addresses,
                sections.ints(Section.TYPES, counts.objects(), 0, types - 1L, Order.ANY),
                sections.ints(Section.ELEMENTS, counts.objects(), ANY_LOW, ANY_HIGH, Order.ANY),
                catalog.sizes(),
                edges,
                catalog.types(),
                catalog.classObjects(),
                catalog.roots().holders());
        Reachability reachability = new Reachability(
                sections.bytes(Section.LEVELS, counts.nodes(), 0, Strength.values().length), new boolean[0]);
        SnapshotOptions options = graph.withReferences(catalog.options().references());
        ColumnStore store = store(options);
        DumpOptions same =
                catalog.options().reading(reading, catalog.file().info().dumpNumber());
        IndexedDump indexed = new IndexedDump(
                catalog,
                addresses,
                sections,
                new DumpBehindIndex(sections.file(), dump, same, addresses),
                same,
                dump == null ? null : dump.toString(),
                sections.has(Section.EVIDENCE) ? sections.bytes(Section.EVIDENCE, counts.objects(), 0, 2) : null);
        return new HeapSnapshot(
                        indexed,
                        List.of(store),
                        store,
                        objects,
                        catalog.rootNodes(),
                        dominators(),
                        reachability,
                        counts.totals(),
                        catalog.graphWarnings(),
                        options)
                .with(answers(edges));
    }

    private AddressIndex addresses() throws DumpFormatException {
        IndexCatalog.Pages pages = catalog.pages();
        LongColumn words = sections.longs(Section.ADDRESS_WORDS, 0, ANY_LOW, ANY_HIGH, Order.ANY);
        IntColumn first = sections.ints(Section.FIRST_OF_WORD, 0, 0, counts.objects(), Order.ASCENDING);
        LongColumn listed = sections.longs(Section.ADDRESS_LIST, 0, ANY_LOW, ANY_HIGH, Order.ANY);
        try {
            return new AddressIndex(
                    pages.pages(), pages.firstOfPage(), pages.inBitmaps(), words, first, listed, pages.listed());
        } catch (IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private DominatorTree dominators() throws DumpFormatException {
        long last = counts.nodes() - 1L;
        long numbered = counts.reachableNodes() + 1L;
        return new DominatorTree(
                counts.nodes(),
                counts.reachableNodes(),
                sections.ints(Section.ORDER, numbered, 0, last, Order.ANY),
                sections.ints(Section.DOMINATOR_NUMBERS, numbered, 0, last, Order.BELOW_PLACE),
                sections.ints(Section.DOMINATORS, counts.nodes(), DominatorTree.UNREACHABLE, last, Order.ANY),
                sections.unsigned(Section.RETAINED, counts.nodes(), Long.MAX_VALUE, Order.ANY),
                counts.retained());
    }

    private ReadyAnswers answers(EdgeList edges) throws DumpFormatException {
        DominatorChildren children = new DominatorChildren(
                sections.ints(Section.CHILD_OFFSETS, counts.nodes() + 2L, 0, counts.reachableNodes(), Order.ASCENDING),
                sections.ints(Section.CHILDREN, counts.reachableNodes(), 0, counts.nodes() - 1L, Order.ANY),
                counts.nodes());
        InboundEdges inbound = new InboundEdges(
                edges,
                counts.nodes(),
                sections.unsigned(Section.INBOUND_OFFSETS, counts.nodes() + 1L, counts.edges(), Order.ASCENDING),
                sections.unsigned(Section.INBOUND, counts.edges(), counts.edges() - 1, Order.ANY));
        boolean all = catalog.largest().length < ReadyAnswers.MOST_LARGEST;
        return new ReadyAnswers(children, inbound, catalog.sums(), catalog.largest(), all);
    }

    /** Where scratch columns go that an answer needs: on the heap as far as they fit. */
    private static ColumnStore store(SnapshotOptions options) throws IOException {
        Path workDir = options.workDir();
        Path folder = workDir == null ? Path.of(System.getProperty("java.io.tmpdir")) : workDir;
        return switch (options.memory()) {
            case HEAP -> ColumnStore.onHeap();
            case MAPPED -> ColumnStore.mapped(Files.createDirectories(folder));
            case AUTOMATIC ->
                ColumnStore.spilling(
                        Files.createDirectories(folder), Runtime.getRuntime().maxMemory() / 2);
        };
    }

    private DumpFormatException damaged(String what) {
        return IndexDamage.of(sections.file(), 0, what);
    }
}
