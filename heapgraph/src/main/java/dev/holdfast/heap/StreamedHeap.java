package dev.holdfast.heap;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.StreamedTotals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts everything in a dump while it streams by: no graph, so nothing is known of reachability. One pass in memory
 * that depends on the classes alone where the format can do it, else two passes and about 1 byte an object.
 */
public final class StreamedHeap {
    private final long[] objects;
    private final long[] bytes;

    private StreamedHeap(int types) {
        objects = new long[types];
        bytes = new long[types];
    }

    /**
     * Counts; the dump stays open.
     *
     * @throws IOException if the file cannot be read
     * @throws dev.holdfast.dump.CanceledException if the progress was cancelled
     */
    public static StreamedTotals count(DumpFile dump, Progress progress) throws IOException {
        StreamedTotals totals = dump.stream(progress);
        return totals != null ? totals : countTwice(dump, progress);
    }

    /** Counts by the calls that every format answers, with all addresses in memory between the passes. */
    private static StreamedTotals countTwice(DumpFile dump, Progress progress) throws IOException {
        try (ColumnStore store = ColumnStore.onHeap()) {
            ShallowSizes sizes = layout(dump, store, progress);
            int types = dump.types().size();
            StreamedHeap all = new StreamedHeap(types);
            dump.references(
                    new ChunkSinks<>() {
                        @Override
                        public ReferenceSink open(int chunk) {
                            return new Counter(types, sizes);
                        }

                        @Override
                        public void close(int chunk, ReferenceSink sink) {
                            all.add((Counter) sink);
                        }
                    },
                    progress);
            return new StreamedTotals(
                    dump.info(),
                    all.totals(dump),
                    dump.layoutInfo(),
                    dump.threads().size(),
                    rootsByKind(dump),
                    dump.warnings());
        }
    }

    private List<StreamedTotals.OfType> totals(DumpFile dump) throws IOException {
        List<StreamedTotals.OfType> totals = new ArrayList<>();
        for (DumpType type : dump.types()) {
            int i = type.index();
            RecordedObject loader = type.loaderAddress() == 0 ? null : dump.read(type.loaderAddress());
            String loaderType =
                    loader == null ? null : dump.types().get(loader.type()).name();
            totals.add(new StreamedTotals.OfType(type, objects[i], bytes[i], false, loaderType));
        }
        return totals;
    }

    private static Map<RootKind, Long> rootsByKind(DumpFile dump) {
        Map<RootKind, Long> byKind = new TreeMap<>();
        for (int i = 0; i < dump.roots().rootCount(); i++) {
            byKind.merge(dump.roots().rootKind(i), 1L, Long::sum);
        }
        for (var holder : dump.roots().holders()) {
            byKind.merge(holder.kind(), 1L, Long::sum);
        }
        return byKind;
    }

    /**
     * Takes the dump just so far that what needs no references can be asked of it; it stays open.
     *
     * @throws IOException if the file cannot be read
     * @throws dev.holdfast.dump.CanceledException if the progress was cancelled
     */
    public static void prepare(DumpFile dump, Progress progress) throws IOException {
        try (ColumnStore store = ColumnStore.onHeap()) {
            layout(dump, store, progress);
        }
    }

    private static ShallowSizes layout(DumpFile dump, ColumnStore store, Progress progress) throws IOException {
        AddressIndexBuilder collected = new AddressIndexBuilder(store);
        dump.objects(new AddressSinks(collected), progress);
        return dump.layout(collected.build());
    }

    private synchronized void add(Counter counter) {
        Arrays.setAll(objects, type -> objects[type] + counter.objects[type]);
        Arrays.setAll(bytes, type -> bytes[type] + counter.bytes[type]);
    }

    private static final class Counter implements ReferenceSink {
        private final long[] objects;
        private final long[] bytes;
        private final ShallowSizes sizes;

        Counter(int types, ShallowSizes sizes) {
            this.objects = new long[types];
            this.bytes = new long[types];
            this.sizes = sizes;
        }

        @Override
        public void object(long address, int type, int elements) {
            objects[type]++;
            bytes[type] += sizes.of(type, elements);
        }

        @Override
        public void reference(long target, int slot) {}
    }
}
