package dev.holdfast.heap;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.ReferenceBlock;
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
    private final @Nullable IntColumn types;
    private final IntColumn elements;
    private final ShallowSizes sizes;
    private final @Nullable IntColumn firstChunk;
    private long dangling;
    private long totalSize;

    /**
     * Fills the columns.
     *
     * @param types null if types come later
     * @param firstChunk zeros if addresses occur more than once, else null
     */
    ReferenceSinks(
            AddressIndex index,
            EdgeListBuilder edges,
            @Nullable IntColumn types,
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
        ours.flush();
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

    /**
     * Works off what one chunk hands out block by block: look-ups one after the other, which the processor overlaps, then
     * columns, then edges. Each loop is a method of its own, as small methods are compiled early and stay compiled.
     */
    private final class Sink implements ReferenceSink {
        private final int chunk;
        private final EdgeCollector collector;
        /** What was handed out one by one. */
        private final ReferenceBlock single = new ReferenceBlock();

        /** By entry of a block its node, or -1. */
        private int[] nodes = new int[0];

        /** By entry, how many edges come before it. */
        private int[] edgesBefore = new int[0];

        /** By object of a block its node, or -1. */
        private int[] sources = new int[0];

        /** Whether the last object of the block before has a number; its references may go on in this one. */
        private boolean known;

        private long dangling;
        private long totalSize;

        Sink(int chunk, EdgeCollector collector) {
            this.chunk = chunk;
            this.collector = collector;
        }

        @Override
        public void object(long address, int type, int length) {
            if (single.full()) {
                flush();
            }
            single.object(address, type, length);
        }

        @Override
        public void reference(long target, int slot) {
            if (single.full()) {
                flush();
            }
            single.reference(target, slot);
        }

        void flush() {
            work(single);
            single.clear();
        }

        @Override
        public void block(ReferenceBlock block) {
            flush();
            work(block);
        }

        private void work(ReferenceBlock block) {
            if (block.size() == 0) {
                return;
            }
            if (nodes.length < block.size()) {
                nodes = new int[block.addresses().length];
                edgesBefore = new int[nodes.length + 1];
                sources = new int[nodes.length];
            }
            index.indexesOf(block.addresses(), nodes, block.size());
            if (firstChunk == null) {
                setColumns(block);
            } else {
                setColumnsOfFirst(block, firstChunk);
            }
            addEdges(block);
        }

        private void setColumns(ReferenceBlock block) {
            IntColumn typeColumn = types;
            IntColumn elementColumn = elements;
            long total = 0;
            for (int i = 0; i < block.objects(); i++) {
                int node = nodes[block.start(i)];
                if (node >= 0) {
                    total += sizes.of(block.type(i), block.elements(i));
                    if (typeColumn != null) {
                        typeColumn.set(node, block.type(i));
                    }
                    elementColumn.set(node, block.elements(i));
                }
            }
            totalSize += total;
        }

        private void setColumnsOfFirst(ReferenceBlock block, IntColumn chunks) {
            synchronized (chunks) {
                for (int i = 0; i < block.objects(); i++) {
                    int node = nodes[block.start(i)];
                    if (node >= 0) {
                        totalSize += sizes.of(block.type(i), block.elements(i));
                        if (first(chunks, node, chunk)) {
                            if (types != null) {
                                types.set(node, block.type(i));
                            }
                            elements.set(node, block.elements(i));
                        }
                    }
                }
            }
        }

        private void addEdges(ReferenceBlock block) {
            int objects = block.objects();
            int references = block.size() - objects;
            int ofUnknown = known ? 0 : drop(0, block.start(0));
            if (!takeSources(block)) {
                for (int i = 0; i < objects; i++) {
                    ofUnknown += sources[i] < 0 ? drop(block.start(i) + 1, block.start(i + 1)) : 0;
                }
            }
            int edges = compact(block.slots(), block.size());
            dangling += references - ofUnknown - edges;
            if (known) {
                collector.more(edgesBefore[block.start(0)]);
            }
            for (int i = 0; i < objects; i++) {
                if (sources[i] >= 0) {
                    collector.begin(sources[i]);
                    collector.more(edgesBefore[block.start(i + 1)] - edgesBefore[block.start(i)]);
                }
            }
            collector.edges(nodes, block.slots(), edges);
            known = objects == 0 ? known : sources[objects - 1] >= 0;
        }

        /** Takes the nodes of objects out of those of references; whether all objects have one. */
        private boolean takeSources(ReferenceBlock block) {
            int all = 0;
            for (int i = 0; i < block.objects(); i++) {
                int start = block.start(i);
                sources[i] = nodes[start];
                all |= nodes[start];
                nodes[start] = -1;
            }
            return all >= 0;
        }

        /** Leaves references out; returns how many of them do not dangle. */
        private int drop(int from, int to) {
            int dropped = 0;
            for (int i = from; i < to; i++) {
                dropped += nodes[i] >>> 31 ^ 1;
                nodes[i] = -1;
            }
            return dropped;
        }

        /** Moves what is left together, without a branch: what is left out is overwritten. Returns how much is left. */
        private int compact(byte[] slots, int size) {
            int left = 0;
            for (int i = 0; i < size; i++) {
                int node = nodes[i];
                edgesBefore[i] = left;
                nodes[left] = node;
                slots[left] = slots[i];
                left += node >>> 31 ^ 1;
            }
            edgesBefore[size] = left;
            return left;
        }
    }
}
