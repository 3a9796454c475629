package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.ReferenceBlock;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.io.LongList;
import java.io.IOException;

/** Reads the objects of a chunk with what they point to; used by one thread. */
final class ReferencePass implements RecordHandler {
    private final FirstPass known;
    private final SlotRuns runs;
    private final KnownObjects knownObjects;
    private final DumpInput words;
    private final ReferenceBlock out;
    private final ReferenceSink sink;
    private final LongList exact;
    private final int lastRun;

    private int run;
    private int lastTarget;
    private boolean object;
    private long contents;
    private int header;

    ReferencePass(
            FirstPass known,
            KnownObjects knownObjects,
            Chunk chunk,
            DumpInput words,
            ReferenceBlock out,
            ReferenceSink sink,
            LongList exact) {
        this.known = known;
        this.runs = known.runs();
        this.knownObjects = knownObjects;
        this.words = words;
        this.out = out;
        this.sink = sink;
        this.exact = exact;
        this.run = chunk.firstRun();
        this.lastRun = chunk.lastRun();
    }

    @Override
    public void object(long record, long slot, long size, long memoryAt) throws IOException {
        while (run < lastRun && record > runs.lastRecord(run)) {
            run++;
        }
        object = run < lastRun && record >= runs.firstRecord(run);
        if (!object) {
            return;
        }
        contents = memoryAt;
        header = runs.headerBytes(run);
        long address = slot + header;
        int type = knownObjects.type(address);
        if (type == 0 && header > 0) {
            type = known.types().ofDescriptor(words.wordAt(contents));
        }
        if (type == 0) {
            type = known.types().ofUnknown(size, runs.pointers(run));
        } else {
            exact.add(address);
        }
        if (out.full()) {
            flush();
        }
        out.object(address, type, (int) (size / Long.BYTES));
    }

    @Override
    public void field(long offset) throws IOException {
        if (!object || offset < header) {
            return;
        }
        long target = words.wordAt(contents + offset);
        if (!known.parameters().inArena(target)) {
            return;
        }
        if (!runs.surrounds(lastTarget, target)) {
            int found = runs.find(target);
            if (found < 0) {
                return;
            }
            lastTarget = found;
        }
        long pointed = runs.object(lastTarget, target);
        if (!knownObjects.isGoroutine(pointed)) {
            if (out.full()) {
                flush();
            }
            out.reference(pointed, FieldNames.slot((offset - header) / Long.BYTES));
        }
    }

    /** Fields of other memory follow, or those of the next object. */
    @Override
    public void end() {
        object = false;
    }

    /** Passes on what was gathered; at the end of the chunk at the latest. */
    void flush() {
        sink.block(out);
        out.clear();
    }
}
