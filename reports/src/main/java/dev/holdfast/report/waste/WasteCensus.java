package dev.holdfast.report.waste;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Counts what the reachable objects of a heap waste. Stateless. */
public final class WasteCensus {
    private WasteCensus() {}

    /**
     * Counts; one pass over the dump and two walks over all objects.
     *
     * @return null if the dump does not say enough of its objects
     * @throws dev.holdfast.dump.DumpNeededException if the heap was reopened from an index without its dump
     * @throws IOException if the dump cannot be read any more
     */
    public static @Nullable Waste of(HeapSnapshot heap, Progress progress) throws IOException {
        return heap.dump().info().format().equals("hprof")
                ? new JavaWaste(heap, progress).count()
                : new GoWaste(heap, progress).count();
    }
}
