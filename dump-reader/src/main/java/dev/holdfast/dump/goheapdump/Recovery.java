package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.io.ByteSource;
import java.io.IOException;

/**
 * Finds where records begin again behind a broken one; used by one thread.
 *
 * <p>The format has no lengths and no marks, so a place is taken if several records in a row are plausible from there on:
 * objects and goroutines lie in the heap's address range, the segments follow each other. The effort is bounded by
 * {@link #work}, which grows with the size of the file only.
 */
final class Recovery {
    /** So many records in a row make a place plausible. */
    private static final int IN_A_ROW = 4;

    /** A place that looks right at first costs as much as 64 places that do not. */
    private static final long ATTEMPT = 1 << 6;

    private final ByteSource source;
    private final Parameters parameters;
    private long work;

    Recovery(ByteSource source, Parameters parameters) {
        this.source = source;
        this.parameters = parameters;
        this.work = Math.addExact(Math.multiplyExact(source.size(), 4), 1 << 20);
    }

    /** Offset of the next record at or behind an offset, or -1 if none is found. */
    long next(long from) throws IOException {
        DumpInput in = new DumpInput(source, from);
        DumpInput attempt = new DumpInput(source, from);
        for (long at = from; at < source.size() && work > 0; at++, work--) {
            in.seek(at);
            int tag = in.peek();
            boolean candidate = tag == RecordWalker.OBJECT
                    || tag == RecordWalker.GOROUTINE
                    || tag == RecordWalker.FRAME
                    || tag == RecordWalker.DATA
                    || tag == RecordWalker.BSS;
            if (candidate && plausible(attempt, at, tag)) {
                return at;
            }
        }
        return -1;
    }

    private boolean plausible(DumpInput in, long at, int tag) throws IOException {
        Check check = new Check();
        try {
            in.seek(at + 1);
            if (!beginsPlausibly(in, tag)) {
                return false;
            }
            work -= ATTEMPT;
            in.seek(at);
            RecordWalker walker = new RecordWalker(in);
            for (int i = 0; i < IN_A_ROW && check.plausible; i++) {
                if (!walker.next(check)) {
                    return check.plausible && in.position() == in.end();
                }
            }
            return check.plausible;
        } catch (DumpFormatException e) {
            return false;
        } finally {
            work -= check.fields;
        }
    }

    /** What most places fail at, without the cost of an exception. */
    private boolean beginsPlausibly(DumpInput in, int tag) throws IOException {
        long address = in.number();
        if (address % Long.BYTES != 0 || parameters.inArena(address) != (tag <= RecordWalker.FRAME)) {
            return false;
        }
        long size = tag == RecordWalker.OBJECT || tag > RecordWalker.FRAME ? in.number() : Long.BYTES;
        return size > 0 && size <= in.end() - in.position();
    }

    /** What records must look like. */
    private final class Check implements RecordHandler {
        private boolean plausible = true;
        private long fields;

        private void require(boolean holds) {
            plausible &= holds;
        }

        @Override
        public void object(long record, long address, long size, long contents) {
            require(parameters.inArena(address) && size > 0 && size % Long.BYTES == 0);
        }

        @Override
        public void segment(boolean zeroed, long address, long size, long contents) {
            require(size > 0);
        }

        @Override
        public void frame(long sp, long size, long contents, long entry, long pc, String function) {
            require(parameters.inArena(sp) && !function.isEmpty() && Long.compareUnsigned(entry, pc) <= 0);
        }

        @Override
        public void field(long offset) throws IOException {
            fields++;
            if (offset % Long.BYTES != 0 || fields > work) {
                throw new DumpFormatException(source.name(), -1, "not plausible");
            }
        }

        @Override
        public void goroutine(GoroutineRecord goroutine) {
            require(parameters.inArena(goroutine.address()) && parameters.inArena(goroutine.sp()));
        }

        @Override
        public void parameters(Parameters again) {
            plausible = false;
        }
    }
}
