package dev.holdfast.stack;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Receives the samples of a stack-memory profile. */
public interface StackSamples {
    /** The empty stack. */
    int ROOT = 0;

    /**
     * A stack with one more frame; equal ones may have equal numbers.
     *
     * @param parent {@link #ROOT} or what this method answered
     * @param location a physical frame: the calls inlined into it, then its function
     */
    int frame(int parent, List<StackFrame> location);

    /**
     * Whose the samples that follow are.
     *
     * @param thread a goroutine that stands for all of them, or null if they are no goroutine's
     */
    void of(@Nullable DumpThread thread);

    /**
     * A sample; values of equal stacks of goroutines with equal labels are to be summed.
     *
     * @param stack at least one frame
     * @param goroutines how many, on full stacks only
     * @param bytes of stack memory
     */
    void sample(int stack, long goroutines, long bytes);
}
