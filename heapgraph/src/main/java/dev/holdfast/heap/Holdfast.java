package dev.holdfast.heap;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The way in: opens a dump of any known format as a heap.
 *
 * <pre>{@code
 * try (HeapSnapshot heap = Holdfast.open(Path.of("app.hprof"))) {
 *     use(heap);
 * }
 * }</pre>
 */
public final class Holdfast {
    private Holdfast() {}

    /**
     * Opens a dump with the default options: lenient, exact sizes, all references, one worker per processor.
     *
     * @throws dev.holdfast.dump.DumpFormatException if no format fits or the file is damaged beyond use
     * @throws dev.holdfast.dump.InsufficientResourcesException if neither memory nor disk suffices
     * @throws IOException if the file cannot be read
     */
    public static HeapSnapshot open(Path dump) throws IOException {
        return open(dump, DumpOptions.DEFAULT, SnapshotOptions.DEFAULT, Progress.NONE);
    }

    /**
     * Opens a dump.
     *
     * <p>Cost: two passes over the file and about 0.3 microseconds an object. The snapshot keeps the file open until it
     * is closed itself.
     *
     * @param reading how the file is read
     * @param graph how the graph is built
     * @param progress told of each phase, and may cancel
     * @throws dev.holdfast.dump.DumpFormatException if no format fits, the file is damaged beyond use, or it is damaged
     *     at all and {@code reading} is strict
     * @throws dev.holdfast.dump.InsufficientResourcesException if neither memory nor disk suffices
     * @throws IOException if the file cannot be read
     * @throws dev.holdfast.dump.CanceledException if the progress was cancelled
     */
    public static HeapSnapshot open(Path dump, DumpOptions reading, SnapshotOptions graph, Progress progress)
            throws IOException {
        return HeapSnapshot.open(DumpFile.open(dump, reading, progress), graph, progress);
    }

    /**
     * Reopens a heap from an index that {@link HeapSnapshot#saveIndex} wrote, without the dump. What only the dump has, such
     * as the values of fields, is refused with a {@link dev.holdfast.dump.DumpNeededException}, as the cause of an
     * {@link java.io.UncheckedIOException} where a method throws no {@link IOException}.
     *
     * <p>Cost: a few milliseconds and little memory, whatever the heap's size: the file is mapped and read where it is looked
     * at. A value of it that cannot be is found when it is looked at, and is then a
     * {@link dev.holdfast.dump.DumpFormatException} in the same way.
     *
     * @throws dev.holdfast.dump.DumpFormatException if it is no index, of another version, cut short or damaged
     * @throws IOException if the file cannot be read
     */
    public static HeapSnapshot reopen(Path index) throws IOException {
        return IndexReader.open(index, null, DumpOptions.DEFAULT, SnapshotOptions.DEFAULT, false);
    }

    /**
     * Reopens a heap from an index that {@link HeapSnapshot#saveIndex} wrote, with its dump, which is opened when the first
     * single object is read.
     *
     * @throws dev.holdfast.dump.DumpFormatException if it is no index, of another version, cut short or damaged, or was made
     *     from another dump
     * @throws IOException if a file cannot be read
     */
    public static HeapSnapshot reopen(Path index, Path dump) throws IOException {
        return IndexReader.open(index, dump, DumpOptions.DEFAULT, SnapshotOptions.DEFAULT, false);
    }

    /**
     * Reopens a heap from an index, as long as these options would have given the same heap. With strict reading every byte of
     * the index is checked first.
     *
     * @param dump the dump that the index was made from, or null
     * @throws IllegalArgumentException if the index was made with other options that shape the heap
     * @throws dev.holdfast.dump.DumpFormatException if it is no index, of another version, cut short or damaged, or was made
     *     from another dump
     * @throws IOException if a file cannot be read
     */
    public static HeapSnapshot reopen(Path index, @Nullable Path dump, DumpOptions reading, SnapshotOptions graph)
            throws IOException {
        return IndexReader.open(index, dump, reading, graph, true);
    }

    /**
     * A dump that remembers which single objects are read, so that an index saved from its heap has them and whoever asks for
     * the same again needs no dump. Without it an index has the names of class loaders only.
     */
    public static DumpFile rememberingReads(DumpFile dump) {
        return new RecordingDump(dump);
    }
}
