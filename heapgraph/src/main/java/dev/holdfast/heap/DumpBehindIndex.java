package dev.holdfast.heap;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpNeededException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.ObjectSink;
import dev.holdfast.dump.Progress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The dump of a heap that was reopened from its index: opened when the first single object is read, which takes one pass
 * over it. Thread-safe.
 */
final class DumpBehindIndex implements Closeable {
    private final String index;
    private final @Nullable Path file;
    private final DumpOptions options;
    private final AddressSet addresses;
    private @Nullable DumpFile opened;
    private boolean closed;

    /**
     * A dump that was checked to be the one.
     *
     * @param index the index, for messages
     * @param file the dump, or null if it was not named
     * @param addresses all objects
     */
    DumpBehindIndex(String index, @Nullable Path file, DumpOptions options, AddressSet addresses) {
        this.index = index;
        this.file = file;
        this.options = options;
        this.addresses = addresses;
    }

    /**
     * The dump, ready for reading single objects.
     *
     * @param what for what, in case that it was not named
     */
    synchronized DumpFile open(String what) throws IOException {
        if (closed) {
            throw new IllegalStateException("the heap is closed");
        }
        DumpFile known = opened;
        if (known != null) {
            return known;
        }
        if (file == null) {
            throw new DumpNeededException(index, what);
        }
        DumpFile dump = DumpFile.open(file, options, Progress.NONE);
        try {
            dump.objects(
                    new ChunkSinks<>() {
                        @Override
                        public ObjectSink open(int chunk) {
                            return (address, classKey, elements) -> {};
                        }

                        @Override
                        public void close(int chunk, ObjectSink sink) {}
                    },
                    Progress.NONE);
            dump.layout(addresses);
        } catch (IOException | RuntimeException | Error e) {
            try (dump) {
                throw e;
            }
        }
        opened = dump;
        return dump;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (opened != null) {
            opened.close();
        }
    }
}
