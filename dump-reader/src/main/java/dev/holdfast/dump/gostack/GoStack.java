package dev.holdfast.dump.gostack;

import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.StackSpace;
import java.util.List;

/**
 * A goroutine's stack, unwound; immutable.
 *
 * @param frames physical frames, leaf first
 * @param calls the call stack: inlined calls apart, functions that the compiler made marked, without
 *     {@code runtime.goexit}; stacks of one shape share the list
 * @param callOf for each physical frame the index in {@code calls} of the function whose frame it is, or -1 if it has none
 * @param complete whether the walk came to the first function
 * @param space how its memory is used; what {@code calls} take is used, {@code runtime.goexit} is part of the rest
 */
public record GoStack(
        List<GoFrame> frames, List<StackFrame> calls, List<Integer> callOf, boolean complete, StackSpace space) {}
