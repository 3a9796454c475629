package dev.holdfast.stack;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackArea;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.StackMemory;
import dev.holdfast.dump.StackSpace;
import java.util.List;

/**
 * Makes the samples of a stack-memory profile: one for each prefix of a goroutine's call stack, at the size of its frame.
 *
 * <p>Time and memory grow with the shapes of stacks, not with the number of goroutines. For one use.
 */
public final class StackSampling {
    /** Frames that may stand around a call stack: two above, one below. */
    private static final int AROUND = 3;

    private final StackSamples sink;
    private final FreeSpace free;
    private final int deepest;
    private long cut;

    private StackSampling(StackSamples sink, FreeSpace free, int deepest) {
        this.sink = sink;
        this.free = free;
        this.deepest = deepest;
    }

    /**
     * Gives all samples of a dump. They add up to {@link StackAccounting#total()}, those of {@link FreeSpace#USED} to
     * {@link StackAccounting#frames()}.
     *
     * @param threads all that were alive
     * @param memory what stack memory serves beside them
     * @param free where free space is shown
     * @param deepest the most frames that a stack may have
     * @return of how many goroutines' stacks, deeper than that, cycles were cut out
     */
    public static long of(
            List<DumpThread> threads, StackMemory memory, FreeSpace free, int deepest, StackSamples sink) {
        StackSampling sampling = new StackSampling(sink, free, deepest - AROUND);
        for (StackGroup group : StackGroup.of(threads, free == FreeSpace.GOROUTINE)) {
            sampling.add(group);
        }
        sink.of(null);
        if (free != FreeSpace.USED) {
            for (StackArea area : memory.areas()) {
                if (area.counted()) {
                    sampling.add(area);
                }
            }
            sampling.value(StackSamples.ROOT, VirtualFrames.UNKNOWN, memory.unexplained(threads));
        }
        return sampling.cut;
    }

    private void add(StackGroup group) {
        DumpThread thread = group.first();
        StackSpace space = group.space();
        sink.of(thread);
        int above = thread.system() ? frame(StackSamples.ROOT, VirtualFrames.SYSTEM) : StackSamples.ROOT;
        int root = free == FreeSpace.TOTAL ? frame(above, VirtualFrames.TOTAL) : above;
        CallPath path = CallPath.of(thread.frames(), deepest);
        cut += path.cut() ? group.count() : 0;
        int[] stacks = new int[path.steps().size()];
        for (int i = 0; i < stacks.length; i++) {
            CallPath.Step step = path.steps().get(i);
            stacks[i] = sink.frame(step.parent() < 0 ? root : stacks[step.parent()], step.location());
            sample(stacks[i], i == path.leaf() ? group.count() : 0, step.bytes() * group.count());
        }
        int entry = stacks.length == 0 ? root : stacks[entry(path.steps())];
        int leaf = stacks.length == 0 ? root : stacks[path.leaf()];
        if (stacks.length == 0) {
            // A goroutine whose stack cannot be walked is counted all the same.
            sample(frame(root, VirtualFrames.UNKNOWN), group.count(), 0);
        }
        switch (free) {
            case TOTAL:
                sample(root, 0, space.free() + space.rest());
                value(root, VirtualFrames.UNKNOWN, space.unknown());
                return;
            case USED:
                return;
            case ENTRY:
                value(entry, VirtualFrames.FREE, space.free());
                break;
            case LEAF:
                value(leaf, VirtualFrames.FREE, space.free());
                break;
            default:
                value(above, VirtualFrames.FREE, space.free());
        }
        value(above, VirtualFrames.BASE, space.rest());
        value(above, VirtualFrames.UNKNOWN, space.unknown());
    }

    /**
     * The step of the function that the program started. Since Go 1.17 the compiler puts a function above most that only
     * passes their arguments on: {@code main.main.gowrap1} would tell nobody what kind of goroutine it is.
     */
    private static int entry(List<CallPath.Step> steps) {
        int entry = 0;
        while (entry + 1 < steps.size()
                && steps.get(entry).made()
                && steps.get(entry + 1).parent() == entry) {
            entry++;
        }
        return entry;
    }

    private void add(StackArea area) {
        switch (area.kind()) {
            case SYSTEM:
            case SIGNAL:
            case CRASH:
                add(VirtualFrames.SYSTEM, area);
                break;
            case DEAD:
                value(StackSamples.ROOT, VirtualFrames.DEAD, area.bytes());
                break;
            default:
                add(VirtualFrames.UNUSED, area);
        }
    }

    private void add(StackFrame above, StackArea area) {
        int stack = frame(StackSamples.ROOT, above);
        value(stack, VirtualFrames.named(above.function() + "." + area.kind().label()), area.bytes());
    }

    private int frame(int parent, StackFrame virtual) {
        return sink.frame(parent, List.of(virtual));
    }

    private void value(int parent, StackFrame virtual, long bytes) {
        if (bytes > 0) {
            sink.sample(frame(parent, virtual), 0, bytes);
        }
    }

    private void sample(int stack, long goroutines, long bytes) {
        if (goroutines > 0 || bytes > 0) {
            sink.sample(stack, goroutines, bytes);
        }
    }
}
