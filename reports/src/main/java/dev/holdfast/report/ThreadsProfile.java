package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.ThreadRetention;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code threads.pb.gz}: call stacks, each frame valued at what its locals exclusively retain, counted once at its full
 * depth.
 *
 * <p>What a thread retains otherwise stands in a frame below the root: its own object, thread locals and what several
 * frames share in one, what native code holds outside any frame in another. So a thread's samples add up to what it
 * retains. A thread object is a root and nothing retains it, another thread neither: the total is what all threads
 * retain, nothing of it twice. Used once, by one thread.
 */
final class ThreadsProfile {
    /** What a thread retains apart from its frames. */
    static final String THREAD_ITSELF = "(thread object and thread locals)";

    /** What JNI locals retain that belong to no Java frame. */
    static final String OUTSIDE_FRAMES = "(JNI locals outside frames)";

    private static final ValueType THREAD = new ValueType("thread", "count");
    private static final ValueType RETAINED = new ValueType("retained_space", "bytes");

    private final ProfileBuilder builder;
    private final StackPaths paths;
    private final Map<Labelled, Labels> labels = new HashMap<>();
    private int broken;
    private int deep;

    /** What the labels of a thread depend on. */
    private record Labelled(String name, DumpThread.Kind kind, String state) {}

    private ThreadsProfile(ProfileBuilder builder) {
        this.builder = builder;
        this.paths = new StackPaths(builder);
    }

    static ProfileBuilder builder() {
        return new ProfileBuilder(List.of(THREAD, RETAINED), RETAINED).period(THREAD, 1);
    }

    static Profile of(HeapSnapshot heap, ProfileBuilder builder, ProfileLimits limits) {
        ThreadsProfile profile = new ThreadsProfile(builder);
        for (ThreadRetention retention : ThreadRetention.of(heap)) {
            profile.add(retention);
        }
        if (profile.broken > 0) {
            builder.header(builder.header()
                    .withWarning("identity broken: frames retain more than their threads, of " + profile.broken));
        }
        CallStack.warnOfCut(builder, "threads", profile.deep);
        return builder.build(limits);
    }

    private void add(ThreadRetention retention) {
        DumpThread thread = retention.thread();
        Labels of = labels.computeIfAbsent(
                new Labelled(FrameNames.thread(thread.name()), thread.kind(), thread.state()), ThreadsProfile::labels);
        List<StackFrame> frames = thread.frames();
        int[] stacks = paths.of(frames);
        deep += stacks.length > ProfileLimits.MAX_DEPTH ? 1 : 0;
        long rest = retention.retainedBytes().orElse(0);
        for (int i = 0; i < stacks.length; i++) {
            long bytes = retention.frameBytes().get(i).orElse(0);
            rest -= bytes;
            if (bytes > 0 || i == 0) {
                builder.sample(stacks[i], of, i == 0 ? 1 : 0, bytes);
            }
        }
        long outside = retention.nativeBytes().orElse(0);
        if (outside > 0) {
            rest -= outside;
            builder.sample(builder.frame(ProfileBuilder.ROOT, OUTSIDE_FRAMES), of, 0, outside);
        }
        if (rest < 0) {
            broken++;
            rest = 0;
        }
        builder.sample(builder.frame(ProfileBuilder.ROOT, THREAD_ITSELF), of, frames.isEmpty() ? 1 : 0, rest);
    }

    private static Labels labels(Labelled thread) {
        Labels labels = Labels.NONE
                .with("thread", thread.name)
                .with("kind", thread.kind.name().toLowerCase(Locale.ROOT));
        return thread.state.isEmpty() ? labels : labels.with("state", thread.state);
    }
}
