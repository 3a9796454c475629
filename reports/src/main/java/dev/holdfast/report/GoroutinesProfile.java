package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import java.util.List;

/**
 * {@code goroutines.pb.gz}: the goroutines by call stack, with how long they have waited. The same goroutines, stacks and
 * labels as in the profile that the program would have served of itself, and state, wait reason and creator beside them.
 *
 * <p>The runtime leaves its own goroutines out, the function at which every goroutine's stack begins, and what is far from
 * the leaf of a deep stack.
 */
final class GoroutinesProfile {
    private static final ValueType GOROUTINE = new ValueType("goroutine", "count");
    private static final ValueType WAIT = new ValueType("wait", "nanoseconds");
    private static final String BEGINNING = "runtime.goexit";

    private GoroutinesProfile() {}

    static ProfileBuilder builder() {
        return new ProfileBuilder(List.of(GOROUTINE, WAIT), GOROUTINE).period(GOROUTINE, 1);
    }

    static Profile of(DumpFile dump, ProfileBuilder builder, ProfileLimits limits) {
        String runtime = dump.info().runtime();
        ProfiledDepth depth = ProfiledDepth.of(runtime == null ? "" : runtime);
        for (DumpThread thread : dump.threads()) {
            if (isProfiled(thread)) {
                List<StackFrame> frames = withoutBeginning(depth.cut(thread.shownFrames()));
                int stack = CallStack.add(builder, ProfileBuilder.ROOT, frames);
                if (stack == ProfileBuilder.ROOT) {
                    stack = builder.frame(ProfileBuilder.ROOT, FrameNames.UNKNOWN);
                }
                builder.sample(stack, labels(thread), 1, Math.max(0, thread.waitNanos()));
            }
        }
        return builder.build(limits);
    }

    /** Whether a goroutine is in the profile. */
    static boolean isProfiled(DumpThread thread) {
        return thread.kind() == DumpThread.Kind.GOROUTINE && !thread.system();
    }

    /** The program's labels, and ours where the program has none of that name. */
    private static Labels labels(DumpThread thread) {
        return Labels.NONE.withRecorded(thread.labels()).withState(thread).withOurs("creator", thread.creator());
    }

    private static List<StackFrame> withoutBeginning(List<StackFrame> frames) {
        int last = frames.size() - 1;
        return last >= 0 && frames.get(last).function().equals(BEGINNING) ? frames.subList(0, last) : frames;
    }
}
