package dev.holdfast.heap;

import dev.holdfast.dump.InsufficientResourcesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Estimates what a graph will need before it is taken, and chooses where its columns live. */
final class MemoryPlan {
    /**
     * Peak bytes of all columns for a node, measured: types, lengths, offsets, address index, and the arrays of the
     * dominators at their fullest.
     */
    static final long BYTES_PER_NODE = 44;

    /** Peak bytes for a reference: target, slot, and its place among predecessors. */
    static final long BYTES_PER_REFERENCE = 9;

    private MemoryPlan() {}

    static long estimate(long nodes, long references) {
        return nodes * BYTES_PER_NODE + references * BYTES_PER_REFERENCE;
    }

    /**
     * A store on the Java heap if the estimate fits, else one in scratch files.
     *
     * @param references an upper bound; null references are in it
     * @throws InsufficientResourcesException if the disk does not suffice either
     */
    static ColumnStore choose(long nodes, long references, @Nullable Path workDir) throws IOException {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        long available = runtime.maxMemory() - used - reserve(runtime.maxMemory());
        long need = estimate(nodes, references);
        if (need <= available) {
            return ColumnStore.onHeap();
        }
        Path folder = folder(workDir);
        long disk = Files.getFileStore(folder).getUsableSpace();
        if (disk < need) {
            throw new InsufficientResourcesException(String.format(
                    "%,d objects with up to %,d references need about %,d MiB, but the Java heap has %,d MiB left and %s"
                            + " %,d MiB; give more memory (--heap) or another folder (--work-dir)",
                    nodes, references, need >> 20, Math.max(0, available) >> 20, folder, disk >> 20));
        }
        return ColumnStore.mapped(folder);
    }

    /** What is left to the rest of the program: class tables, profiles, the young generation. */
    private static long reserve(long max) {
        return Math.max(64L << 20, max / 10);
    }

    static ColumnStore mapped(@Nullable Path workDir) throws IOException {
        return ColumnStore.mapped(folder(workDir));
    }

    private static Path folder(@Nullable Path workDir) throws IOException {
        Path folder = workDir == null ? Path.of(System.getProperty("java.io.tmpdir")) : workDir;
        return Files.createDirectories(folder);
    }
}
