package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.dump.pclntab.FunctionTable;
import org.jspecify.annotations.Nullable;

/**
 * Finds what the collector would scan in a goroutine's stack, as {@code scanstack} does.
 *
 * <p>Slots of frames by their maps. Variables whose address is taken only if a pointer to them is found, precisely if one
 * of those pointers is precise. Conservatively, word by word: frames where a signal stopped the goroutine, for which there
 * is no map. Beside frames: the closure in {@code gobuf.ctxt}, deferred calls, panics. One per thread.
 */
final class StackScan {
    private static final int WORD = 8;
    private static final int MOST_OBJECTS = 1 << 16;
    private static final int MOST_DEFERS = 1 << 20;
    private static final int RECORD = 16;

    private final GoProgram program;
    private final MemoryReader reader;
    private final FunctionTable functions;
    private final Unwinder unwinder;
    private final boolean linkRegister;
    private final StackMaps maps;
    private final StructLayout g;
    private final SlotBuffer slots = new SlotBuffer();
    private final LiveStackObjects objects;

    private final long[] saved = new long[64];
    private int savedCount;
    private int nextDirect;
    private int nextInObjects;
    private long low;
    private long high;
    private int frameNumber;
    private boolean conservative;

    StackScan(GoProgram program, FunctionTable functions, Unwinder unwinder, boolean linkRegister) {
        this.program = program;
        this.reader = program.reader();
        this.functions = functions;
        this.unwinder = unwinder;
        this.linkRegister = linkRegister;
        this.maps = new StackMaps(functions, reader, linkRegister);
        this.g = program.layout().struct("runtime.g");
        this.objects = new LiveStackObjects(reader);
    }

    void scan(Goroutine goroutine, Anchor anchor, RootSlots sink) {
        slots.clear();
        objects.start(goroutine.stackLow(), goroutine.stackHigh());
        low = goroutine.stackLow();
        high = goroutine.stackHigh();
        frameNumber = -1;
        conservative = false;
        beside(goroutine);
        if (anchor.registers() != null) {
            registers(anchor.registers());
        }
        unwinder.start(anchor, low, high);
        long losses = 0;
        for (GoFrame frame = unwinder.next(); frame != null; frame = unwinder.next()) {
            frameNumber = frame.index();
            try {
                losses += frame(frame) ? 0 : 1;
            } catch (MissingMemoryException e) {
                losses++;
            }
        }
        program.warnings()
                .loss("go-stack-maps", -1, "Frames of stacks whose pointers are not described were skipped.", losses);
        int direct = slots.size();
        objects.trace(slots);
        savedCount = 0;
        emit(goroutine, anchor, direct, sink);
    }

    /** What no frame holds. */
    private void beside(Goroutine goroutine) {
        long address = goroutine.address();
        try {
            word(address + g.offset("sched.ctxt"));
            defers(reader.word(address + g.offset("_defer")));
            long panic = reader.word(address + g.offset("_panic"));
            if (panic != 0 && goroutine.onStack(panic)) {
                objects.pointer(panic, false);
            }
        } catch (MissingMemoryException e) {
            program.warnings().loss("go-defers", -1, "Deferred calls are lost: " + e.getMessage(), 1);
        }
    }

    private void defers(long first) {
        if (first == 0) {
            return;
        }
        StructLayout record = program.layout().struct("runtime._defer");
        int heap = record.offset("heap", -1);
        long trail = first;
        long d = first;
        for (int n = 1; d != 0 && n < MOST_DEFERS; n++) {
            word(d + record.offset("fn"));
            word(d + record.offset("link"));
            if (heap >= 0 && reader.u8(d + heap) != 0) {
                slots.add(frameNumber, 0, d, false);
            }
            d = reader.word(d + record.offset("link"));
            // A list that comes back to where it was is damaged (Brent).
            if (d == trail) {
                break;
            }
            if ((n & (n - 1)) == 0) {
                trail = d;
            }
        }
    }

    private void registers(Registers registers) {
        for (int i = 0; i < registers.count(); i++) {
            long value = registers.general(i);
            if (value - low >= 0 && value - low < high - low) {
                objects.pointer(value, true);
            }
        }
    }

