package dev.holdfast.dump.pclntab;

import dev.holdfast.dump.StackFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the call stack of physical frames, which are added leaf first: inlined calls apart, functions that the compiler
 * made marked. Not thread-safe.
 */
public final class CallList {
    /** The bottom of every stack; it is no function of the program. */
    public static final String BOTTOM = "runtime.goexit";

    private final List<StackFrame> calls = new ArrayList<>();
    private final List<Integer> callOf = new ArrayList<>();
    private String callee = "";
    private boolean shown;
    private long bytes;

    /**
     * Adds a frame.
     *
     * @param places what the code where it stands was made of, innermost first; empty where that is unknown
     * @param function whose frame it is
     * @param size bytes of stack it takes
     */
    public void add(List<CodePlace> places, String function, long size) {
        int before = calls.size();
        if (places.isEmpty()) {
            add(new StackFrame(function, null, 0, false, size, false, false));
        }
        for (CodePlace place : places) {
            // As the runtime: a wrapper is shown at the leaf, and where what it called is how panics run
            // (traceback.go).
            boolean wrapper = place.wrapper() && shown && !FunctionTable.showsWrapper(callee);
            add(new StackFrame(
                    place.symbol(),
                    place.file(),
                    place.line(),
                    false,
                    place.inlined() ? 0 : size,
                    place.inlined(),
                    wrapper));
        }
        callOf.add(calls.size() > before ? calls.size() - 1 : -1);
    }

    private void add(StackFrame call) {
        callee = call.function();
        if (!callee.equals(BOTTOM)) {
            calls.add(call);
            shown |= !call.wrapper();
            bytes += call.bytes();
        }
    }

    /** The calls so far, leaf first. */
    public List<StackFrame> calls() {
        return List.copyOf(calls);
    }

    /** For each frame added the index in {@link #calls} of the function whose frame it is, -1 for the bottom of the stack. */
    public List<Integer> callOf() {
        return List.copyOf(callOf);
    }

    /** Bytes of all calls; the bottom of the stack does not count. */
    public long bytes() {
        return bytes;
    }
}
