package dev.holdfast.dump;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a dump is read; immutable.
 *
 * @param strict whether the first damage ends the reading with a {@link DumpFormatException}
 * @param mat whether to model the heap exactly as Eclipse Memory Analyzer does (HPROF only)
 * @param dumpNumber which dump of a file with several, 1-based; empty means the last
 * @param threads how many workers read, at least 1
 * @param workDir where temporary files go; null means the system's temporary folder
 * @param executable the program that a core dump is of; null if the core itself leads to it
 * @param profileNow whether recorded profiles include what the runtime would publish only after later collections
 * @param layout overrides what is inferred about object layout, such as {@code header=12,reference=4}; null infers
 */
public record DumpOptions(
        boolean strict,
        boolean mat,
        OptionalInt dumpNumber,
        int threads,
        @Nullable Path workDir,
        @Nullable Path executable,
        boolean profileNow,
        @Nullable String layout) {

    /** Lenient, the exact model, the last dump, one worker per processor. */
    public static final DumpOptions DEFAULT = new DumpOptions(
            false, false, OptionalInt.empty(), Runtime.getRuntime().availableProcessors(), null, null, false, null);

    /** Checks the numbers. */
    public DumpOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        if (dumpNumber.isPresent() && dumpNumber.getAsInt() < 1) {
            throw new IllegalArgumentException("dumps are numbered from 1, not " + dumpNumber.getAsInt());
        }
    }

    /** The same with another strictness. */
    public DumpOptions withStrict(boolean value) {
        return new DumpOptions(value, mat, dumpNumber, threads, workDir, executable, profileNow, layout);
    }

    /** The same with or without the model of Eclipse Memory Analyzer. */
    public DumpOptions withMat(boolean value) {
        return new DumpOptions(strict, value, dumpNumber, threads, workDir, executable, profileNow, layout);
    }

    /** The same for another dump of the file. */
    public DumpOptions withDumpNumber(int value) {
        return new DumpOptions(strict, mat, OptionalInt.of(value), threads, workDir, executable, profileNow, layout);
    }

    /** The same with another number of workers. */
    public DumpOptions withThreads(int value) {
        return new DumpOptions(strict, mat, dumpNumber, value, workDir, executable, profileNow, layout);
    }

    /** The same with temporary files elsewhere. */
    public DumpOptions withWorkDir(@Nullable Path value) {
        return new DumpOptions(strict, mat, dumpNumber, threads, value, executable, profileNow, layout);
    }

    /** The same with another executable. */
    public DumpOptions withExecutable(@Nullable Path value) {
        return new DumpOptions(strict, mat, dumpNumber, threads, workDir, value, profileNow, layout);
    }

    /** The same with or without what the runtime has not published yet. */
    public DumpOptions withProfileNow(boolean value) {
        return new DumpOptions(strict, mat, dumpNumber, threads, workDir, executable, value, layout);
    }

    /** The same with an override of the inferred layout. */
    public DumpOptions withLayout(@Nullable String value) {
        return new DumpOptions(strict, mat, dumpNumber, threads, workDir, executable, profileNow, value);
    }
}
