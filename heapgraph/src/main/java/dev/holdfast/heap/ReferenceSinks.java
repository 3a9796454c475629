package dev.holdfast.heap;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.ShallowSizes;
import org.jspecify.annotations.Nullable;

/**
 * Turns addresses into numbers while the references are read: types and elements into their columns, edges into the
 * collectors of the edge list. Thread-safe; each sink belongs to one thread at a time.
 *
 * <p>Where addresses occur more than once the record that comes first in the file decides, whichever thread is faster: a
 * column of chunk numbers (4 bytes an object, only then) tells who was first.
 */
final class ReferenceSinks implements ChunkSinks<ReferenceSink> {
    private final AddressIndex index;
    private final EdgeListBuilder edges;
    private final IntColumn types;
    private final IntColumn elements;
    private final ShallowSizes sizes;
    private final @Nullable IntColumn firstChunk;
    private long dangling;
    private long totalSize;

    /**
     * Fills the columns.
     *
     * @param firstChunk zeros if addresses occur more than once, else null
     */
    ReferenceSinks(
            AddressIndex index,
            EdgeListBuilder edges,
            IntColumn types,
            IntColumn elements,
            ShallowSizes sizes,
            @Nullable IntColumn firstChunk) {
        this.index = index;
        this.edges = edges;
        this.types = types;
        this.elements = elements;
        this.sizes = sizes;
        this.firstChunk = firstChunk;
    }

    @Override
    public ReferenceSink open(int chunk) {
        return new Sink(chunk, edges.open(chunk));
    }

    @Override
    public void close(int chunk, ReferenceSink sink) {
        Sink ours = (Sink) sink;
        edges.close(ours.collector);
        synchronized (this) {
            dangling += ours.dangling;
            totalSize += ours.totalSize;
        }
    }

    /** How many references point to no object. */
    synchronized long dangling() {
        return dangling;
    }

    /** Sum of all shallow sizes; repeated objects counted repeatedly. */
    synchronized long totalSize() {
        return totalSize;
    }

    private boolean first(IntColumn chunks, int object, int chunk) {
        int before = chunks.get(object);
        if (before != 0 && before <= chunk + 1) {
            return false;
        }
        chunks.set(object, chunk + 1);
        return true;
    }

    private final class Sink implements ReferenceSink {
        private final int chunk;
        private final EdgeCollector collector;
        private boolean known;
        private long dangling;
        private long totalSize;

        Sink(int chunk, EdgeCollector collector) {
            this.chunk = chunk;
            this.collector = collector;
        }

        @Override
        public void object(long address, int type, int length) {
            int object = index.indexOf(address);
            known = object >= 0;
            if (!known) {
                return;
            }
            totalSize += sizes.of(type, length);
            collector.begin(object);
            IntColumn chunks = firstChunk;
            if (chunks == null) {
                types.set(object, type);
                elements.set(object, length);
                return;
            }
            synchronized (chunks) {
                if (first(chunks, object, chunk)) {
                    types.set(object, type);
                    elements.set(object, length);
                }
            }
        }

        @Override
        public void reference(long target, int slot) {
            int object = index.indexOf(target);
            if (object < 0) {
                dangling++;
            } else if (known) {
                collector.edge(object, slot);
            }
        }
    }
}
