package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.ThreadRetention;
import java.util.List;
import java.util.Locale;

/**
 * {@code threads.pb.gz}: call stacks, each frame valued at what its locals exclusively retain, counted once at its full
 * depth. What a thread retains otherwise (its own object, thread locals, what several frames share) stands in one frame
 * below the root, so that the total is what all threads retain.
 */
final class ThreadsProfile {
    private static final ValueType THREAD = new ValueType("thread", "count");
    private static final ValueType RETAINED = new ValueType("retained_space", "bytes");
    private static final String THREAD_ITSELF = "(thread object and thread locals)";

    private ThreadsProfile() {}

    static ProfileBuilder builder() {
        return new ProfileBuilder(List.of(THREAD, RETAINED), RETAINED).period(THREAD, 1);
    }

    static Profile of(HeapSnapshot heap, ProfileBuilder builder, ProfileLimits limits) {
        for (ThreadRetention retention : ThreadRetention.of(heap)) {
            add(retention, builder);
        }
        return builder.build(limits);
    }

    private static void add(ThreadRetention retention, ProfileBuilder builder) {
        DumpThread thread = retention.thread();
        Labels labels = Labels.NONE
                .with("thread", FrameNames.thread(thread.name()))
                .with("kind", thread.kind().name().toLowerCase(Locale.ROOT));
        if (!thread.state().isEmpty()) {
            labels = labels.with("state", thread.state());
        }
        List<StackFrame> frames = thread.frames();
        int at = RetentionTree.ROOT;
        long own = retention.retainedBytes().orElse(0);
        for (int i = frames.size() - 1; i >= 0; i--) {
            StackFrame frame = frames.get(i);
            at = builder.frame(at, FrameNames.function(frame.function()), frame.file(), frame.line());
            long bytes = retention.frameBytes().get(i).orElse(0);
            own -= bytes;
            long count = i == 0 ? 1 : 0;
            if (bytes > 0 || count > 0) {
                builder.sample(at, labels, count, bytes);
            }
        }
        int itself = builder.frame(RetentionTree.ROOT, THREAD_ITSELF);
        builder.sample(itself, labels, frames.isEmpty() ? 1 : 0, Math.max(0, own));
    }
}
