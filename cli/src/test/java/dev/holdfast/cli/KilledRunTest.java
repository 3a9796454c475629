package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.StressDumps;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs of {@code profile} that end at any moment leave nothing behind that the next one does not clean or ignore. One moment a mode and
 * signal; the profile {@code kill} tries 20.
 */
class KilledRunTest {
    private static final int KILLS = Integer.getInteger("holdfast.kills", 1);
    private static final long SEED = Long.getLong("holdfast.seed", 20_261_122);
    private static final int ELEMENTS = KILLS > 1 ? 300_000 : 30_000;
    private static final int INTERRUPTED = 130;
    private static final int LONGEST_MINUTES = 5;

    @TempDir
    private Path folder = Path.of("");

    private Path dump = Path.of("");
    private Path out = Path.of("");
    private Path scratch = Path.of("");

    @BeforeEach
    void makeTheDump() throws IOException {
        out = folder.resolve("out");
        scratch = Files.createDirectory(folder.resolve("scratch"));
        Path plain = folder.resolve("plain.hprof");
        StressDumps.periodicChain(plain, ELEMENTS);
        // An ordinary gzip file is unpacked into scratch first.
        dump = folder.resolve("dump.hprof.gz");
        try (InputStream in = Files.newInputStream(plain);
                OutputStream packed = new GZIPOutputStream(Files.newOutputStream(dump))) {
            in.transferTo(packed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "mapped"})
    void aKilledRunLeavesNoScratchAndWholeProfilesOnly(String mode) throws IOException, InterruptedException {
        long whole = finish(mode);
        Map<String, byte[]> expected = profiles();
        Random random = new Random(SEED);
        for (int i = 0; i < KILLS; i++) {
            String label = "seed " + SEED + ", kill " + i;
            Process process = start(mode);
            process.waitFor(random.nextLong(whole + 1), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();

            assertThat(bytesIn(scratch)).as("%s: bytes of scratch", label).isZero();
            assertThat(profiles()).as(label).usingRecursiveComparison().isEqualTo(expected);
        }
        age(out);
        finish(mode);
        assertThat(names(out)).as("after a whole run").isEqualTo(new ArrayList<>(expected.keySet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "mapped"})
    void anInterruptedRunCleansUpBehindItself(String mode) throws IOException, InterruptedException {
        long whole = finish(mode);
        Map<String, byte[]> expected = profiles();
        Random random = new Random(SEED + 1);
        for (int i = 0; i < KILLS; i++) {
            String label = "seed " + SEED + ", interruption " + i;
            Process process = start(mode);
            process.waitFor(random.nextLong(whole + 1), TimeUnit.MILLISECONDS);
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES))
                    .as(label)
                    .isTrue();

            assertThat(process.exitValue()).as(label).isIn(0, INTERRUPTED);
            assertThat(names(scratch)).as(label).isEmpty();
            assertThat(names(out)).as(label).isEqualTo(new ArrayList<>(expected.keySet()));
            assertThat(profiles()).as(label).usingRecursiveComparison().isEqualTo(expected);
        }
    }

    @Test
    void aPartThatAKilledProcessLeftIsRemovedByTheNextRunAndOneInUseIsNot() throws IOException {
        Files.createDirectory(out);
        Path file = out.resolve("inuse.pb.gz");
        Path abandoned = Files.writeString(out.resolve("inuse.pb.gz.2147483647.0.part"), "half");
        Path own = Files.writeString(
                out.resolve("inuse.pb.gz." + ProcessHandle.current().pid() + ".9.part"), "in use");
        Path young = Files.writeString(out.resolve("inuse.pb.gz.2147483646.0.part"), "another container's");
        Path other = Files.writeString(out.resolve("roots.pb.gz.2147483647.0.part"), "another output's");
        for (Path part : List.of(abandoned, own, other)) {
            Files.setLastModifiedTime(part, FileTime.from(Instant.now().minusSeconds(3600)));
        }

        AtomicFiles.write(file, stream -> stream.write('1'));

        assertThat(names(out))
                .containsExactlyInAnyOrder(
                        "inuse.pb.gz",
                        String.valueOf(own.getFileName()),
                        String.valueOf(young.getFileName()),
                        String.valueOf(other.getFileName()));
    }

    /** Runs to the end; how many milliseconds that took. */
    private long finish(String mode) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = start(mode);
        assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(() -> read(folder.resolve("err"))).isZero();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    private Process start(String mode) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home", ""), "bin", "java")
                                .toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Djava.io.tmpdir=" + scratch,
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        Main.class.getName(),
                        "profile",
                        dump.toString(),
                        "-o",
                        out.toString(),
                        "--memory",
                        mode,
                        "--work-dir",
                        scratch.toString())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Map<String, byte[]> profiles() throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        for (String name : names(out)) {
            if (!name.endsWith(".part")) {
                all.put(name, Files.readAllBytes(out.resolve(name)));
            }
        }
        return all;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static long bytesIn(Path folder) throws IOException {
        long bytes = 0;
        for (String name : names(folder)) {
            bytes += Files.size(folder.resolve(name));
        }
        return bytes;
    }

    private static void age(Path folder) throws IOException {
        for (String name : names(folder)) {
            Files.setLastModifiedTime(
                    folder.resolve(name), FileTime.from(Instant.now().minusSeconds(3600)));
        }
    }
}
