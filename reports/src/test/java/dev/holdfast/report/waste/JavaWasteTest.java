package dev.holdfast.report.waste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.Holdfast;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaWasteTest {
    @TempDir
    Path folder;

    private static Map<String, List<Long>> rows(Waste waste) {
        Map<String, List<Long>> rows = new TreeMap<>();
        for (Waste.Row row : waste.rows()) {
            rows.put(row.kind() + " " + row.type(), List.of(row.objects(), row.bytes()));
        }
        return rows;
    }

    private static void check(Path dump) throws IOException {
        try (HeapSnapshot heap =
                Holdfast.open(dump, DumpOptions.DEFAULT, SnapshotOptions.DEFAULT.withThreads(3), Progress.NONE)) {
            Waste waste = Objects.requireNonNull(WasteCensus.of(heap, Progress.NONE));
            Map<String, List<Long>> expected = new NaiveWaste(heap).rows;
            assertThat(rows(waste)).isEqualTo(expected);
            assertThat(expected.keySet().toString())
                    .contains("DUPLICATE_STRING", "DUPLICATE_TEXT", "EMPTY", "SPARSE", "NULL_ARRAY");
            long[] sums = new long[2];
            waste.each((object, kind, bytes) -> {
                sums[0]++;
                sums[1] += bytes;
            });
            assertThat(sums).containsExactly(waste.objects(), waste.bytes());
            waste.release();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK17_UNCOMPRESSED", "JDK25_COMPACT"})
    void isWhatHandlesFindOneByOneInTheCommittedDumps(CommittedDump dump) throws IOException {
        check(dump.copyTo(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"oracle_jdk8_05_x64", "openjdk_jdk11_04_x64"})
    void isWhatHandlesFindOneByOneInOtherDumps(String name) throws IOException {
        Path java = Fixtures.java().orElse(null);
        assumeTrue(java != null, Fixtures.REASON);
        Path dump = java.resolve(name + ".hprof.gz");
        assumeTrue(Files.exists(dump), "no " + name);
        check(dump);
    }
}
