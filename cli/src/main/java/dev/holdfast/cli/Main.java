package dev.holdfast.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** The entry point of {@code holdfast}: runs one command and leaves with its exit code. */
public final class Main {
    /** How long an interrupted command may take to remove its temporary files. */
    private static final long CLEAN_UP_SECONDS = 3;

    private Main() {}

    /** Runs the command named by the arguments and ends the JVM with its {@link ExitCode}. */
    public static void main(String[] arguments) {
        if (HelpText.isAskedFor(arguments)) {
            System.exit(HelpText.print(new StandardStream(new FileOutputStream(FileDescriptor.out))));
        }
        Interruption interruption = new Interruption();
        CountDownLatch ended = new CountDownLatch(1);
        // The JVM itself leaves with 130 after the hooks; ours only gives the command time to clean up behind itself.
        Thread hook = new Thread(
                () -> {
                    interruption.request();
                    try {
                        if (!ended.await(CLEAN_UP_SECONDS, TimeUnit.SECONDS)) {
                            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        StandardStream out = new StandardStream(new FileOutputStream(FileDescriptor.out));
        int code = execute(
                HoldfastCommand.commandLine(interruption, arguments),
                interruption,
                arguments,
                out,
                new PrintWriter(
                        new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), StandardCharsets.UTF_8),
                        true));
        ended.countDown();
        System.exit(code);
    }

    /** Runs one command in this JVM; what {@link #main} does, without ending the JVM. */
    static int execute(
            CommandLine line, Interruption interruption, String[] arguments, StandardStream out, PrintWriter err) {
        // UTF-8 whatever the locale says: JSON is UTF-8, and a pipe to a file must not lose type names.
        PrintWriter writer = new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        Failures failures = new Failures(interruption);
        line.setCaseInsensitiveEnumValuesAllowed(true).setUsageHelpWidth(100);
        line.setOut(writer).setErr(err).setParameterExceptionHandler(failures).setExecutionExceptionHandler(failures);
        int code;
        try {
            code = line.execute(arguments);
        } catch (VirtualMachineError | LinkageError e) {
            // picocli hands on exceptions only.
            code = failures.report(e, List.of(arguments).contains("--stacktrace"), err);
        }
        writer.flush();
        err.flush();
        return out.failure() == null ? code : failures.lostOutput(out.failure(), err);
    }
}
