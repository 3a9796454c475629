package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.pclntab.CallList;
import dev.holdfast.dump.pclntab.CodePlace;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The call stack of a goroutine.
 *
 * @param frames leaf first, without what every stack begins with; with the executable, inlined calls apart and functions
 *     that the compiler made marked
 * @param callOf for each recorded frame the index of its function in {@code frames}, or -1 if it has none
 * @param bytes of the frames
 */
record Calls(List<StackFrame> frames, List<Integer> callOf, long bytes) {
    /** Functions that interrupt others anywhere, so that the collector knows no map of these. */
    private static final List<String> INTERRUPTING = List.of("runtime.asyncPreempt", "runtime.debugCallV2");

    /** Where a signal became a panic. */
    private static final String FAULT = "runtime.sigpanic";

    static Calls of(List<FrameRecord> recorded, @Nullable FunctionTable functions) {
        CallList list = new CallList();
        boolean instruction = false;
        for (FrameRecord frame : recorded) {
            List<CodePlace> places = functions == null
                    ? List.of()
                    : functions.places(instruction || frame.pc() == frame.entry() ? frame.pc() : frame.pc() - 1);
            list.add(places, frame.function(), frame.size());
            instruction = enteredBySignal(frame.function());
        }
        return new Calls(list.calls(), list.callOf(), list.bytes());
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
            if (!recorded.get(i).function().equals(CallList.BOTTOM)) {
                return recorded.get(i).function();
            }
        }
        return "(unknown function)";
    }
}
