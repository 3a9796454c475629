package dev.holdfast.heap;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the heaps that tests build. */
final class Dumps {
    private Dumps() {}

    /** The builder's heap as a snapshot; the file lives in the folder. */
    static HeapSnapshot open(HeapBuilder heap, Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "built", ".hprof");
        heap.toFile(file);
        return Holdfast.open(
                file, DumpOptions.DEFAULT.withThreads(1), SnapshotOptions.DEFAULT.withThreads(1), Progress.NONE);
    }

    /** The handle of what the builder made. */
    static HeapObject handle(HeapSnapshot heap, FakeRef made) {
        return heap.object(made.address())
                .filter(object -> object.address() == made.address())
                .orElseThrow(() -> new AssertionError("nothing at 0x" + Long.toHexString(made.address())));
    }
}
