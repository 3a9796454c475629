package dev.holdfast.heap;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the graph of a dump is built; immutable.
 *
 * @param references which references count for reachability, dominators and retained sizes
 * @param memory where the columns live
 * @param threads how many workers, at least 1
 * @param workDir where scratch files go; null means the system's temporary folder
 */
public record SnapshotOptions(
        References references,
        Memory memory,
        int threads,
        @Nullable Path workDir) {

    /** All references, memory chosen by need, one worker per processor. */
    public static final SnapshotOptions DEFAULT = new SnapshotOptions(
            References.ALL, Memory.AUTOMATIC, Runtime.getRuntime().availableProcessors(), null);

    /** Checks the numbers. */
    public SnapshotOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
    }

    /** Which references count. */
    public enum References {
        /** All that the dump records. */
        ALL,
        /** Not the referents of soft, weak, phantom and finalizer references. */
        STRONG
    }

    /** Where the columns live. */
    public enum Memory {
        /** On the Java heap if they fit, else in scratch files, else the work is refused. */
        AUTOMATIC,
        /** On the Java heap. */
        HEAP,
        /** In mapped scratch files. */
        MAPPED
    }

    /** The same with other references. */
    public SnapshotOptions withReferences(References value) {
        return new SnapshotOptions(value, memory, threads, workDir);
    }

    /** The same with columns elsewhere. */
    public SnapshotOptions withMemory(Memory value) {
        return new SnapshotOptions(references, value, threads, workDir);
    }

    /** The same with another number of workers. */
    public SnapshotOptions withThreads(int value) {
        return new SnapshotOptions(references, memory, value, workDir);
    }

    /** The same with scratch files elsewhere. */
    public SnapshotOptions withWorkDir(@Nullable Path value) {
        return new SnapshotOptions(references, memory, threads, value);
    }
}
