package dev.holdfast.dump.gostack;

import dev.holdfast.dump.pclntab.CodePlace;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A goroutine that was alive; immutable.
 *
 * @param address of its {@code runtime.g}
 * @param id as Go prints it
 * @param state running, runnable, waiting, syscall, preempted, copystack, leaked
 * @param waitReason why it waits, in the runtime's words, or null
 * @param waitNanos for how long it has waited at least, or -1 where unknown: only a collection notes the start
 * @param labels profiler labels
 * @param parent number of the goroutine that started it, or 0 where unknown (before Go 1.21)
 * @param creator where it was started, or null
 * @param entry function it runs, or empty where unknown
 * @param system whether it belongs to the runtime
 * @param locked whether it is locked to a thread
 * @param stackLow lowest address of its stack
 * @param stackHigh address behind its stack
 */
public record Goroutine(
        long address,
        long id,
        String state,
        @Nullable String waitReason,
        long waitNanos,
        Map<String, String> labels,
        long parent,
        @Nullable CodePlace creator,
        String entry,
        boolean system,
        boolean locked,
        long stackLow,
        long stackHigh) {

    /** Memory of its stack. */
    public long stackBytes() {
        return stackHigh - stackLow;
    }

    /** The same with another time of waiting. */
    Goroutine waiting(long nanos) {
        return new Goroutine(
                address,
                id,
                state,
                waitReason,
                nanos,
                labels,
                parent,
                creator,
                entry,
                system,
                locked,
                stackLow,
                stackHigh);
    }

    boolean onStack(long address) {
        return address - stackLow >= 0 && address - stackLow < stackHigh - stackLow;
    }
}
