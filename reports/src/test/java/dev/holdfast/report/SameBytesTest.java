package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.heap.SnapshotOptions.Memory;
import dev.holdfast.report.ProfiledHeap.Model;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One dump gives one set of bytes, whatever the number of workers and wherever the columns live. */
class SameBytesTest {
    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @EnumSource
    void runsThreadsAndColumnsLeaveNoTrace(Model model) throws IOException {
        Path file = CommittedDump.JDK25_COMPACT.copyTo(folder);

        Map<String, byte[]> expected = bytes(file, model, 1, Memory.HEAP);

        assertSame("a second run", bytes(file, model, 1, Memory.HEAP), expected);
        assertSame("two threads", bytes(file, model, 2, Memory.HEAP), expected);
        assertSame("eight threads", bytes(file, model, 8, Memory.HEAP), expected);
        assertSame("mapped columns", bytes(file, model, 1, Memory.MAPPED), expected);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK25_COMPACT")
    void twoThreadsAndMappedColumnsGiveTheBytesOfOneThreadOnTheHeap(CommittedDump dump) throws IOException {
        Path file = dump.copyTo(folder);
        assertSame("all", bytes(file, Model.EXACT, 2, Memory.MAPPED), bytes(file, Model.EXACT, 1, Memory.HEAP));
    }

    /** Dumps that others made: another release's threads, every kind of reference, one that lost its end. */
    @ParameterizedTest
    @CsvSource({
        "basic17.hprof.gz, EXACT",
        "refs17-all.hprof.gz, STRONG",
        "basic25-coh.hprof.gz, MAT",
        "sun_jdk6_18_x64.hprof.gz, EXACT",
        "bad-cut90.hprof.gz, EXACT"
    })
    void otherDumpsDoTheSame(String name, Model model) throws IOException {
        Path file = Fixtures.java().map(java -> java.resolve(name)).orElse(Path.of(""));
        Assumptions.assumeTrue(file.toFile().isFile(), Fixtures.REASON);
        assertSame("all", bytes(file, model, 2, Memory.MAPPED), bytes(file, model, 1, Memory.HEAP));
    }

    private Map<String, byte[]> bytes(Path file, Model model, int threads, Memory memory) throws IOException {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        SnapshotOptions graph =
                model.graph().withThreads(threads).withMemory(memory).withWorkDir(folder);
        try (ProfiledHeap heap = ProfiledHeap.open(file, model.reading().withThreads(threads), graph)) {
            // 600 samples: which of them are folded must not depend on anything either.
            for (int samples : new int[] {16_000, 600}) {
                ProfileSet set = heap.profiles(ProfileLimits.DEFAULT.withMaxSamples(samples));
                for (ProfileSet.Named named : set.profiles()) {
                    bytes.put(samples + " " + named.fileName(), named.profile().toByteArray());
                    bytes.put(samples + " gzip " + named.fileName(), PprofWriter.gzip(named.profile()));
                }
                bytes.put(samples + " summary", heap.summary(set).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes;
    }

    private static void assertSame(String what, Map<String, byte[]> actual, Map<String, byte[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet()).hasSizeGreaterThanOrEqualTo(2 * (2 * 2 + 1));
        actual.forEach(
                (name, bytes) -> assertThat(bytes).as("%s: %s", what, name).isEqualTo(expected.get(name)));
    }
}
