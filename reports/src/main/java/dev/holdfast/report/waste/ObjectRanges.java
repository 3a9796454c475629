package dev.holdfast.report.waste;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Goes over all objects in runs, side by side. Stateless. */
final class ObjectRanges {
    /** Objects of a run at most; a multiple of 64, so that no word of {@link Bits} is shared. */
    static final int RUN = 1 << 16;

    private ObjectRanges() {}

    /** What a worker does with a run. */
    interface Work {
        void run(int from, int to);
    }

    /** Hands out all runs, each once. */
    static void each(HeapSnapshot heap, Progress progress, Supplier<Work> workers) {
        int objects = heap.graph().objectCount();
        AtomicInteger next = new AtomicInteger();
        int runs = (int) (((long) objects + RUN - 1) / RUN);
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < Math.max(1, Math.min(heap.options().threads(), runs)); i++) {
            Work work = workers.get();
            tasks.add(() -> {
                for (int run = next.getAndIncrement(); run < runs; run = next.getAndIncrement()) {
                    progress.check();
                    int from = run * RUN;
                    work.run(from, (int) Math.min(objects, (long) from + RUN));
                }
            });
        }
        heap.sideBySide(tasks);
    }
}
