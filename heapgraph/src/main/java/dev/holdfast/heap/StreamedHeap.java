package dev.holdfast.heap;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.FoundTypes;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.StreamedTotals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
            AddressIndex index = addresses(dump, store, progress);
            ShallowSizes sizes = dump.layout(index);
            FoundTypes found = dump.typesComeLater() ? dump.foundTypes() : null;
            int types = dump.types().size();
            StreamedHeap all = new StreamedHeap(types);
            dump.references(
                    new ChunkSinks<>() {
                        @Override
                        public ReferenceSink open(int chunk) {
                            return found == null ? new Counter(types, sizes) : new TypingCounter(types, found, index);
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
                    dump.roots().countsByKind(),
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

    /**
     * Takes the dump just so far that what needs no references can be asked of it; it stays open.
     *
     * @throws IOException if the file cannot be read
     * @throws dev.holdfast.dump.CanceledException if the progress was cancelled
     */
    public static void prepare(DumpFile dump, Progress progress) throws IOException {
        try (ColumnStore store = ColumnStore.onHeap()) {
            dump.layout(addresses(dump, store, progress));
        }
    }

    private static AddressIndex addresses(DumpFile dump, ColumnStore store, Progress progress) throws IOException {
        AddressIndexBuilder collected = new AddressIndexBuilder(store);
        dump.objects(new AddressSinks(collected), progress);
        return collected.build();
    }

    private synchronized void add(Counter counter) {
        Arrays.setAll(objects, type -> objects[type] + counter.objects[type]);
        Arrays.setAll(bytes, type -> bytes[type] + counter.bytes[type]);
    }

    private static class Counter implements ReferenceSink {
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

    /** Counts objects that are handed out without their types. */
    private static final class TypingCounter extends Counter {
        private final FoundTypes found;
        private final AddressIndex index;
        private final int[] type = new int[1];

        TypingCounter(int types, FoundTypes found, AddressIndex index) {
            super(types, found.sizes());
            this.found = found;
            this.index = index;
        }

        @Override
        public void object(long address, int unknown, int elements) {
            found.of(index.indexOf(address), type, 1);
            super.object(address, type[0], elements);
        }
    }
}
