package dev.holdfast.roots;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Path;

/** Opens heaps for tests. */
final class Heaps {
    private Heaps() {}

    static HeapSnapshot open(Path file) throws IOException {
        return open(file, DumpOptions.DEFAULT);
    }

    static HeapSnapshot open(Path file, DumpOptions options) throws IOException {
        return HeapSnapshot.open(DumpFile.open(file, options, Progress.NONE), SnapshotOptions.DEFAULT, Progress.NONE);
    }

    static HeapSnapshot open(HeapBuilder builder, Path folder) throws IOException {
        Path file = folder.resolve("heap.hprof");
        builder.toFile(file);
        return open(file);
    }

    static RootNames names(HeapSnapshot heap) {
        return RootNames.of(heap, ObjectNames.of(heap));
    }

    static ShortestPaths paths(HeapSnapshot heap, boolean strongOnly) {
        return ShortestPaths.search(heap, names(heap), ReferenceNames.of(heap), strongOnly, Progress.NONE);
    }

    static int node(HeapSnapshot heap, FakeRef object) {
        return heap.graph().indexOf(object.address());
    }
}
