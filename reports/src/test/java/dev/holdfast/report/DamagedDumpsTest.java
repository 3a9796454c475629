package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.Damage;
import dev.holdfast.testkit.Fixtures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real dumps cut and mutated at 2000 places, through the whole program: opened, profiled, summed up. Either that succeeds, or it ends with one of the two
 * exceptions that {@link dev.holdfast.heap.Holdfast} documents; nothing else, and nothing hangs.
 */
class DamagedDumpsTest {
    private static final long SEED = 20_260_301;
    /** A run takes about 30 ms; this is no measure of speed but of endless loops. */
    private static final Duration HANG = Duration.ofSeconds(60);

    /** How a run ended. */
    private enum Outcome {
        /** Profiles, and nothing to say. */
        WHOLE,
        /** Profiles, and at least one warning of a loss. */
        LOSSES,
        UNREADABLE,
        REFUSED
    }

    private static final Map<String, Integer> CASES = Map.of(
            "sun_jdk5_64bit", 600,
            "sun_jdk6_31_hprofagent_compressedOops", 600,
            "oracle_jdk8_05_x64", 300,
            "hello17", 40);

    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"sun_jdk5_64bit", "sun_jdk6_31_hprofagent_compressedOops", "oracle_jdk8_05_x64", "hello17"})
    void damagedDumpsOfManyJvmsAreProfiledOrRefused(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        Path file = Fixtures.java().orElseThrow().resolve(name + ".hprof.gz");
        assumeTrue(Files.exists(file), () -> "no " + file);
        byte[] dump = unpacked(Files.readAllBytes(file));
        check(name, dump, CASES.getOrDefault(name, 0));
    }

    @Test
    void damagedDumpsOfTheProjectAreProfiledOrRefused() {
        check("small17", CommittedDump.JDK17.bytes(), 200);
        check("small25-compact", CommittedDump.JDK25_COMPACT.bytes(), 200);
    }

    /** The bytes of the gzip file itself: members, deflate blocks and checksums are damaged. */
    @Test
    void damagedGzipFilesAreProfiledOrRefused() {
        check("small17.gz", CommittedDump.JDK17.gzip(), 60);
    }

    /** Two workers, each case with one thread or two: that is what makes 2000 runs bearable. */
    private void check(String name, byte[] dump, int count) {
        long start = System.nanoTime();
        Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();
        Iterator<Damage> cases = Damage.sampled(dump, SEED, count).iterator();
        int[] taken = {0};
        IntStream.range(0, 2).parallel().forEach(worker -> {
            while (true) {
                Damage damage;
                int number;
                synchronized (cases) {
                    if (!cases.hasNext()) {
                        return;
                    }
                    damage = cases.next();
                    number = taken[0]++;
                }
                boolean strict = number % 3 == 2;
                int threads = 1 + number / 2 % 2;
                String label = name + " " + damage + (strict ? ", strict" : "") + ", threads " + threads;
                Outcome outcome = outcome(damage, strict, threads, label);
                if (strict) {
                    assertThat(outcome).as(label).isNotEqualTo(Outcome.LOSSES);
                }
                boolean cut = damage.toString().startsWith("cut");
                if (cut) {
                    assertThat(outcome).as(label).isNotEqualTo(Outcome.WHOLE);
                }
                String kind = cut ? "cut " : "mutated ";
                outcomes.merge(kind + outcome, 1, Integer::sum);
            }
        });
        System.out.printf("%s: %d cases in %.1f s: %s%n", name, count, (System.nanoTime() - start) / 1e9, outcomes);
        assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(count);
    }

    private Outcome outcome(Damage damage, boolean strict, int threads, String label) {
        try {
            Path file = Files.createTempFile(folder, "damaged", ".hprof");
            try {
                Files.write(file, damage.bytes());
                return assertTimeoutPreemptively(HANG, () -> profile(file, strict, threads), label);
            } finally {
                Files.delete(file);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw new AssertionError(label, e);
        }
    }

    private static Outcome profile(Path file, boolean strict, int threads) throws IOException {
        DumpOptions reading = DumpOptions.DEFAULT.withStrict(strict).withThreads(threads);
        SnapshotOptions graph = SnapshotOptions.DEFAULT.withThreads(threads);
        try (ProfiledHeap heap = ProfiledHeap.open(file, reading, graph)) {
            ProfileSet set = heap.profiles(ProfileLimits.DEFAULT);
            WholeDumpProfilesTest.checkTotals(heap.heap(), set);
            assertThat(heap.summary(set)).contains("Largest retainers");
            // One case of sixteen, for time's sake.
            if (Files.size(file) % 16 == 0) {
                StringWriter page = new StringWriter();
                HeapReport.of(heap.heap(), Progress.NONE).writeHtml(page);
                assertThat(page.toString()).endsWith("</html>\n");
            }
            return heap.heap().warnings().stream().anyMatch(DumpWarning::loss) ? Outcome.LOSSES : Outcome.WHOLE;
        } catch (DumpFormatException e) {
            assertThat(e.getMessage()).contains(String.valueOf(file.getFileName()));
            return Outcome.UNREADABLE;
        } catch (InsufficientResourcesException e) {
            return Outcome.REFUSED;
        }
    }

    private static byte[] unpacked(byte[] gzip) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return in.readAllBytes();
        }
    }
}
