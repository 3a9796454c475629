package dev.holdfast.dump.gocore;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.HeaderSink;
import dev.holdfast.dump.ObjectSink;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ReferenceBlock;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.HeapPointers;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.TypeMasks;
import dev.holdfast.dump.gotypes.HeaderWalker;
import dev.holdfast.dump.gotypes.HeapTypes;
import dev.holdfast.dump.gotypes.TypePropagation;
import dev.holdfast.dump.io.Workers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Goes through all slots that hold an object, chunk by chunk, in parallel. */
final class HeapPass {
    private final GoProgram program;
    private final SpanTable spans;
    private final TypeMasks masks;
    private final SpanChunks chunks;
    private final int threads;
    private final AtomicLong pointers = new AtomicLong();
    private final AtomicLong freeSlots = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();

    HeapPass(GoProgram program, SpanTable spans, TypeMasks masks, int threads) {
        this.program = program;
        this.spans = spans;
        this.masks = masks;
        this.chunks = new SpanChunks(spans);
        this.threads = threads;
    }

    int chunkCount() {
        return chunks.count();
    }

    /** How many pointers the objects have, null ones included. Known after {@link #objects}. */
    long pointers() {
        return pointers.get();
    }

    /** How many pointers led into the heap, but to no object. Known after {@link #references}. */
    long freeSlots() {
        return freeSlots.get();
    }

    /** How many objects or their pointer bits could not be read. Known after {@link #references}. */
    long unreadable() {
        return unreadable.get();
    }

    void objects(ChunkSinks<ObjectSink> sinks, Progress progress) throws IOException {
        progress.phase("reading objects", chunks.totalBytes());
        pointers.set(0);
        AtomicLong done = new AtomicLong();
        Workers.run(chunks.count(), threads, () -> {
            HeapPointers bits = new HeapPointers(program, spans, masks);
            return chunk -> {
                ObjectSink sink = sinks.open(chunk);
                long found = 0;
                for (int span = chunks.firstSpan(chunk); span < chunks.firstSpan(chunk + 1); span++) {
                    objects(span, sink);
                    found += bits.most(span);
                    step(progress, done, spans.bytes(span));
                }
                pointers.addAndGet(found);
                sinks.close(chunk, sink);
            };
        });
    }

    private void objects(int span, ObjectSink sink) {
        int first = spans.firstSlot(span);
        int elements = spans.elements(span);
        for (int element = 0; element < elements; element++) {
            if (spans.allocated(first + element)) {
                sink.object(spans.objectAddress(span, element), -1, 0);
            }
        }
    }

    /** What decides which references are left out. */
    interface Filter {
        /** Whether the object in a slot may lose references. */
        boolean filters(int sourceSlot);

        /** Whether such an object keeps its reference to the object in another slot. */
        boolean keeps(int targetSlot);
    }

    /** Something that one thread does. */
    interface Stage {
        void run() throws IOException;
    }

    /**
     * Reads references while others of the threads do something else, see {@link DumpFile#references}.
     *
     * <p>Objects are handed out without type, as those are being found. The slot of a reference is the word of the pointer,
     * as far as a byte goes.
     *
     * @param beside what is to be done too; begun first
     */
    void references(ChunkSinks<ReferenceSink> sinks, List<Stage> beside, Filter filter, Progress progress)
            throws IOException {
        progress.phase("reading references", chunks.totalBytes());
        freeSlots.set(0);
        unreadable.set(0);
        AtomicLong done = new AtomicLong();
        Workers.run(beside.size() + chunks.count(), threads, () -> {
            Worker worker = new Worker(filter);
            return task -> {
                if (task < beside.size()) {
                    beside.get(task).run();
                    return;
                }
                int chunk = task - beside.size();
                ReferenceSink sink = sinks.open(chunk);
                for (int span = chunks.firstSpan(chunk); span < chunks.firstSpan(chunk + 1); span++) {
                    worker.span(span, sink);
                    step(progress, done, spans.bytes(span));
                }
                worker.flush(sink);
                sinks.close(chunk, sink);
                freeSlots.addAndGet(worker.takeDead());
                unreadable.addAndGet(worker.takeMissing());
            };
        });
    }

