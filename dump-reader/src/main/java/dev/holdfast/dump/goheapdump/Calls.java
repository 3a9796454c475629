package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.pclntab.CodePlace;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The call stack of a goroutine as the runtime itself would print it.
 *
 * @param frames leaf first, without what every stack begins with; with the executable, inlined calls apart and without
 *     functions that the compiler made
 * @param callOf for each recorded frame the index of its function in {@code frames}, or -1 if it is not shown
 */
record Calls(List<StackFrame> frames, List<Integer> callOf) {
    /** The bottom of every stack; it is no function of the program. */
    static final String BOTTOM = "runtime.goexit";

    /** Functions that interrupt others anywhere, so that the collector knows no map of these. */
    private static final List<String> INTERRUPTING = List.of("runtime.asyncPreempt", "runtime.debugCallV2");

    /** Where a signal became a panic. */
    private static final String FAULT = "runtime.sigpanic";

    static Calls of(List<FrameRecord> recorded, @Nullable FunctionTable functions) {
        List<StackFrame> frames = new ArrayList<>();
        List<Integer> callOf = new ArrayList<>();
        String callee = "";
        boolean instruction = false;
        long hidden = 0;
        for (FrameRecord frame : recorded) {
            List<CodePlace> places = functions == null
                    ? List.of()
                    : functions.places(instruction || frame.pc() == frame.entry() ? frame.pc() : frame.pc() - 1);
            long bytes = frame.size() + hidden;
            hidden = bytes;
            int before = frames.size();
            for (CodePlace place : places) {
                boolean shown = !place.wrapper() || frames.isEmpty() || FunctionTable.showsWrapper(callee);
                callee = place.function();
                if (shown && !callee.equals(BOTTOM)) {
                    frames.add(new StackFrame(
                            place.symbol(),
                            place.file(),
                            place.line(),
                            false,
                            place.inlined() ? 0 : bytes,
                            place.inlined()));
                    hidden = place.inlined() ? hidden : 0;
                }
            }
            if (places.isEmpty() && !frame.function().equals(BOTTOM)) {
                callee = frame.function();
                frames.add(new StackFrame(callee, null, 0, false, bytes, false));
                hidden = 0;
            }
            instruction = enteredBySignal(frame.function());
            callOf.add(frames.size() > before ? frames.size() - 1 : -1);
        }
        return new Calls(List.copyOf(frames), List.copyOf(callOf));
    }

    /** Whether a function interrupts others anywhere, which then are scanned as if every word were a pointer. */
    static boolean interrupting(String function) {
        return INTERRUPTING.contains(function);
    }

    /** Whether the function above it in the stack stands at an instruction rather than behind a call. */
    private static boolean enteredBySignal(String function) {
        return interrupting(function) || function.equals(FAULT);
    }

    /** The function that a goroutine was started with. */
    static String entry(List<FrameRecord> recorded) {
        for (int i = recorded.size() - 1; i >= 0; i--) {
            if (!recorded.get(i).function().equals(BOTTOM)) {
                return recorded.get(i).function();
            }
        }
        return "(unknown function)";
    }
}
