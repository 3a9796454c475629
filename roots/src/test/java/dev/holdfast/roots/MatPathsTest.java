package dev.holdfast.roots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.MatTables;
import dev.holdfast.testkit.TsvTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lengths of shortest paths against the tables that Eclipse Memory Analyzer wrote. */
class MatPathsTest {
    static List<String> dumps() {
        Optional<Path> folder = Fixtures.java();
        return folder.isEmpty() ? List.of("(no fixtures)") : MatTables.names(folder.get());
    }

    @Test
    void thereAreTablesToCompareWith() {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        assertThat(dumps()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void shortestPathsAreAsLongAsMats(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        MatTables tables = MatTables.of(Fixtures.java().orElseThrow(), name);
        assumeTrue(!tables.isRefused(), name + ": MAT refuses the file");
        SoftAssertions all = new SoftAssertions();
        DumpOptions options = DumpOptions.DEFAULT.withMat(true).withDumpNumber(tables.dumpNumber());
        try (HeapSnapshot heap = HeapSnapshot.open(
                DumpFile.open(tables.dump(), options, Progress.NONE), SnapshotOptions.DEFAULT, Progress.NONE)) {
            ShortestPaths paths = Heaps.paths(heap, false);
            List<TsvTable.Row> rows = tables.section("shortest_paths").rows();
            all.assertThat(rows).as("rows").hasSize(20);
            for (TsvTable.Row row : rows) {
                int object = heap.graph().indexOf(row.number("address"));
                RootPath path = paths.pathTo(object);
                all.assertThat(path).as(row.text("address")).isNotNull();
                if (path != null) {
                    all.assertThat((long) path.length())
                            .as("path to %s", row.text("address"))
                            .isEqualTo(row.number("path_objects"));
                    all.assertThat(path.object(path.length() - 1)).isEqualTo(object);
                    all.assertThat(heap.roots().positionOf(path.object(0))).isNotNegative();
                    all.assertThat(path.steps().subList(1, path.length())).allMatch(step -> step.via() != null);
                }
            }
        }
        all.assertAll();
    }
}
