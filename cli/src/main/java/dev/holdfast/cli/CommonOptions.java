package dev.holdfast.cli;

import dev.holdfast.dump.DumpOptions;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that every command which reads a dump understands. */
final class CommonOptions {
    /** Which references count for reachability, dominators and profiles. */
    enum References {
        /** All recorded references. */
        ALL,
        /** Strong references only. */
        STRONG
    }

    /** Where the columns of the graph live. */
    enum Memory {
        /** On the Java heap if they fit with some room to spare, else in scratch files. */
        AUTO,
        /** On the Java heap. */
        HEAP,
        /** In mapped scratch files. */
        MAPPED
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--json", description = "Print JSON instead of text.")
    boolean json;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "PATH",
            description = "Where to write: the folder of the profiles, or the file of the report.")
    @Nullable
    Path out;

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "Where temporary files go; they are removed. Default: the system's temporary folder.")
    @Nullable
    Path workDir;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description =
                    "Memory for the JVM that holdfast runs in, such as 800m or 12g. Default: a share of what is free.")
    @Nullable
    String heap;

    @Option(
            names = "--memory",
            paramLabel = "WHERE",
            defaultValue = "AUTO",
            description =
                    "Where the graph lives: on the Java heap (heap), in scratch files in --work-dir that are mapped"
                            + " into memory (mapped), or there only if it does not fit the heap (auto, the default).")
    Memory memory = Memory.AUTO;

    @Option(names = "--threads", paramLabel = "N", description = "Workers. Default: one per processor.")
    @Nullable
    Integer threads;

    @Option(names = "--mat", description = "Count exactly as Eclipse Memory Analyzer does (HPROF only).")
    boolean mat;

    @Option(
            names = "--exe",
            paramLabel = "FILE",
            description =
                    "The program that a core dump is of, the same as the argument EXECUTABLE. Default: the file that"
                            + " the core names, if it exists and matches.")
    @Nullable
    Path executable;

    @Option(
            names = "--references",
            paramLabel = "KIND",
            defaultValue = "ALL",
            description = "What keeps an object: all (default) or strong references only.")
    References references = References.ALL;

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            description = "Overrides the inferred object layout, such as header=12,reference=4,alignment=8,rule=jdk15.")
    @Nullable
    String layout;

    @Option(
            names = "--dump-number",
            paramLabel = "N",
            description = "Which dump of a file with several, from 1. Default: the last.")
    @Nullable
    Integer dumpNumber;

    @Option(
            names = "--save-index",
            paramLabel = "FILE",
            description = "Also save the heap, so that --index FILE has it again at once.")
    @Nullable
    Path saveIndex;

    @Option(
            names = "--index",
            paramLabel = "FILE",
            description =
                    "Reopen the heap that --save-index saved. DUMP may be left out; what only the dump has then says"
                            + " so.")
    @Nullable
    Path index;

    @Option(names = "--strict", description = "Stop at the first damage in the dump (exit code 3).")
    boolean strict;

    @Option(names = "--lenient", description = "Read what can be read of a damaged dump (exit code 4). The default.")
    private boolean lenient;

    @Option(
            names = "--progress",
            negatable = true,
            description = "Show a progress bar, or none. Default: only on a terminal.")
    @Nullable
    Boolean progress;

    @Option(names = "--timings", description = "Print phases, seconds and peak memory on standard error.")
    boolean timings;

    @Option(names = "--stacktrace", description = "Print the stack trace of a failure.")
    boolean stacktrace;

    /** Whether profiles that a runtime recorded include what it has not published yet; an option of one command. */
    boolean profileNow;

    /** The options for opening the dump, with the executable that the arguments name if they name one. */
    DumpOptions dumpOptions(DumpArguments arguments) {
        Path named = arguments.executable();
        if (named != null && executable != null) {
            throw usage("the executable is named twice, as '" + named + "' and by --exe");
        }
        return dumpOptions().withExecutable(named == null ? executable : named);
    }

    /** The options for counting what standard input holds. */
    DumpOptions pipeOptions(DumpArguments arguments) {
        if (mat) {
            throw usage("--mat has to look back in the dump: save standard input to a file first");
        }
        return dumpOptions(arguments);
    }

    /** The options for opening a dump, whatever the arguments are. */
    DumpOptions dumpOptions() {
        if (strict && lenient) {
            throw usage("--strict and --lenient exclude each other");
        }
        int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (workers < 1) {
            throw usage("--threads must be at least 1, not " + workers);
        }
        if (dumpNumber != null && dumpNumber < 1) {
            throw usage("--dump-number counts from 1, not " + dumpNumber);
        }
        OptionalInt number = dumpNumber == null ? OptionalInt.empty() : OptionalInt.of(dumpNumber);
        return new DumpOptions(strict, mat, number, workers, workDir, executable, profileNow, layout);
    }

    /** A mistake in the options that only shows when the dump is opened. */
    ParameterException usage(String what) {
        return new ParameterException(command.commandLine(), what);
    }

    /** The options given to the command; the defaults for a command that does not have them. */
    static CommonOptions of(CommandLine line) {
        return line.getCommandSpec().mixins().values().stream()
                .map(CommandSpec::userObject)
                .filter(CommonOptions.class::isInstance)
                .map(CommonOptions.class::cast)
                .findFirst()
                .orElseGet(CommonOptions::new);
    }
}
