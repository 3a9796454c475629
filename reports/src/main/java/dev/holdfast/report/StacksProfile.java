package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.stack.FreeSpace;
import dev.holdfast.stack.StackAccounting;
import dev.holdfast.stack.StackSamples;
import dev.holdfast.stack.StackSampling;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code stacks.pb.gz}: stack memory by the functions whose frames take it, one sample for each prefix of a call stack, so
 * that the own value of a function is its frame and all samples add up to what the runtime says of its stacks.
 */
final class StacksProfile {
    private static final ValueType GOROUTINE = new ValueType("goroutine", "count");
    private static final ValueType SPACE = new ValueType("stack_space", "bytes");

    private StacksProfile() {}

    static ProfileBuilder builder() {
        return new ProfileBuilder(List.of(GOROUTINE, SPACE), SPACE).period(SPACE, 1);
    }

    /** Whether a dump tells of stack memory. */
    static boolean supports(DumpFile dump) {
        return dump.threads().stream()
                .anyMatch(thread -> thread.kind() == DumpThread.Kind.GOROUTINE && thread.stack() != null);
    }

    static Profile of(DumpFile dump, FreeSpace free, ProfileBuilder builder, ProfileLimits limits) {
        StackAccounting accounting = StackAccounting.of(dump.threads(), dump.stackMemory());
        long shown = free == FreeSpace.USED ? accounting.frames() : accounting.total();
        builder.comment(String.format(
                Locale.ROOT,
                "stack memory: %d bytes in this profile, %d left out; the runtime records %s",
                shown,
                accounting.total() - shown,
                accounting.recorded() < 0 ? "nothing" : accounting.recorded() + " bytes"));
        for (StackAccounting.Row row : accounting.apart()) {
            builder.comment(String.format(
                    Locale.ROOT,
                    "apart: %s, %d with %d bytes that the operating system made; the runtime does not count them",
                    row.name(),
                    row.stacks(),
                    row.bytes()));
        }
        GoroutineLabels labels = new GoroutineLabels(dump.threads(), limits.maxLabelValues());
        labels.warn(builder);
        boolean apart = free == FreeSpace.GOROUTINE;
        long cut = StackSampling.of(
                dump.threads(), dump.stackMemory(), free, ProfileLimits.MAX_DEPTH, new Samples(builder, labels, apart));
        CallStack.warnOfCut(builder, "goroutines", cut);
        return builder.build(limits);
    }

    /** Puts samples into a profile. */
    private static final class Samples implements StackSamples {
        private final ProfileBuilder builder;
        private final GoroutineLabels labels;
        private final boolean apart;

        private Labels current = Labels.NONE;

        Samples(ProfileBuilder builder, GoroutineLabels labels, boolean apart) {
            this.builder = builder;
            this.labels = labels;
            this.apart = apart;
        }

        @Override
        public int frame(int parent, List<StackFrame> location) {
            return CallStack.below(builder, parent, CallStack.location(location));
        }

        @Override
        public void of(@Nullable DumpThread thread) {
            current = thread == null ? Labels.NONE : labelsOf(thread);
        }

        @Override
        public void sample(int stack, long goroutines, long bytes) {
            builder.sample(stack, current, goroutines, bytes);
        }

        private Labels labelsOf(DumpThread thread) {
            Labels own = labels.of(thread).withState(thread);
            return apart && !own.has("goroutine") ? own.with("goroutine", thread.id(), "id") : own;
        }
    }
}
