package dev.holdfast.cli;

import dev.holdfast.dump.Progress;
import java.io.PrintWriter;
import picocli.CommandLine;

/**
 * One run of a command: its options and arguments, where it prints, and how it reports progress.
 *
 * <p>Closing it removes the progress bar and prints the timings where they were asked for. Printing is for one thread,
 * {@link #progress()} for any.
 */
final class Session implements AutoCloseable {
    private final CommonOptions options;
    private final DumpArguments arguments;
    private final PrintWriter out;
    private final PrintWriter err;
    private final CommandProgress progress;
    private final Timings timings;

    private Session(
            CommonOptions options,
            DumpArguments arguments,
            PrintWriter out,
            PrintWriter err,
            CommandProgress progress,
            Timings timings) {
        this.options = options;
        this.arguments = arguments;
        this.out = out;
        this.err = err;
        this.progress = progress;
        this.timings = timings;
    }

    static Session start(CommonOptions options, DumpArguments arguments, CommandLine line, Interruption interruption) {
        Terminal terminal = Terminal.ofThisProcess();
        boolean bar = options.progress == null ? terminal.present() : options.progress;
        Timings timings = new Timings();
        CommandProgress progress = new CommandProgress(
                interruption, timings, bar ? new TerminalBar(line.getErr(), terminal.columns()) : null);
        return new Session(options, arguments, line.getOut(), line.getErr(), progress, timings);
    }

    CommonOptions options() {
        return options;
    }

    DumpArguments arguments() {
        return arguments;
    }

    /** Where results go; UTF-8. */
    PrintWriter out() {
        return out;
    }

    /** For the calls into the library that take long. */
    Progress progress() {
        return progress;
    }

    /** Takes the progress bar away before results are printed. */
    void pauseBar() {
        progress.pauseBar();
    }

    /** One line on standard error, above the progress bar. */
    void warn(String text) {
        progress.pauseBar();
        err.println(PlainText.line("holdfast: warning: " + text));
    }

    @Override
    public void close() {
        progress.end();
        if (options.timings) {
            out.flush();
            timings.print(err);
        }
    }
}
