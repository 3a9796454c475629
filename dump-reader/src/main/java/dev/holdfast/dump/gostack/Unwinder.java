package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.pclntab.FunctionTable;
import dev.holdfast.dump.pclntab.GoFunction;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks a goroutine's stack frame by frame, leaf first, as the runtime's own unwinder does for the collector.
 *
 * <p>One per thread. Frames must ascend within the stack, so a damaged one ends the walk early and never loops.
 */
final class Unwinder {
    private static final int WORD = 8;

    /** The frame that a signal handler makes for the link register, where it fakes a call. */
    static final int INJECTED = 16;

    /** On arm64 two functions may stand at one stack pointer: the leaf has no frame. */
    private static final int EMPTY_FRAMES = 2;

    private static final int REMEMBERED = 1 << 14;

    private final FunctionTable functions;
    private final MemoryReader reader;
    private final boolean linkRegister;
    private final Map<Long, Place> places = new HashMap<>();

    private long low;
    private long high;
    private int empty;
    private boolean trap;
    private boolean afterSigpanic;
    private boolean conservative;
    private boolean innermost;
    private boolean complete;
    private int index;
    private long pc;
    private long sp;
    private long link;
    private boolean ignoreStackWrites;
    private @Nullable GoFrame frame;

    /** A function and what it has pushed at a program counter. */
    private record Place(@Nullable GoFunction function, int delta) {}

    Unwinder(FunctionTable functions, MemoryReader reader, boolean linkRegister) {
        this.functions = functions;
        this.reader = reader;
        this.linkRegister = linkRegister;
    }

    /** Begins at a place; {@link #next} gives the first frame. */
    void start(Anchor anchor, long stackLow, long stackHigh) {
        low = stackLow;
        high = stackHigh;
        pc = anchor.pc();
        sp = anchor.sp();
        link = linkRegister ? anchor.link() : 0;
        trap = anchor.registers() != null;
        conservative = trap;
        ignoreStackWrites = anchor.systemCall();
        afterSigpanic = false;
        innermost = true;
        complete = false;
        index = 0;
        empty = 0;
        frame = null;
        if (pc == 0 && onStack(sp)) {
            // A call of a nil function: it stands at the caller.
            try {
                pc = reader.word(sp);
                link = 0;
                sp += linkRegister ? 0 : WORD;
            } catch (MissingMemoryException e) {
                pc = 0;
            }
        }
    }

    /** Whether the walk came to a function that ends call stacks. */
    boolean complete() {
        return complete;
    }

    /** The next frame, or null at the end. */
    @Nullable
    GoFrame next() {
        if (pc == 0 || !onStack(sp)) {
            return null;
        }
        try {
            return resolve();
        } catch (MissingMemoryException e) {
            pc = 0;
            return null;
        }
    }

    private boolean onStack(long address) {
        return address - low >= 0 && address - low < high - low;
    }

    private @Nullable GoFrame resolve() {
        Place place = place(pc);
        GoFunction function = place.function;
        if (function == null || !function.hasFrame() || place.delta < 0) {
            pc = 0;
            return null;
        }
        String name = function.name();
        long frameSp = sp;
        long fp = frameSp + place.delta + (linkRegister ? 0 : WORD);
        if (fp - frameSp < 0 || fp - low < 0 || fp - low > high - low) {
            pc = 0;
            return null;
        }
        // cgocallback moves between stacks but can be walked through at any time; system calls save their place first.
        boolean writes = function.writesStackPointer()
                && !name.equals("runtime.cgocallback")
                && !(innermost && ignoreStackWrites);
        long caller;
        if (function.topFrame()) {
            caller = 0;
            complete = true;
        } else if (writes && !innermost) {
            caller = 0;
        } else if (linkRegister) {
            caller = (innermost && frameSp != fp) || link == 0 ? reader.word(frameSp) : link;
        } else {
            caller = reader.word(fp - WORD);
        }
        long varp = linkRegister ? fp : fp - WORD;
        if (varp - frameSp > 0) {
            varp -= WORD;
        }
        long argp = linkRegister ? fp + WORD : fp;
        long continpc = pc;
        if (afterSigpanic) {
            continpc = function.deferReturn() == 0 ? 0 : function.entry() + function.deferReturn() + 1;
        }
        boolean sigpanic = name.equals("runtime.sigpanic");
        boolean registersInside = name.equals("runtime.asyncPreempt") || name.equals("runtime.debugCallV2");
        boolean injected = sigpanic || registersInside;
        long end = fp;
        long nextPc = caller;
        long nextLink = 0;
        if (caller != 0 && linkRegister && injected) {
            // The handler saved the link register in a small frame of its own before it faked the call.
            long saved = reader.word(fp);
            end += INJECTED;
            Place back = place(caller);
            if (back.function == null) {
                nextPc = saved;
            } else if (back.delta == 0) {
                nextLink = saved;
            }
        }
        GoFrame found = new GoFrame(
                index++, function, pc, frameSp, fp, varp, argp, continpc, trap, conservative || registersInside, end);
        empty = end == frameSp ? empty + 1 : 0;
        conservative = registersInside;
        trap = injected;
        afterSigpanic = sigpanic;
        innermost = false;
        sp = end;
        pc = empty > EMPTY_FRAMES ? 0 : nextPc;
        link = nextLink;
        frame = found;
        return found;
    }

    /** The frame that {@link #next} gave last. */
    @Nullable
    GoFrame frame() {
        return frame;
    }

    private Place place(long at) {
        Place known = places.get(at);
        if (known == null) {
            if (places.size() >= REMEMBERED) {
                places.clear();
            }
            GoFunction function = functions.function(at);
            known = new Place(function, function == null ? -1 : functions.stackDelta(function, at));
            places.put(at, known);
        }
        return known;
    }
}
