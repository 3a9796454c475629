package dev.holdfast.dump;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A thread or goroutine that was alive when the dump was taken.
 *
 * @param address its thread object, or 0 if it has none in the dump
 * @param name its name, exactly
 * @param id the runtime's number, or -1 where unknown
 * @param kind platform, virtual or goroutine
 * @param system whether it belongs to the runtime
 * @param daemon whether it does not keep the program alive
 * @param state running, runnable, waiting, timed waiting, blocked, new, terminated, ...; empty where unknown
 * @param waitReason why it waits, in the runtime's words, or null
 * @param labels labels attached by the program
 * @param waitNanos for how long it has waited, or -1 where unknown
 * @param creator the function that started it, or null
 * @param stack memory of its stack, or null where the dump does not tell
 * @param frames its call stack, leaf first; threads that stand alike share one list
 * @param carrier the thread object of the platform thread that ran a virtual thread, so that its stack was there; 0 if none
 */
public record DumpThread(
        long address,
        String name,
        long id,
        Kind kind,
        boolean system,
        boolean daemon,
        String state,
        @Nullable String waitReason,
        Map<String, String> labels,
        long waitNanos,
        @Nullable String creator,
        @Nullable StackSpace stack,
        List<StackFrame> frames,
        long carrier) {
    /** A thread that no other carries. */
    public DumpThread(
            long address,
            String name,
            long id,
            Kind kind,
            boolean system,
            boolean daemon,
            String state,
            @Nullable String waitReason,
            Map<String, String> labels,
            long waitNanos,
            @Nullable String creator,
            @Nullable StackSpace stack,
            List<StackFrame> frames) {
        this(address, name, id, kind, system, daemon, state, waitReason, labels, waitNanos, creator, stack, frames, 0);
    }

    /** Memory of its stack, or -1 where the dump does not tell. */
    public long stackBytes() {
        return stack == null ? -1 : stack.bytes();
    }

    /** The call stack as the runtime itself shows it: without functions that a compiler made. */
    public List<StackFrame> shownFrames() {
        return frames.stream().anyMatch(StackFrame::wrapper)
                ? frames.stream().filter(frame -> !frame.wrapper()).toList()
                : frames;
    }

    /** What a thread is made of. */
    public enum Kind {
        /** An operating-system thread. */
        PLATFORM,
        /** A virtual thread of the JVM. */
        VIRTUAL,
        /** A goroutine. */
        GOROUTINE
    }
}
