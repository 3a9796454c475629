package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.io.ByteSource;
import dev.holdfast.dump.io.LongList;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Single objects, read when asked for; thread-safe. */
final class Slots {
    private final ByteSource source;
    private final SlotRuns runs;

    Slots(ByteSource source, SlotRuns runs) {
        this.source = source;
        this.runs = runs;
    }

    /**
     * A slot as the file has it.
     *
     * @param record offset of its record
     * @param size bytes of the slot
     * @param headerBytes where the object begins in it
     * @param pointers whether it is of those that have pointers
     * @param contents offset of its memory
     * @param fields distances of its pointers from the start of the slot
     */
    record Slot(long record, long size, int headerBytes, boolean pointers, long contents, LongList fields) {}

    /** The object at an address, with at most so many pointers, or null. */
    @Nullable
    Slot read(long address, int limit) throws IOException {
        int run = runs.find(address);
        if (run < 0 || runs.object(run, address) != address) {
            return null;
        }
        long slot = runs.slot(run, address);
        DumpInput in = new DumpInput(source, runs.firstRecord(run));
        Search search = new Search(slot, limit);
        RecordWalker walker = new RecordWalker(in);
        while (!search.complete && in.position() <= runs.lastRecord(run)) {
            walker.next(search);
        }
        return search.complete
                ? new Slot(
                        search.record,
                        runs.size(run),
                        runs.headerBytes(run),
                        runs.pointers(run),
                        search.contents,
                        search.fields)
                : null;
    }

    /** A word of an object's memory. */
    long word(long position) throws IOException {
        return new DumpInput(source, position).wordAt(position);
    }

    /** A cursor of its own for a caller that reads many words. */
    DumpInput words() {
        return new DumpInput(source, 0);
    }

    /** Bytes of an object's memory, which the file has. */
    byte[] bytes(long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        source.read(position, bytes, 0, length);
        return bytes;
    }

    /** What an object points to: what its fields hold, nulls left out, in order. */
    LongList targets(Slot slot) throws IOException {
        DumpInput words = new DumpInput(source, slot.contents);
        LongList targets = new LongList();
        for (int i = 0; i < slot.fields.size(); i++) {
            targets.add(words.wordAt(slot.contents + slot.fields.get(i)));
        }
        return targets;
    }

    private static final class Search implements RecordHandler {
        private final long slot;
        private final int limit;
        private final LongList fields = new LongList();
        private boolean found;
        private boolean complete;
        private long record;
        private long contents;

        Search(long slot, int limit) {
            this.slot = slot;
            this.limit = limit;
        }

        @Override
        public void object(long at, long address, long size, long memoryAt) {
            found = address == slot;
            record = at;
            contents = memoryAt;
        }

        @Override
        public void field(long offset) {
            if (found && fields.size() < limit) {
                fields.add(offset);
            }
        }

        @Override
        public void end() {
            complete |= found;
        }
    }
}
