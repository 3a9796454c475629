package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.MatTables;
import dev.holdfast.testkit.TsvTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The model of Eclipse Memory Analyzer against the tables that it wrote itself, object by object. */
class MatModelTest {
    static List<String> dumps() {
        Optional<Path> folder = Fixtures.java();
        return folder.isEmpty() ? List.of("(no fixtures)") : MatTables.names(folder.get());
    }

    private static HeapSnapshot open(MatTables tables) throws IOException {
        DumpOptions options = DumpOptions.DEFAULT.withMat(true);
        if (tables.dumpNumber() > 0) {
            options = options.withDumpNumber(tables.dumpNumber());
        }
        return HeapSnapshot.open(
                DumpFile.open(tables.dump(), options, Progress.NONE), SnapshotOptions.DEFAULT, Progress.NONE);
    }

    @Test
    void thereAreTablesToCompareWith() {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        assertThat(dumps()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void everyFigureEqualsMats(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        MatTables tables = MatTables.of(Fixtures.java().orElseThrow(), name);
        assumeTrue(!tables.isRefused(), name + ": MAT refuses the file");
        SoftAssertions all = new SoftAssertions();
        try (HeapSnapshot heap = open(tables)) {
            all.assertThat(heap.totals().reachableObjects()).as("objects").isEqualTo(tables.number("info", "objects"));
            all.assertThat(heap.totals().reachableBytes()).as("bytes").isEqualTo(tables.number("info", "used_heap"));
            all.assertThat((long) heap.roots().count()).as("roots").isEqualTo(tables.number("info", "gc_roots"));
            all.assertThat(heap.totals().unreachableObjects())
                    .as("unreachable objects")
                    .isEqualTo(tables.number("unreachable_totals", "objects"));
            all.assertThat(heap.totals().unreachableBytes())
                    .as("unreachable bytes")
                    .isEqualTo(tables.number("unreachable_totals", "shallow"));
            checksums(heap, tables, all);
            histogram(heap, tables.section("histogram_top200"), true, all);
            histogram(heap, tables.section("unreachable_top200"), false, all);
            retained(heap, tables.section("dominators_top100"), all);
            retained(heap, tables.section("retained_top100_anywhere"), all);
            all.assertThat(heap.identities()).allMatch(Identity::holds);
        }
        all.assertAll();
    }

    private static void checksums(HeapSnapshot heap, MatTables tables, SoftAssertions all) {
        ObjectGraph graph = heap.graph();
        long retained = 0;
        long shallow = 0;
        long dominators = 0;
        for (int i = 0; i < graph.objectCount(); i++) {
            if (!heap.reachable(i)) {
                continue;
            }
            long address = graph.addressOf(i);
            int dominator = heap.dominators().immediateDominator(i);
            retained = 31 * retained + (1000003 * heap.dominators().retainedSize(i) + address);
            shallow = 31 * shallow + (1000003 * address + graph.shallowSize(i));
            dominators = 31 * dominators
                    + (1000003 * address + (dominator == DominatorTree.VIRTUAL_ROOT ? 0 : graph.addressOf(dominator)));
        }
        String section = "all_objects_checksum";
        all.assertThat(shallow).as("fold_shallow").isEqualTo(tables.number(section, "fold_shallow"));
        all.assertThat(dominators).as("fold_idom").isEqualTo(tables.number(section, "fold_idom"));
        all.assertThat(retained).as("fold_retained").isEqualTo(tables.number(section, "fold_retained"));
    }

    private static void histogram(HeapSnapshot heap, TsvTable table, boolean reachable, SoftAssertions all) {
        ObjectGraph graph = heap.graph();
        Map<Long, long[]> byClass = new HashMap<>();
        IntStream.range(0, graph.objectCount())
                .filter(i -> heap.reachable(i) == reachable)
                .forEach(i -> {
                    long[] sum = byClass.computeIfAbsent(
                            graph.types().get(graph.typeOf(i)).classAddress(), k -> new long[2]);
                    sum[0]++;
                    sum[1] += graph.shallowSize(i);
                });
        for (TsvTable.Row row : table.rows()) {
            long[] sum = byClass.getOrDefault(row.number("class_address"), new long[2]);
            all.assertThat(sum)
                    .as("%s %s", reachable ? "reachable" : "unreachable", row.text("class"))
                    .containsExactly(row.number("objects"), row.number("shallow"));
        }
    }

    private static void retained(HeapSnapshot heap, TsvTable table, SoftAssertions all) {
        for (TsvTable.Row row : table.rows()) {
            int object = heap.graph().indexOf(row.number("address"));
            all.assertThat(heap.dominators().retainedSize(object))
                    .as("retained size of %s", row.text("address"))
                    .isEqualTo(row.number("retained"));
        }
    }
}
