package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables must agree with each other, else they were parsed wrongly. */
class MatTablesTest {
    private static Path folder() {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        return Fixtures.java().orElseThrow();
    }

    @Test
    void classesAddUpToTheTotalsOfEveryDump() {
        List<String> names = MatTables.names(folder());
        assertThat(names).hasSizeGreaterThan(10).contains("basic17", "bad-gztrunc60");
        for (String name : names) {
            MatTables tables = MatTables.of(folder(), name);
            assertThat(tables.dump()).exists();
            if (tables.isRefused()) {
                continue;
            }
            List<MatTables.ClassRow> classes = tables.classes();
            assertThat(classes).as(name).hasSize((int) tables.number("info", "classes"));
            assertThat(classes.stream().mapToLong(MatTables.ClassRow::objects).sum())
                    .as(name)
                    .isEqualTo(tables.number("info", "objects"));
            assertThat(classes.stream().mapToLong(MatTables.ClassRow::shallow).sum())
                    .as(name)
                    .isEqualTo(tables.number("info", "used_heap"))
                    .isEqualTo(tables.number("all_objects_checksum", "sum_shallow"));
        }
    }

    @Test
    void objectsGiveTheChecksumsThatStandBesideThem() {
        int withObjects = 0;
        for (String name : MatTables.names(folder())) {
            MatTables tables = MatTables.of(folder(), name);
            if (tables.isRefused() || tables.objects().isEmpty()) {
                continue;
            }
            withObjects++;
            long foldRetained = 0;
            long foldShallow = 0;
            long foldDominator = 0;
            for (MatTables.ObjectRow object : tables.objects().orElseThrow()) {
                foldRetained = 31 * foldRetained + (1000003 * object.retained() + object.address());
                foldShallow = 31 * foldShallow + (1000003 * object.address() + object.shallow());
                foldDominator = 31 * foldDominator + (1000003 * object.address() + object.dominator());
            }
            assertThat(foldRetained).as(name).isEqualTo(tables.number("all_objects_checksum", "fold_retained"));
            assertThat(foldShallow).as(name).isEqualTo(tables.number("all_objects_checksum", "fold_shallow"));
            assertThat(foldDominator).as(name).isEqualTo(tables.number("all_objects_checksum", "fold_idom"));
        }
        assertThat(withObjects).isGreaterThan(3);
    }

    @Test
    void refusalsAndSecondDumpsAreTold() {
        assertThat(MatTables.of(folder(), "bad-gztrunc60").isRefused()).isTrue();
        MatTables second = MatTables.of(folder(), "sun_jdk6_31_hprofagent_compressedOops.dump2");
        assertThat(second.dumpNumber()).isEqualTo(2);
        assertThat(second.isRefused()).isFalse();
    }

    @Test
    void histogramsOfTheJvmAddUpToTheirOwnTotal() {
        List<JvmHistogram> beforeAndAfter = MatTables.of(folder(), "hello17").histograms();
        assertThat(beforeAndAfter).hasSize(2);
        JvmHistogram histogram = beforeAndAfter.get(0);
        assertThat(histogram.equalIn(beforeAndAfter.get(1))).isEqualTo(histogram.rows());
        assertThat(histogram.totalObjects()).isEqualTo(23419);
        assertThat(histogram.totalBytes()).isEqualTo(1066488);
        assertThat(histogram.rows()).containsEntry("byte[]", new JvmHistogram.Row(7225, 333464));
    }
}
