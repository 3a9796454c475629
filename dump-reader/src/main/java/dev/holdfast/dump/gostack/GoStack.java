package dev.holdfast.dump.gostack;

import dev.holdfast.dump.StackFrame;
import java.util.List;

/**
 * A goroutine's stack, unwound; immutable.
 *
 * <p>{@code free + used + base} is all of the stack's memory.
 *
 * @param frames physical frames, leaf first
 * @param calls the call stack as the runtime records it: inlined calls apart, without {@code runtime.goexit} and without
 *     functions that the compiler made; the bytes of those are in the call that follows, so that all add up to {@code used}
 * @param callOf for each physical frame the index in {@code calls} of the function whose frame it is, or -1 if none is shown
 * @param complete whether the walk came to the first function
 * @param free bytes below the leaf frame
 * @param used bytes of the frames
 * @param base bytes above the last frame: what the runtime leaves at a stack's end, and what could not be unwound
 */
public record GoStack(
        List<GoFrame> frames,
        List<StackFrame> calls,
        List<Integer> callOf,
        boolean complete,
        long free,
        long used,
        long base) {}
