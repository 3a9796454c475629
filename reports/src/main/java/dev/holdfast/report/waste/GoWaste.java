package dev.holdfast.report.waste;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.HeaderSink;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The census of a Go program's heap: one pass over all objects of known types and over variables for strings, slices, maps
 * and channels. 12 bytes an object, and up to 36 a string or number until copies are found.
 */
final class GoWaste {
    /** The allocator puts smaller values without pointers together into blocks of this size. */
    private static final int TINY = 16;

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final Progress progress;
    private final SliceReach reach;
    private final Copies texts = new Copies();
    private final Copies numbers = new Copies();
    private final WasteList list = new WasteList();
    private final Tally tally;

    GoWaste(HeapSnapshot heap, Progress progress) {
        this.heap = heap;
        this.graph = heap.graph();
        this.progress = progress;
        this.reach = new SliceReach(heap);
        this.tally = new Tally(heap.types().size());
    }

    /** Counts; null if the dump does not say enough of its objects. */
    @Nullable
    Waste count() throws IOException {
        try {
            if (!heap.dump().headers(sinks(), progress)) {
                return null;
            }
            progress.phase("counting waste", -1);
            texts.find(heap, (address, bytes) -> copy(WasteKind.DUPLICATE_TEXT, address, bytes));
            numbers.find(heap, (address, bytes) -> copy(WasteKind.DUPLICATE_NUMBER, address, bytes));
            slices();
            return new Waste(list, tally, heap.types(), texts.leftOut() + numbers.leftOut());
        } finally {
            reach.release();
        }
    }

    private void copy(WasteKind kind, long address, long bytes) {
        int object = graph.containing(address);
        if (object >= 0) {
            tally.waste(kind, graph.typeOf(object), bytes);
            list.add(object, kind, bytes);
        }
    }

    private ChunkSinks<HeaderSink> sinks() {
        return new ChunkSinks<>() {
            @Override
            public HeaderSink open(int chunk) {
                return new Headers();
            }

            @Override
            public void close(int chunk, HeaderSink sink) {
                ((Headers) sink).addTo(GoWaste.this);
            }
        };
    }

    private void slices() {
        List<WasteList> lists = new ArrayList<>();
        List<Tally> tallies = new ArrayList<>();
        ObjectRanges.each(heap, progress, () -> {
            WasteList mine = new WasteList();
            Tally sums = new Tally(heap.types().size());
            lists.add(mine);
            tallies.add(sums);
            return (from, to) -> {
                for (int object = from; object < to; object++) {
                    if (reach.any(object) && isArray(object)) {
                        slice(object, mine, sums);
                    }
                }
            };
        });
        lists.forEach(list::addAll);
        tallies.forEach(tally::add);
    }

    /**
     * Whether slices can be all that leads into an object: not those into parts of a struct, and not into blocks of 16
     * bytes, which several small values share.
     */
    private boolean isArray(int object) {
        return heap.types().get(graph.typeOf(object)).isArray() && graph.shallowSize(object) > TINY;
    }

    private void slice(int object, WasteList mine, Tally sums) {
        long size = graph.shallowSize(object);
        long start = reach.start(object, size);
        long shown = reach.shown(object) - start;
        long capacity = reach.capacity(object) - start;
        sums.look(WasteKind.SPARSE_COLLECTION, size);
        WasteKind kind = 2 * capacity <= size
                ? WasteKind.PINNED_ARRAY
                : 2 * shown <= capacity ? WasteKind.SPARSE_COLLECTION : WasteKind.SPARE_CAPACITY;
        long bytes = kind == WasteKind.PINNED_ARRAY ? size - shown : capacity - shown;
        if (bytes > 0) {
            sums.waste(kind, graph.typeOf(object), bytes);
            mine.add(object, kind, bytes);
        }
    }

    /** What is in the objects of a chunk; used by one thread. */
    private final class Headers implements HeaderSink {
        private final Copies myTexts = new Copies();
        private final Copies myNumbers = new Copies();
        private final WasteList mine = new WasteList();
        private final Tally sums = new Tally(heap.types().size());
        private int current = -1;

        void addTo(GoWaste all) {
            all.texts.addAll(myTexts);
            all.numbers.addAll(myNumbers);
            synchronized (all.list) {
                all.list.addAll(mine);
                all.tally.add(sums);
            }
        }

        @Override
        public boolean object(long address) {
            current = address == 0 ? -1 : graph.indexOf(address);
            return address == 0 || current >= 0 && heap.reachable(current);
        }

        private void reaches(long data, long shown, long capacity) {
            int object = graph.containing(data);
            if (object >= 0) {
                long start = data - graph.addressOf(object);
                reach.add(object, graph.shallowSize(object), start, start + shown, start + capacity);
            }
        }

        @Override
        public void text(long data, long length, long digest) {
            sums.look(WasteKind.DUPLICATE_TEXT, length);
            compare(myTexts, digest, data, length);
            reaches(data, length, length);
        }

        @Override
        public void slice(long data, long length, long capacity, long elementBytes) {
            reaches(data, length * elementBytes, capacity * elementBytes);
        }

        @Override
        public void number(long data, long bytes, long digest) {
            sums.look(WasteKind.DUPLICATE_NUMBER, bytes);
            compare(myNumbers, digest, data, bytes);
        }

        private void compare(Copies contents, long digest, long data, long length) {
            if (digest == 0) {
                contents.leaveOut();
            } else {
                contents.add(digest, data, length);
            }
        }

        @Override
        public void map(long size, long storage, long needed) {
            int type = graph.typeOf(current);
            long structure = graph.shallowSize(current) + Math.max(0, storage);
            sums.maps.add(size, structure);
            sums.look(WasteKind.EMPTY_COLLECTION, structure);
            if (size == 0) {
                waste(WasteKind.EMPTY_COLLECTION, type, structure);
            } else if (storage > needed) {
                boolean sparse = 2 * needed <= storage;
                waste(sparse ? WasteKind.SPARSE_COLLECTION : WasteKind.SPARE_CAPACITY, type, storage - needed);
            }
        }

        @Override
        public void channel(long size, long places, long elementBytes) {
            int type = graph.typeOf(current);
            sums.queue(type, size, places > 0 ? places : -1);
            if (places > 0) {
                sums.look(WasteKind.UNUSED_BUFFER, places * elementBytes);
                if (places > size && size >= 0) {
                    waste(WasteKind.UNUSED_BUFFER, type, (places - size) * elementBytes);
                }
            }
        }

        private void waste(WasteKind kind, int type, long bytes) {
            if (bytes > 0) {
                sums.waste(kind, type, bytes);
                mine.add(current, kind, bytes);
            }
        }
    }
}
