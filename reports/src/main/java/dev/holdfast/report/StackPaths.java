package dev.holdfast.report;

import dev.holdfast.dump.StackFrame;
import dev.holdfast.stack.CallPath;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Where each frame of a call stack stands in a profile, so that what the frame holds can be put there.
 *
 * <p>Paths are found once for each list of frames, which threads that stand alike share. Used by one thread.
 */
final class StackPaths {
    private final ProfileBuilder builder;
    private final IdentityHashMap<List<StackFrame>, int[]> known = new IdentityHashMap<>();

    StackPaths(ProfileBuilder builder) {
        this.builder = builder;
    }

    /** The stack of the builder that ends in each of these frames, in their order: leaf first. */
    int[] of(List<StackFrame> frames) {
        return known.computeIfAbsent(frames, this::find);
    }

    private int[] find(List<StackFrame> frames) {
        CallPath path = CallPath.of(frames.stream().map(StackPaths::named).toList(), ProfileLimits.MAX_DEPTH);
        int[] stacks = new int[path.steps().size()];
        for (int i = 0; i < stacks.length; i++) {
            CallPath.Step step = path.steps().get(i);
            int parent = step.parent() < 0 ? ProfileBuilder.ROOT : stacks[step.parent()];
            stacks[i] = CallStack.below(builder, parent, CallStack.location(step.location()));
        }
        return path.stepOf().stream().mapToInt(step -> stacks[step]).toArray();
    }

    /** A frame under the name that its function has in every run of the program. */
    private static StackFrame named(StackFrame frame) {
        return new StackFrame(
                FrameNames.function(frame.function()),
                frame.file(),
                frame.line(),
                frame.nativeCode(),
                frame.bytes(),
                frame.inlined(),
                frame.wrapper());
    }
}
