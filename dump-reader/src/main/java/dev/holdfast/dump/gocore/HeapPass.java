package dev.holdfast.dump.gocore;

import dev.holdfast.dump.ChunkSinks;
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
import dev.holdfast.dump.io.Workers;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;

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
                    found += objects(span, bits, sink);
                    step(progress, done, spans.bytes(span));
                }
                pointers.addAndGet(found);
                sinks.close(chunk, sink);
            };
        });
    }

    private long objects(int span, HeapPointers bits, ObjectSink sink) {
        int first = spans.firstSlot(span);
        long words = bits.words(span);
        long found = 0;
        for (int element = 0; element < spans.elements(span); element++) {
            if (!spans.allocated(first + element)) {
                continue;
            }
            sink.object(spans.objectAddress(span, element), -1, 0);
            if (bits.slot(span, element)) {
                for (long word = 0; word < words; word += 64) {
                    found += Long.bitCount(bits.bits(span, element, word));
                }
            }
        }
        return found;
    }

    /** What decides which references are left out. */
    interface Filter {
        /** Whether the object in a slot may lose references. */
        boolean filters(int sourceSlot);

        /** Whether such an object keeps its reference to the object in another slot. */
        boolean keeps(int targetSlot);
    }

    void references(
            ChunkSinks<ReferenceSink> sinks,
            IntUnaryOperator typeOfSlot,
            WordSlots slots,
            Filter filter,
            Progress progress)
            throws IOException {
        progress.phase("reading references", chunks.totalBytes());
        freeSlots.set(0);
        unreadable.set(0);
        AtomicLong done = new AtomicLong();
        Workers.run(chunks.count(), threads, () -> {
            Worker worker = new Worker(typeOfSlot, slots, filter);
            return chunk -> {
                ReferenceSink sink = sinks.open(chunk);
                for (int span = chunks.firstSpan(chunk); span < chunks.firstSpan(chunk + 1); span++) {
                    worker.span(span, sink);
                    step(progress, done, spans.bytes(span));
                }
                worker.flush(sink);
                sinks.close(chunk, sink);
            };
        });
    }

    /** Names a reference within its type by the place of the pointer. */
    interface WordSlots {
        /** The slot for {@link ReferenceSink#reference} of the pointer at a word of an object of a type. */
        int slot(int type, long word);
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
        private final IntUnaryOperator typeOfSlot;
        private final WordSlots slots;
        private final Filter filter;
        private boolean filtered;
        private long dead;
        private long missing;

        Worker(IntUnaryOperator typeOfSlot, WordSlots slots, Filter filter) {
            this.typeOfSlot = typeOfSlot;
            this.slots = slots;
            this.filter = filter;
        }

        void flush(ReferenceSink sink) {
            sink.block(block);
            block.clear();
            freeSlots.addAndGet(dead);
            unreadable.addAndGet(missing);
            dead = 0;
            missing = 0;
        }

        void span(int span, ReferenceSink sink) {
            int first = spans.firstSlot(span);
            int units = (int) (spans.elementSize(span) >>> 3);
            long words = bits.words(span);
            for (int element = 0; element < spans.elements(span); element++) {
                int slot = first + element;
                if (!spans.allocated(slot)) {
                    continue;
                }
                long object = spans.objectAddress(span, element);
                int type = typeOfSlot.applyAsInt(slot);
                if (block.full()) {
                    flush(sink);
                }
                block.object(object, type, units);
                if (bits.slot(span, element)) {
                    filtered = filter.filters(slot);
                    for (long word = 0; word < words; word += 64) {
                        pointers(type, object + 8 * word, word, bits.bits(span, element, word), sink);
                    }
                }
            }
        }

        private void pointers(int type, long address, long firstWord, long set, ReferenceSink sink) {
            if (block.full()) {
                flush(sink);
            }
            try {
                for (long left = set; left != 0; left &= left - 1) {
                    int bit = Long.numberOfTrailingZeros(left);
                    long pointer = reader.word(address + 8L * bit);
                    if (pointer != 0) {
                        pointer(type, pointer, firstWord + bit);
                    }
                }
            } catch (MissingMemoryException e) {
                missing++;
            }
        }

        private void pointer(int type, long pointer, long word) {
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
                block.reference(spans.objectAddress(span, element), slots.slot(type, word));
            }
        }
    }
}