    private boolean frame(GoFrame frame) {
        if (frame.conservative()) {
            conservative = true;
            range(frame.sp(), frame.varp());
            // Where the handler faked a call, its small frame holds the link register.
            range(frame.fp(), frame.end());
            range(frame.argp(), frame.argp() + maps.argumentBytes(frame));
            conservative = false;
            return true;
        }
        boolean whole = maps.pointers(frame, this::word);
        return objects(frame) && whole;
    }

    private void range(long from, long to) {
        for (long at = from; at - to < 0; at += WORD) {
            word(at);
        }
    }

    private void word(long address) {
        long value = reader.word(address);
        if (value - low >= 0 && value - low < high - low) {
            objects.pointer(value, conservative);
        } else if (value != 0) {
            slots.add(frameNumber, address, value, conservative);
        }
    }

    private boolean objects(GoFrame frame) {
        if (frame.continpc() == 0) {
            return true;
        }
        if (ReflectCalls.is(frame)) {
            objects.add(ReflectCalls.registers(frame, linkRegister));
            return true;
        }
        long table = functions.functionData(frame.function(), FunctionTable.STACK_OBJECTS);
        if (table == 0) {
            return true;
        }
        long count = reader.word(table);
        if (count < 0 || count > MOST_OBJECTS) {
            return false;
        }
        long readOnly = frame.function().module().readOnlyData();
        for (long i = 0; i < count; i++) {
            long record = table + WORD + RECORD * i;
            int offset = reader.i32(record);
            int size = reader.i32(record + 4);
            int pointers = reader.i32(record + 8);
            long start = (offset < 0 ? frame.varp() : frame.argp()) + offset;
            if (size < 0 || pointers == Integer.MIN_VALUE || Math.abs(pointers) > size || start - frame.sp() < 0) {
                // Below the stack pointer: the frame is not made yet.
                continue;
            }
            objects.add(new StackObject(
                    start,
                    size,
                    frame.index(),
                    readOnly + reader.u32(record + 12),
                    pointers < 0 ? StackObject.PROGRAM : StackObject.BITS,
                    0,
                    Math.abs(pointers)));
        }
        return true;
    }

    /** Gives all slots in order of frames: those of live objects lie behind the direct ones, sorted. */
    private void emit(Goroutine goroutine, Anchor anchor, int direct, RootSlots sink) {
        nextDirect = 0;
        nextInObjects = direct;
        emit(null, direct, sink);
        Registers registers = anchor.registers();
        unwinder.start(anchor, goroutine.stackLow(), goroutine.stackHigh());
        for (GoFrame frame = unwinder.next(); frame != null; frame = unwinder.next()) {
            sink.frame(frame);
            if (registers != null && frame.index() == 0) {
                for (int i = 0; i < registers.count(); i++) {
                    long value = registers.general(i);
                    if (value != 0 && !goroutine.onStack(value)) {
                        sink.register(i, value);
                    }
                }
            }
            // What the frame below saved are registers of this one.
            for (int i = 0; i < savedCount; i++) {
                sink.register((int) saved[2 * i], saved[2 * i + 1]);
            }
            savedCount = 0;
            emit(frame, direct, sink);
        }
    }

    private void emit(@Nullable GoFrame frame, int direct, RootSlots sink) {
        int index = frame == null ? -1 : frame.index();
        int first = nextDirect;
        while (nextDirect < direct && slots.frame(nextDirect) <= index) {
            give(frame, nextDirect++, sink);
        }
        while (nextInObjects < slots.size() && slots.frame(nextInObjects) <= index) {
            // Some objects are in the map of the frame too: the record of a panic.
            if (!slots.has(slots.address(nextInObjects), first, nextDirect)) {
                give(frame, nextInObjects, sink);
            }
            nextInObjects++;
        }
    }

    private void give(@Nullable GoFrame frame, int slot, RootSlots sink) {
        int register = frame == null ? -1 : SavedRegisters.at(frame, slots.address(slot), linkRegister);
        if (register < 0 || 2 * savedCount == saved.length) {
            sink.slot(slots.address(slot), slots.value(slot), slots.conservative(slot));
        } else {
            saved[2 * savedCount] = register;
            saved[2 * savedCount++ + 1] = slots.value(slot);
        }
    }
}
