package dev.holdfast.dump.gostack;

import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.pclntab.CodePlace;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Unwinds goroutines' stacks and finds the roots in them; for one thread. */
public final class GoStacks {
    /** A stack overflow leaves millions of frames; a list of calls so long is of no use to anybody. */
    private static final int MOST_FRAMES = 1 << 16;

    private final FunctionTable functions;
    private final GoroutineTable goroutines;
    private final Unwinder unwinder;
    private final StackScan scan;
    private final FrameVariables variables;

    GoStacks(GoProgram program, FunctionTable functions, GoroutineTable goroutines) {
        this.functions = functions;
        this.goroutines = goroutines;
        MemoryReader reader = program.reader();
        boolean linkRegister = program.executable().machine() == Machine.ARM64;
        unwinder = new Unwinder(functions, reader, linkRegister);
        scan = new StackScan(program, functions, unwinder, linkRegister);
        variables = new FrameVariables(program);
    }

    /** Unwinds the stack of a goroutine; of more than 65536 frames it leaves out those farther from the leaf. */
    public GoStack stack(Goroutine goroutine) {
        Anchor anchor = goroutines.anchor(goroutine);
        unwinder.start(anchor, goroutine.stackLow(), goroutine.stackHigh());
        List<GoFrame> frames = new ArrayList<>();
        GoFrame frame = unwinder.next();
        while (frame != null && frames.size() < MOST_FRAMES) {
            frames.add(frame);
            frame = unwinder.next();
        }
        if (frames.isEmpty()) {
            return new GoStack(List.of(), List.of(), List.of(), false, goroutine.stackBytes(), 0, 0);
        }
        long low = frames.get(0).sp();
        long high = frames.get(frames.size() - 1).end();
        List<Integer> callOf = new ArrayList<>(frames.size());
        List<StackFrame> calls = calls(frames, callOf);
        return new GoStack(
                List.copyOf(frames),
                calls,
                List.copyOf(callOf),
                unwinder.complete() && frame == null,
                low - goroutine.stackLow(),
                high - low,
                goroutine.stackHigh() - high);
    }

    /** Gives all that the collector would scan in the stack of a goroutine. */
    public void roots(Goroutine goroutine, RootSlots sink) {
        scan.scan(goroutine, goroutines.anchor(goroutine), sink);
    }

    /**
     * The variable that lies at an address of a frame, or null.
     *
     * @param slot address in the frame or among its arguments
     */
    public @Nullable SlotVariable variable(GoFrame frame, long slot) {
        return variables.at(frame, slot);
    }

    /** The variable that is held in a register where a frame stands, or null. */
    public @Nullable SlotVariable registerVariable(GoFrame frame, int register) {
        return variables.inRegister(frame, register);
    }

    private List<StackFrame> calls(List<GoFrame> frames, List<Integer> callOf) {
        List<StackFrame> calls = new ArrayList<>(frames.size() + 4);
        String callee = "";
        long hidden = 0;
        for (GoFrame frame : frames) {
            List<CodePlace> places = functions.places(frame.place());
            long bytes = frame.bytes() + hidden;
            hidden = bytes;
            int before = calls.size();
            for (CodePlace place : places) {
                boolean shown = !place.wrapper() || calls.isEmpty() || FunctionTable.showsWrapper(callee);
                callee = place.function();
                if (shown && !callee.equals("runtime.goexit")) {
                    calls.add(new StackFrame(
                            place.symbol(),
                            place.file(),
                            place.line(),
                            false,
                            place.inlined() ? 0 : bytes,
                            place.inlined()));
                    hidden = place.inlined() ? hidden : 0;
                }
            }
            callOf.add(calls.size() > before ? calls.size() - 1 : -1);
        }
        if (hidden != 0 && !calls.isEmpty()) {
            // Functions that are not shown end every stack: their bytes go to the last that is.
            StackFrame last = calls.remove(calls.size() - 1);
            calls.add(new StackFrame(
                    last.function(), last.file(), last.line(), false, last.bytes() + hidden, last.inlined()));
        }
        return List.copyOf(calls);
    }
}
