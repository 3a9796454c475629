package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JvmHistogramTest {
    private static final String TEXT = """
             num     #instances         #bytes  class name (module)
            -------------------------------------------------------
               1:          7225         333464  [B (java.base@17.0.15)
               2:             3             48  pkg.Same
               3:             2             32  pkg.Same
               4:             1             16  [[Ljava.lang.String; (java.base@17.0.15)
            Total          7231         333560
            """;

    @Test
    void namesAreTheLanguagesAndClassesOfOneNameAreSummedUp() {
        JvmHistogram histogram = JvmHistogram.parse(TEXT);
        assertThat(histogram.rows())
                .isEqualTo(Map.of(
                        "byte[]", new JvmHistogram.Row(7225, 333464),
                        "pkg.Same", new JvmHistogram.Row(5, 80),
                        "java.lang.String[][]", new JvmHistogram.Row(1, 16)));
        assertThat(histogram.totalObjects()).isEqualTo(7231);
        assertThat(histogram.totalBytes()).isEqualTo(333560);
    }

    @Test
    void equalRowsAreThoseThatDidNotMove() {
        JvmHistogram later = JvmHistogram.parse(TEXT.replace("7225 ", "7226 "));
        assertThat(JvmHistogram.parse(TEXT).equalIn(later)).containsOnlyKeys("pkg.Same", "java.lang.String[][]");
    }

    @Test
    void fillersAreIntArraysInADump() {
        JvmHistogram histogram = JvmHistogram.parse("""
                   1:  3  48  [I (java.base@25.0.3)
                   2:  2  64  [Ljdk.internal.vm.FillerElement; (java.base@25.0.3)
                """);
        assertThat(histogram.asDumped().rows()).isEqualTo(Map.of("int[]", new JvmHistogram.Row(5, 112)));
    }
}
