package dev.holdfast.cli;

import dev.holdfast.dump.CanceledException;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpNeededException;
import dev.holdfast.dump.InsufficientResourcesException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place that turns a failure into an {@link ExitCode} and one line on standard error. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private static final String MORE = "give more memory with --heap SIZE, or more disk with --work-dir DIR";

    private final Interruption interruption;

    Failures(Interruption interruption) {
        this.interruption = interruption;
    }

    /** What a failure means: its code, what happened, and what the user can do next. */
    record Explanation(ExitCode code, String what, String next) {
        String line() {
            return PlainText.line(next.isEmpty() ? "holdfast: " + what : "holdfast: " + what + "; " + next);
        }
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String what = e instanceof UnmatchedArgumentException unmatched
                ? "unknown command or option '" + unmatched.getUnmatched().get(0) + "'"
                : oneLine(e.getMessage());
        err.println(new Explanation(ExitCode.USAGE, what, "see '" + helpFor(command) + "'").line());
        UnmatchedArgumentException.printSuggestions(e, err);
        return ExitCode.USAGE.code();
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        // A usage error that only shows while the command runs, such as --mat on a dump that is not HPROF.
        if (e instanceof ParameterException usage) {
            return handleParseException(usage, new String[0]);
        }
        boolean reading = rootOf(e) instanceof FileSystemException files
                && command.getCommand() instanceof DumpCommand dump
                && dump.reads(files.getFile());
        CommonOptions options = CommonOptions.of(command);
        return report(e, reading, options.strict, options.stacktrace, command.getErr());
    }

    /** Prints what an error means that was no exception, and returns its exit code. */
    int report(Error failure, boolean stacktrace, PrintWriter err) {
        return report(failure, false, false, stacktrace, err);
    }

    private int report(Throwable failure, boolean reading, boolean strict, boolean stacktrace, PrintWriter err) {
        Explanation explanation = interruption.requested()
                ? new Explanation(ExitCode.INTERRUPTED, "interrupted", "")
                : explain(rootOf(failure), reading, strict);
        err.println(explanation.line());
        if (stacktrace) {
            failure.printStackTrace(err);
        }
        return explanation.code().code();
    }

    /** Says that standard output could not be written to its end. */
    int lostOutput(IOException e, PrintWriter err) {
        Explanation explanation = new Explanation(
                ExitCode.REFUSED, "standard output: " + oneLine(e.getMessage()), "the output above is incomplete");
        err.println(explanation.line());
        return explanation.code().code();
    }

    private static Throwable rootOf(Throwable failure) {
        return failure instanceof UncheckedIOException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static Explanation explain(Throwable failure, boolean reading, boolean strict) {
        if (failure instanceof CanceledException) {
            return new Explanation(ExitCode.INTERRUPTED, "interrupted", "");
        }
        if (failure instanceof DumpFormatException format) {
            return new Explanation(ExitCode.UNREADABLE, oneLine(format.getMessage()), nextStep(format, strict));
        }
        if (failure instanceof DumpNeededException) {
            return new Explanation(ExitCode.USAGE, oneLine(failure.getMessage()), "");
        }
        if (failure instanceof InsufficientResourcesException) {
            return new Explanation(ExitCode.REFUSED, oneLine(failure.getMessage()), MORE);
        }
        if (failure instanceof OutOfMemoryError) {
            return new Explanation(ExitCode.REFUSED, "not enough memory: " + oneLine(failure.getMessage()), MORE);
        }
        if (failure instanceof IOException e) {
            return explain(e, reading);
        }
        if (failure instanceof InternalError) {
            // What the JVM makes of a page of a mapped file that is no longer there.
            return new Explanation(
                    ExitCode.UNREADABLE,
                    "a file became shorter, or could not be read, while it was being read: "
                            + oneLine(failure.getMessage()),
                    "wait until the dump is complete and try again");
        }
        return new Explanation(
                ExitCode.BUG,
                "a bug: " + oneLine(failure.toString()),
                "please report it with what --stacktrace prints");
    }

    /** What is wrong with a file as a whole, and not at an offset, says itself what to give instead. */
    private static String nextStep(DumpFormatException failure, boolean strict) {
        if (failure.offset() < 0) {
            return "";
        }
        return strict ? "without --strict, what can be read is read" : "check that it is a whole dump";
    }

    private static Explanation explain(IOException e, boolean reading) {
        String what = oneLine(e.getMessage());
        if (e instanceof InsufficientResourcesException) {
            return new Explanation(ExitCode.REFUSED, what, "");
        }
        if (e instanceof NoSuchFileException) {
            return reading
                    ? new Explanation(ExitCode.UNREADABLE, what + ": there is no such file", "check the path")
                    : new Explanation(ExitCode.REFUSED, what + ": its folder does not exist", "create the folder");
        }
        if (e instanceof AccessDeniedException) {
            return new Explanation(ExitCode.REFUSED, what + ": permission denied", "check the file's owner and mode");
        }
        boolean noRoom = what.contains("No space left") || what.contains("Disk quota");
        if (noRoom) {
            return new Explanation(ExitCode.REFUSED, what, "free some disk, or choose another with --work-dir");
        }
        if (e instanceof FileSystemException) {
            return new Explanation(ExitCode.REFUSED, what, "check the path");
        }
        return new Explanation(ExitCode.UNREADABLE, what, "check the file");
    }

    private static String helpFor(CommandLine command) {
        return command.getCommandSpec().qualifiedName(" ") + " --help";
    }

    private static String oneLine(@Nullable String text) {
        return text == null || text.isBlank() ? "no details" : text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
