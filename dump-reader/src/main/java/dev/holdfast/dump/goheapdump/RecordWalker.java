package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.StackFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Takes the records of a heap dump apart, one at a time; used by one thread. */
final class RecordWalker {
    static final int END_OF_FILE = 0;
    static final int OBJECT = 1;
    static final int OTHER_ROOT = 2;
    static final int TYPE = 3;
    static final int GOROUTINE = 4;
    static final int FRAME = 5;
    static final int PARAMETERS = 6;
    static final int FINALIZER = 7;
    static final int ITAB = 8;
    static final int THREAD = 9;
    static final int MEMORY_STATISTICS = 10;
    static final int QUEUED_FINALIZER = 11;
    static final int DATA = 12;
    static final int BSS = 13;
    static final int DEFERRED = 14;
    static final int PANIC = 15;
    static final int BUCKET = 16;
    static final int SAMPLE = 17;

    /** {@code runtime.MemStats}: 24 figures, 256 pauses, the number of collections. */
    static final int STATISTICS = 24 + 256 + 1;

    /** The profiler keeps at most 128 frames, and more only in programs that set its depth. */
    private static final int DEEPEST_STACK = 1 << 10;

    private static final int POINTER = 1;
    private static final int EMPTY_INTERFACE = 3;

    private final DumpInput in;

    RecordWalker(DumpInput in) {
        this.in = in;
    }

    /**
     * Reads the record that the input stands at; false if it is the last.
     *
     * @throws DumpFormatException if the record is broken
     */
    boolean next(RecordHandler handler) throws IOException {
        long record = in.position();
        long tag = in.number();
        switch ((int) Math.min(tag & Long.MAX_VALUE, Integer.MAX_VALUE)) {
            case END_OF_FILE:
                return false;
            case OBJECT: {
                long address = in.number();
                long size = in.number();
                long contents = in.position();
                in.skip(size);
                handler.object(record, address, size, contents);
                fields(size, handler);
                return true;
            }
            case OTHER_ROOT:
                handler.otherRoot(in.string(), in.number());
                return true;
            case TYPE: {
                long address = in.number();
                long size = in.number();
                String name = in.string();
                in.flag();
                handler.type(address, size, name);
                return true;
            }
            case GOROUTINE:
                handler.goroutine(goroutine());
                return true;
            case FRAME:
                frame(handler);
                return true;
            case PARAMETERS:
                handler.parameters(parameters());
                return true;
            case FINALIZER:
            case QUEUED_FINALIZER: {
                long object = in.number();
                long function = in.number();
                in.number();
                in.number();
                in.number();
                handler.finalizer(tag == QUEUED_FINALIZER, object, function);
                return true;
            }
            case ITAB:
                handler.itab(in.number(), in.number());
                return true;
            case THREAD: {
                long address = in.number();
                in.number();
                in.number();
                handler.thread(address);
                return true;
            }
            case MEMORY_STATISTICS: {
                long[] figures = new long[STATISTICS];
                for (int i = 0; i < STATISTICS; i++) {
                    figures[i] = in.number();
                }
                handler.memoryStatistics(figures);
                return true;
            }
            case DATA:
            case BSS: {
                long address = in.number();
                long size = in.number();
                long contents = in.position();
                in.skip(size);
                handler.segment(tag == BSS, address, size, contents);
                fields(size, handler);
                return true;
            }
            case DEFERRED: {
                long address = in.number();
                in.number();
                in.number();
                in.number();
                long function = in.number();
                in.number();
                in.number();
                handler.deferred(address, function);
                return true;
            }
            case PANIC: {
                long address = in.number();
                in.number();
                in.number();
                long argument = in.number();
                in.number();
                in.number();
                handler.panic(address, argument);
                return true;
            }
            case BUCKET:
                handler.bucket(bucket());
                return true;
            case SAMPLE:
                handler.sample(in.number(), in.number());
                return true;
            default:
                throw in.broken("record of the unknown kind " + Long.toUnsignedString(tag));
        }
    }

    private void fields(long size, RecordHandler handler) throws IOException {
        long last = size - Long.BYTES;
        while (true) {
            long kind = in.number();
            if (kind == 0) {
                handler.end();
                return;
            }
            if (kind < POINTER || kind > EMPTY_INTERFACE) {
                throw in.broken("field of the unknown kind " + Long.toUnsignedString(kind));
            }
            // Of an interface the second word is the pointer.
            long offset = in.number() + (kind == POINTER ? 0 : Long.BYTES);
            if (offset < 0 || offset > last) {
                throw in.broken("field at " + Long.toUnsignedString(offset) + " of " + size + " bytes");
            }
            handler.field(offset);
        }
    }

    private GoroutineRecord goroutine() throws IOException {
        long address = in.number();
        long sp = in.number();
        long id = in.number();
        long createdBy = in.number();
        long status = in.number();
        boolean system = in.flag();
        in.flag();
        in.number();
        String reason = in.string();
        long context = in.number();
        in.number();
        in.number();
        in.number();
        return new GoroutineRecord(address, sp, id, createdBy, status, system, reason, context);
    }

    private void frame(RecordHandler handler) throws IOException {
        long sp = in.number();
        in.number();
        in.number();
        long size = in.number();
        long contents = in.position();
        in.skip(size);
        long entry = in.number();
        long pc = in.number();
        in.number();
        handler.frame(sp, size, contents, entry, pc, in.string());
        fields(size, handler);
    }

    private Parameters parameters() throws IOException {
        boolean bigEndian = in.flag();
        long pointer = in.number();
        if (bigEndian || pointer != Long.BYTES) {
            throw in.broken((bigEndian ? "big-endian" : "little-endian") + " program with pointers of "
                    + Long.toUnsignedString(pointer) + " bytes; only 64-bit little-endian programs are supported");
        }
        return new Parameters(in.number(), in.number(), in.string(), in.string(), in.number());
    }

    private BucketRecord bucket() throws IOException {
        long address = in.number();
        long size = in.number();
        long depth = in.number();
        if (depth < 0 || depth > DEEPEST_STACK) {
            throw in.broken("a stack of " + Long.toUnsignedString(depth) + " frames");
        }
        List<StackFrame> stack = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            String function = in.string();
            String file = in.string();
            long line = in.number();
            stack.add(new StackFrame(function, file, (int) Math.min(line & Long.MAX_VALUE, Integer.MAX_VALUE), false));
        }
        return new BucketRecord(address, size, List.copyOf(stack), in.number(), in.number());
    }
}
