package dev.holdfast.heap;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.ShallowSizes;
import java.io.IOException;
import java.util.Arrays;

/**
 * Objects and bytes by type of everything in a dump, counted while it streams by: no graph, so nothing is known of
 * reachability. Immutable. Two passes over the file; about 1 byte an object while it runs.
 */
public final class StreamedHeap {
    private final long[] objects;
    private final long[] bytes;

    private StreamedHeap(long[] objects, long[] bytes) {
        this.objects = objects;
        this.bytes = bytes;
    }

    /**
     * Counts; the dump stays open.
     *
     * @throws IOException if the file cannot be read
     * @throws dev.holdfast.dump.CanceledException if the progress was cancelled
     */
    public static StreamedHeap count(DumpFile dump, Progress progress) throws IOException {
        try (ColumnStore store = ColumnStore.onHeap()) {
            ShallowSizes sizes = layout(dump, store, progress);
            int types = dump.types().size();
            StreamedHeap all = new StreamedHeap(new long[types], new long[types]);
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
            return all;
        }
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

    /** Objects of a type. */
    public long objects(int type) {
        return objects[type];
    }

    /** Shallow size of all objects of a type. */
    public long bytes(int type) {
        return bytes[type];
    }

    /** All objects in the file; one that occurs twice counts twice. */
    public long objects() {
        return Arrays.stream(objects).sum();
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
