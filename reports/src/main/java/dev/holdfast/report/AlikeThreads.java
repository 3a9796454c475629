package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.roots.ThreadRetention;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Goroutines of one function, state and call stack, or threads of one pool, with the sums of what they retain and take. Used
 * by one thread.
 */
final class AlikeThreads {
    private final Key key;
    private final long[] frameRetained;
    private final Map<String, Integer> labels = new TreeMap<>();
    private final Map<String, Integer> creators = new TreeMap<>();
    private final List<DumpThread> threads = new ArrayList<>();
    private long retained;
    private long stackBytes;
    private long stackUsed;
    private long stackFree;
    private boolean stacksKnown = true;
    private long longestWait = -1;

    /** What all of a group have in common; names of threads that differ in digits are one. */
    record Key(
            String name,
            DumpThread.Kind kind,
            boolean system,
            String state,
            @Nullable String waitReason,
            List<StackFrame> frames) {
        static Key of(DumpThread thread) {
            String name = thread.kind() == DumpThread.Kind.GOROUTINE ? thread.name() : FrameNames.thread(thread.name());
            return new Key(name, thread.kind(), thread.system(), thread.state(), thread.waitReason(), thread.frames());
        }
    }

    AlikeThreads(Key key) {
        this.key = key;
        frameRetained = new long[key.frames.size()];
    }

    void add(ThreadRetention retention) {
        DumpThread thread = retention.thread();
        threads.add(thread);
        retained += retention.retainedBytes().orElse(0);
        stackBytes += Math.max(0, thread.stackBytes());
        if (thread.stack() == null) {
            stacksKnown = false;
        } else {
            stackUsed += thread.stack().used();
            stackFree += thread.stack().free();
        }
        longestWait = Math.max(longestWait, thread.waitNanos());
        for (int i = 0; i < frameRetained.length; i++) {
            frameRetained[i] += retention.frameBytes().get(i).orElse(0);
        }
        thread.labels().forEach((name, value) -> labels.merge(name + "=" + value, 1, Integer::sum));
        creators.merge(thread.creator() == null ? "" : thread.creator(), 1, Integer::sum);
    }

    Key key() {
        return key;
    }

    List<StackFrame> frames() {
        return key.frames;
    }

    /** The goroutines, in the order of the dump's own list by what they retain. */
    List<DumpThread> threads() {
        return threads;
    }

    int count() {
        return threads.size();
    }

    /** Number of one of them. */
    long id() {
        return threads.get(0).id();
    }

    long retained() {
        return retained;
    }

    /** What the variables of a frame alone retain. */
    long frameRetained(int frame) {
        return frameRetained[frame];
    }

    /** Stack memory of a frame in all goroutines, or -1 where unknown. */
    long frameStack(int frame) {
        long bytes = key.frames.get(frame).bytes();
        return bytes < 0 ? -1 : bytes * count();
    }

    long stackBytes() {
        return stackBytes;
    }

    /** Whether it is known how the stacks are used. */
    boolean stacksKnown() {
        return stacksKnown;
    }

    long stackUsed() {
        return stackUsed;
    }

    long stackFree() {
        return stackFree;
    }

    /** In nanoseconds, or -1 where unknown of all. */
    long longestWait() {
        return longestWait;
    }

    /** The program's labels with how many have them. */
    Map<String, Integer> labels() {
        return labels;
    }

    /** The functions that started them with how many each; empty where unknown. */
    Map<String, Integer> creators() {
        return creators;
    }
}
