package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.StressDumps;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that change while they are read, and disks that take no more. */
class ChangedUnderneathTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    @Timeout(60)
    void aDumpThatIsStillBeingWrittenIsReadAsFarAsItIsThere() throws IOException {
        Path file = folder.resolve("growing.hprof");
        StressDumps.list(file, 50_000);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        byte[] rest = Arrays.copyOfRange(whole, whole.length / 2, whole.length);

        CommandRun run = CommandRun.probe(
                session -> {
                    var dump = HeapCommand.openDump(session);
                    Files.write(file, rest, StandardOpenOption.APPEND);
                    try (var heap = HeapCommand.open(dump, session)) {
                        return HeapCommand.outcome(heap.warnings());
                    }
                },
                "probe",
                file.toString());

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.LOSSES.code());
    }

    @Test
    @Timeout(60)
    void aDumpThatBecomesShorterIsAnErrorOrALoss() throws IOException {
        Path file = folder.resolve("shrinking.hprof");
        StressDumps.list(file, 50_000);
        CommandRun run = CommandRun.probe(
                session -> {
                    var dump = HeapCommand.openDump(session);
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.truncate(channel.size() / 3);
                    }
                    try (var heap = HeapCommand.open(dump, session)) {
                        return HeapCommand.outcome(heap.warnings());
                    }
                },
                "probe",
                file.toString());

        assertThat(run.code()).as(run.err()).isIn(ExitCode.UNREADABLE.code(), ExitCode.LOSSES.code());
    }

    /** Cores and programs are mapped; the page that is no longer there is an InternalError of the JVM, and no signal. */
    @Test
    @Timeout(60)
    void aMappedFileThatBecomesShorterIsAnError() throws IOException {
        Path file = folder.resolve("core");
        Files.write(file, new byte[1 << 20]);
        CommandRun run = CommandRun.probe(
                session -> {
                    try (FileChannel channel =
                            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                        MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
                        channel.truncate(4096);
                        long sum = 0;
                        for (int i = 0; i < bytes.limit(); i += 8) {
                            sum += bytes.getLong(i);
                        }
                        throw new AssertionError("read it: " + sum);
                    }
                },
                "probe",
                file.toString());

        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.UNREADABLE.code());
        assertThat(run.err()).contains("became shorter").doesNotContain("a bug");
    }

    /** As on a full disk: no file may have more than so many bytes. */
    @Test
    @Timeout(120)
    void scratchThatTheDiskDoesNotTakeIsRefused() throws IOException, InterruptedException {
        Path file = folder.resolve("list.hprof");
        StressDumps.list(file, 400_000);
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f 1024 && exec \"$@\"",
                        "bash",
                        Path.of(System.getProperty("java.home", ""), "bin", "java")
                                .toString(),
                        "-Xmx256m",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        Main.class.getName(),
                        "dominators",
                        file.toString(),
                        "--memory",
                        "mapped",
                        "--work-dir",
                        scratch.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        int code = process.waitFor();

        assertThat(code).as(Files.readString(err)).isEqualTo(ExitCode.REFUSED.code());
        assertThat(Files.readString(err).lines()).hasSize(1);
        assertThat(scratch).isEmptyDirectory();
    }
}
