package dev.holdfast.heap;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.LayoutInfo;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.Strength;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is small of an index, and is decoded when it is opened: all but what grows with objects and references.
 *
 * @param options what shaped the numbers
 * @param dump by what the dump is known again
 * @param counts how many of everything
 * @param pages the small parts of the address index
 * @param file what the dump says of itself
 * @param types the types
 * @param sizes their sizes
 * @param classObjects node of the class object of each type, or -1
 * @param threads the threads
 * @param roots as the dump records them
 * @param rootNodes as nodes
 * @param graphWarnings warnings of the graph
 * @param names of references
 * @param sums by type
 * @param largest objects that retain most
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record IndexCatalog(
        IndexOptions options,
        DumpFingerprint dump,
        Counts counts,
        Pages pages,
        FileFacts file,
        List<DumpType> types,
        ShallowSizes sizes,
        int[] classObjects,
        List<DumpThread> threads,
        DumpRoots roots,
        RootNodes rootNodes,
        List<DumpWarning> graphWarnings,
        SlotNames names,
        TypeSums sums,
        int[] largest) {

    private static final Strength[] STRENGTHS = Strength.values();

    /** How many of everything. */
    record Counts(int objects, int nodes, int reachableNodes, long edges, long retained, HeapTotals totals) {
        static Counts of(HeapSnapshot heap) {
            return new Counts(
                    heap.graph().objectCount(),
                    heap.graph().nodeCount(),
                    heap.dominators().reachableCount(),
                    heap.graph().referenceCount(),
                    heap.dominators().totalRetainedSize(),
                    heap.totals());
        }

        void write(IndexOutput out) {
            out.number(objects);
            out.number(nodes);
            out.number(reachableNodes);
            out.number(edges);
            out.number(retained);
            out.number(totals.reachableObjects());
            out.number(totals.reachableBytes());
            out.number(totals.unreachableObjects());
            out.number(totals.unreachableBytes());
            for (Strength strength : STRENGTHS) {
                out.number(totals.objects(strength));
                out.number(totals.bytes(strength));
            }
        }

        static Counts read(IndexInput in) throws DumpFormatException {
            int objects = in.upTo(NodeGraph.MOST_NODES, "objects");
            int nodes = in.upTo(NodeGraph.MOST_NODES, "nodes");
            int reachable = in.upTo(nodes, "reachable nodes");
            long edges = in.number();
            if (nodes < objects || edges < 0) {
                throw in.damaged("counts");
            }
            return new Counts(objects, nodes, reachable, edges, in.number(), totals(in));
        }

        private static HeapTotals totals(IndexInput in) throws DumpFormatException {
            long[] reachable = {in.number(), in.number()};
            long[] unreachable = {in.number(), in.number()};
            long[] objects = new long[STRENGTHS.length];
            long[] bytes = new long[STRENGTHS.length];
            for (int strength = 0; strength < STRENGTHS.length; strength++) {
                objects[strength] = in.number();
                bytes[strength] = in.number();
            }
            return new HeapTotals(reachable, unreachable, objects, bytes);
        }
    }

    /** The small parts of an {@link AddressIndex}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pages(long[] pages, int[] firstOfPage, int[] inBitmaps, int listed) {
        static Pages of(AddressIndex index) {
            return new Pages(index.pages(), index.firstOfPage(), index.inBitmaps(), index.sparseCount());
        }

        void write(IndexOutput out) {
            out.words(pages);
            for (int page = 0; page <= pages.length; page++) {
                out.number(firstOfPage[page]);
                out.number(inBitmaps[page]);
            }
            out.number(listed);
        }

        static Pages read(IndexInput in) throws DumpFormatException {
            long[] pages = in.words();
            int[] firstOfPage = new int[pages.length + 1];
            int[] inBitmaps = new int[pages.length + 1];
            for (int page = 0; page <= pages.length; page++) {
                firstOfPage[page] = in.upTo(Integer.MAX_VALUE, "object");
                inBitmaps[page] = in.upTo(Integer.MAX_VALUE, "object");
            }
            return new Pages(pages, firstOfPage, inBitmaps, in.upTo(Integer.MAX_VALUE, "addresses"));
        }
    }

    /** What a dump says of itself. */
    record FileFacts(
            DumpInfo info,
            LayoutInfo layout,
            boolean rootsLost,
            List<DumpWarning> warnings,
            List<DumpIdentity> identities,
            Map<String, String> runtime) {
        static FileFacts of(DumpFile dump) {
            return new FileFacts(
                    dump.info(),
                    dump.layoutInfo(),
                    dump.rootsLost(),
                    dump.warnings(),
                    dump.identities(),
                    dump.runtimeFacts());
        }

        void write(IndexOutput out) {
            out.text(info.file());
            out.text(info.format());
            out.text(info.formatVersion());
            out.text(info.runtime());
            Instant taken = info.takenAt();
            out.text(taken == null ? null : taken.toString());
            out.number(info.identifierBytes());
            out.number(info.fileBytes());
            out.number(info.dumpBytes());
            out.list(info.dumps(), out::signed);
            out.number(info.dumpNumber());
            out.signed(layout.headerBytes());
            out.signed(layout.referenceBytes());
            out.signed(layout.alignmentBytes());
            out.text(layout.rule());
            out.word(Double.doubleToRawLongBits(layout.confidence()));
            out.flag(layout.assumed());
            out.signed(layout.notInDumpBytes());
            out.signed(layout.notInDumpObjects());
            out.flag(rootsLost);
            IndexCatalog.write(out, warnings);
            out.list(identities, identity -> {
                out.text(identity.name());
                out.signed(identity.expected());
                out.signed(identity.actual());
            });
            IndexedThreads.texts(out, runtime);
        }

        static FileFacts read(IndexInput in) throws DumpFormatException {
            DumpInfo info = new DumpInfo(
                    in.text(),
                    in.text(),
                    in.text(),
                    in.optionalText(),
                    instant(in),
                    in.upTo(Integer.MAX_VALUE, "identifier"),
                    in.number(),
                    in.number(),
                    List.copyOf(in.list(1, in::signed)),
                    in.upTo(Integer.MAX_VALUE, "dump"));
            LayoutInfo layout = new LayoutInfo(
                    in.integer(),
                    in.integer(),
                    in.integer(),
                    in.text(),
                    Double.longBitsToDouble(in.word()),
                    in.flag(),
                    in.signed(),
                    in.signed());
            return new FileFacts(
                    info,
                    layout,
                    in.flag(),
                    IndexCatalog.warnings(in),
                    List.copyOf(in.list(3, () -> new DumpIdentity(in.text(), in.signed(), in.signed()))),
                    IndexedThreads.texts(in));
        }

        private static @Nullable Instant instant(IndexInput in) throws DumpFormatException {
            String taken = in.optionalText();
            try {
                return taken == null ? null : Instant.parse(taken);
            } catch (DateTimeParseException e) {
                throw in.damaged("a time of " + taken);
            }
        }
    }

    void write(IndexOutput out) {
        options.write(out);
        dump.write(out);
        counts.write(out);
        pages.write(out);
        file.write(out);
        IndexedTypes.write(out, types);
        IndexedTypes.write(out, sizes);
        for (int node : classObjects) {
            out.signed(node);
        }
        IndexedThreads.write(out, threads);
        IndexedRoots.write(out, roots);
        IndexedRoots.write(out, rootNodes);
        write(out, graphWarnings);
        names.write(out);
        sums.write(out);
        out.number(largest.length);
        for (int object : largest) {
            out.number(object);
        }
    }

    static IndexCatalog read(IndexInput in) throws DumpFormatException {
        IndexOptions options = IndexOptions.read(in);
        DumpFingerprint dump = DumpFingerprint.read(in);
        Counts counts = Counts.read(in);
        Pages pages = Pages.read(in);
        FileFacts file = FileFacts.read(in);
        List<DumpType> types = IndexedTypes.read(in);
        ShallowSizes sizes = IndexedTypes.readSizes(in, types.size());
        int[] classObjects = new int[types.size()];
        for (int type = 0; type < classObjects.length; type++) {
            classObjects[type] = in.between(-1, counts.objects - 1L, "class object");
        }
        List<DumpThread> threads = IndexedThreads.read(in);
        DumpRoots roots = IndexedRoots.read(in, threads);
        if (counts.nodes != (long) counts.objects + roots.holders().size()) {
            throw in.damaged(counts.nodes + " nodes, " + roots.holders().size() + " holders");
        }
        RootNodes rootNodes = IndexedRoots.readNodes(in, counts.nodes);
        List<DumpWarning> warnings = warnings(in);
        SlotNames names = SlotNames.read(in, types);
        TypeSums sums = TypeSums.read(in, types.size());
        int[] largest = new int[in.count(1)];
        for (int i = 0; i < largest.length; i++) {
            largest[i] = in.upTo(counts.objects - 1L, "object");
        }
        return new IndexCatalog(
                options,
                dump,
                counts,
                pages,
                file,
                types,
                sizes,
                classObjects,
                threads,
                roots,
                rootNodes,
                warnings,
                names,
                sums,
                largest);
    }

    private static void write(IndexOutput out, List<DumpWarning> warnings) {
        out.list(warnings, warning -> {
            out.text(warning.code());
            out.signed(warning.offset());
            out.text(warning.text());
            out.signed(warning.count());
            out.flag(warning.loss());
        });
    }

    private static List<DumpWarning> warnings(IndexInput in) throws DumpFormatException {
        return List.copyOf(
                in.list(5, () -> new DumpWarning(in.text(), in.signed(), in.text(), in.signed(), in.flag())));
    }
}