    /** Goes through all objects for their headers, and then through variables as one more chunk. */
    void headers(ChunkSinks<HeaderSink> sinks, TypePropagation propagation, HeapTypes types, Progress progress)
            throws IOException {
        progress.phase("reading contents", chunks.totalBytes());
        AtomicLong done = new AtomicLong();
        Workers.run(chunks.count() + 1, threads, () -> chunk -> {
            HeaderSink sink = sinks.open(chunk);
            HeaderWalker walker = propagation.headers(types, sink);
            if (chunk == chunks.count()) {
                if (sink.object(0)) {
                    propagation.variables(walker);
                }
            } else {
                for (int span = chunks.firstSpan(chunk); span < chunks.firstSpan(chunk + 1); span++) {
                    headers(span, walker);
                    step(progress, done, spans.bytes(span));
                }
            }
            sinks.close(chunk, sink);
        });
    }

    private void headers(int span, HeaderWalker walker) {
        int first = spans.firstSlot(span);
        int elements = spans.elements(span);
        for (int element = 0; element < elements; element++) {
            if (spans.allocated(first + element)) {
                walker.object(first + element, span);
            }
        }
    }

    /** Hands out the references of one object again, with slots by its type. */
    void references(int span, int element, WordSlots slots, Filter filter, ReferenceSink sink) {
        Worker worker = new Worker(filter);
        worker.slots = slots;
        worker.object(span, element, sink);
        worker.flush(sink);
    }

    /** Names a reference by the place of the pointer. */
    interface WordSlots {
        /** The slot for {@link ReferenceSink#reference} of the pointer at a word of an object. */
        int slot(long word);
    }

    private static void step(Progress progress, AtomicLong done, long bytes) {
        progress.advance(done.addAndGet(bytes));
        progress.check();
    }

    /** What one thread needs for its chunks. */
    private final class Worker {
        private final HeapPointers bits = new HeapPointers(program, spans, masks);
        private final MemoryReader reader = program.reader();
        private final ReferenceBlock block = new ReferenceBlock();
        private final Filter filter;
        private @Nullable WordSlots slots;
        private boolean filtered;
        private long dead;
        private long missing;

        Worker(Filter filter) {
            this.filter = filter;
        }

        void flush(ReferenceSink sink) {
            sink.block(block);
            block.clear();
        }

        /** How many pointers led to no object since this was asked last. */
        long takeDead() {
            long count = dead;
            dead = 0;
            return count;
        }

        /** How many objects could not be read since this was asked last. */
        long takeMissing() {
            long count = missing;
            missing = 0;
            return count;
        }

        void span(int span, ReferenceSink sink) {
            int first = spans.firstSlot(span);
            int elements = spans.elements(span);
            for (int element = 0; element < elements; element++) {
                if (spans.allocated(first + element)) {
                    object(span, element, sink);
                }
            }
        }

        void object(int span, int element, ReferenceSink sink) {
            if (block.full()) {
                flush(sink);
            }
            long object = spans.objectAddress(span, element);
            block.object(object, 0, (int) (spans.elementSize(span) >>> 3));
            if (bits.slot(span, element)) {
                filtered = filter.filters(spans.firstSlot(span) + element);
                long words = bits.words(span);
                for (long word = 0; word < words; word += 64) {
                    pointers(object + 8 * word, word, bits.bits(span, element, word), sink);
                }
            }
        }

        private void pointers(long address, long firstWord, long set, ReferenceSink sink) {
            if (block.full()) {
                flush(sink);
            }
            try {
                for (long left = set; left != 0; left &= left - 1) {
                    int bit = Long.numberOfTrailingZeros(left);
                    long pointer = reader.word(address + 8L * bit);
                    if (pointer != 0) {
                        pointer(pointer, firstWord + bit);
                    }
                }
            } catch (MissingMemoryException e) {
                missing++;
            }
        }

        private void pointer(long pointer, long word) {
            int span = spans.spanAt(pointer);
            if (span < 0) {
                // Static data, a stack, or memory of C.
                return;
            }
            int element = spans.elementAt(span, pointer);
            int target = spans.firstSlot(span) + element;
            if (element < 0 || !spans.allocated(target)) {
                dead++;
            } else if (!filtered || filter.keeps(target)) {
                block.reference(
                        spans.objectAddress(span, element),
                        slots == null ? (int) Math.min(word, ReferenceSink.UNNAMED_SLOT) : slots.slot(word));
            }
        }
    }
}
