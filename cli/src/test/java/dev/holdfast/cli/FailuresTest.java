package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.CanceledException;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.InsufficientResourcesException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void everyFailureHasItsExitCode() {
        assertCode(3, new DumpFormatException("a.hprof", 31, "truncated record HEAP_DUMP_SEGMENT"));
        assertCode(3, new NoSuchFileException("a"));
        assertCode(6, new NoSuchFileException("missing-folder/holdfast-1.unpacked"));
        assertCode(6, new InsufficientResourcesException("needs 9 GB of 2 GB"));
        assertCode(3, new IOException("Is a directory"));
        assertCode(3, new UncheckedIOException(new DumpFormatException("a.hprof", -1, "not a heap dump")));
        assertCode(6, new AccessDeniedException("a.hprof"));
        assertCode(6, new IOException("No space left on device"));
        assertCode(6, new FileSystemException("profiles", null, "Read-only file system"));
        assertCode(6, new OutOfMemoryError("Java heap space"));
        assertCode(130, new CanceledException());
        assertCode(1, new IllegalStateException("closed"));
        assertCode(1, new StackOverflowError());
    }

    private static void assertCode(int code, Throwable failure) {
        CommandRun run = CommandRun.probe(session -> sneak(failure), "probe", "a");

        assertThat(run.code()).as("%s", failure).isEqualTo(code);
        assertThat(run.err().lines())
                .as("%s", failure)
                .hasSize(1)
                .first()
                .asString()
                .startsWith("holdfast: ");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> ExitCode sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void aDumpThatCannotBeReadIsNamedWithTheOffset() {
        CommandRun run = CommandRun.probe(
                session -> sneak(new DumpFormatException("a.hprof", 31, "truncated record\n LOAD_CLASS")),
                "probe",
                "a");

        assertThat(run.err()).startsWith("holdfast: a.hprof: truncated record LOAD_CLASS at offset 31; ");
    }

    @Test
    void theStackTraceIsPrintedOnlyWhenAskedFor() {
        CommandRun without = CommandRun.probe(session -> sneak(new IllegalStateException("x")), "probe", "a");
        CommandRun with =
                CommandRun.probe(session -> sneak(new IllegalStateException("x")), "probe", "a", "--stacktrace");
        CommandRun withError =
                CommandRun.probe(session -> sneak(new OutOfMemoryError("x")), "probe", "a", "--stacktrace");

        assertThat(without.err()).doesNotContain("\tat ");
        assertThat(with.err()).contains("\tat ");
        assertThat(withError.err()).contains("\tat ");
    }

    @Test
    void ctrlCIsReportedAsInterruptedWhateverItCaused() {
        Interruption interruption = new Interruption();
        CommandRun run = CommandRun.of(
                interruption,
                line -> line.addSubcommand(new CommandRun.Probe(session -> {
                    interruption.request();
                    session.progress().check();
                    return ExitCode.DONE;
                })),
                "probe",
                "a");

        assertThat(run.code()).isEqualTo(130);
        assertThat(run.err()).isEqualToIgnoringNewLines("holdfast: interrupted");
    }

    @Test
    void outputLostToAFullDiskIsNotSilent() {
        assertThat(codeWhereOutputFails("No space left on device")).isEqualTo(6);
        assertThat(codeWhereOutputFails("Broken pipe")).isZero();
    }

    private static int codeWhereOutputFails(String reason) {
        StandardStream out = new StandardStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        });
        Interruption interruption = new Interruption();
        return Main.execute(
                HoldfastCommand.commandLine(interruption),
                interruption,
                new String[] {"--version"},
                out,
                new PrintWriter(new StringWriter()));
    }
}
