package dev.holdfast.dump;

import org.jspecify.annotations.Nullable;

/**
 * A frame of a call stack.
 *
 * @param function class and method, such as {@code java.lang.Thread.run}; Go: {@code net/http.(*conn).serve}
 * @param file source file, or null
 * @param line source line, or 0 where unknown
 * @param nativeCode whether it runs native code
 * @param bytes stack memory of the frame, of a call that was inlined 0, or -1 where unknown
 * @param inlined whether the call was inlined into the frame that follows
 * @param wrapper whether a compiler made the function, so that the runtime leaves it out of the stacks it shows; its frame
 *     takes memory nevertheless
 */
public record StackFrame(
        String function,
        @Nullable String file,
        int line,
        boolean nativeCode,
        long bytes,
        boolean inlined,
        boolean wrapper) {
    /** A frame of unknown size. */
    public StackFrame(String function, @Nullable String file, int line, boolean nativeCode) {
        this(function, file, line, nativeCode, -1, false, false);
    }
}
