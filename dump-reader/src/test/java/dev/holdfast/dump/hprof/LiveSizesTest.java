package dev.holdfast.dump.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.LayoutInfo;
import dev.holdfast.dump.Progress;
import dev.holdfast.testkit.JvmHistogram;
import dev.holdfast.testkit.LayoutScenario;
import dev.holdfast.testkit.LiveJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes of a dump just taken from a JVM against that JVM's histogram, class by class. */
class LiveSizesTest {
    private static final String FILLERS = "jdk.internal.vm.FillerElement[]";

    @ParameterizedTest
    @CsvSource({
        "17, 12, 4,  8, -XX:+UseSerialGC",
        "17, 12, 4,  8, -XX:+UseG1GC",
        "17, 12, 8,  8, -XX:-UseCompressedOops",
        "17, 16, 8,  8, -XX:-UseCompressedOops -XX:-UseCompressedClassPointers",
        "17, 12, 4, 16, -XX:ObjectAlignmentInBytes=16",
        "17, 12, 8,  8, -XX:+UseZGC",
        "25, 12, 4,  8, -XX:+UseSerialGC",
        "25, 12, 4,  8, -XX:+UseG1GC",
        "25, 12, 8,  8, -XX:-UseCompressedOops",
        "25, 16, 8,  8, -XX:-UseCompressedOops -XX:-UseCompressedClassPointers",
        "25, 12, 4, 16, -XX:ObjectAlignmentInBytes=16",
        "25, 12, 8,  8, -XX:+UseZGC",
        "25,  8, 4,  8, -XX:+UseCompactObjectHeaders",
        "25,  8, 8,  8, -XX:+UseCompactObjectHeaders -XX:-UseCompressedOops"
    })
    void everyClassHasTheBytesOfTheHistogram(
            int feature, int header, int reference, int alignment, String options, @TempDir Path folder)
            throws Exception {
        LiveJvm jvm = LiveJvm.ofFeature(feature).orElse(null);
        List<String> arguments = List.of(options.split(" "));
        Assumptions.assumeTrue(jvm != null, "no JDK " + feature + " installed");
        Assumptions.assumeTrue(jvm.accepts(arguments.toArray(String[]::new)), jvm + " does not know " + options);
        LiveJvm.Dump dump = jvm.dump(LayoutScenario.class, folder, "live", arguments);
        try (DumpFile file = DumpFile.open(dump.file(), DumpOptions.DEFAULT.withThreads(2), Progress.NONE)) {
            CollectedDump all = CollectedDump.of(file);
            Map<String, JvmHistogram.Row> ours = histogram(file, all);
            Map<String, JvmHistogram.Row> settled = new TreeMap<>(dump.settled());
            JvmHistogram.Row mirrors = settled.remove("java.lang.Class");
            JvmHistogram.Row fillers = settled.remove(FILLERS);
            if (fillers != null || dump.before().rows().containsKey(FILLERS)) {
                // Fillers are int[] in a dump.
                JvmHistogram.Row ints = settled.remove("int[]");
                if (fillers != null && ints != null) {
                    settled.put("int[]", sum(ints, fillers));
                }
            }

            assertThat(settled.size()).as("classes to compare").isGreaterThan(300);
            assertThat(differences(ours, settled)).as("%s %s", jvm, options).isEmpty();
            LayoutInfo info = file.layoutInfo();
            assertThat(new int[] {info.headerBytes(), info.referenceBytes(), info.alignmentBytes()})
                    .containsExactly(header, reference, alignment);
            assertThat(info.rule()).isEqualTo("jdk15");
            assertThat(info.assumed()).isFalse();
            assertThat(info.confidence()).isGreaterThan(0.6);
            if (mirrors != null) {
                // Class objects that are not dumped are estimated; what is dumped and they together are all there are.
                JvmHistogram.Row dumped = ours.getOrDefault("java.lang.Class", new JvmHistogram.Row(0, 0));
                assertThat((double) (dumped.bytes() + info.notInDumpBytes()))
                        .as("mirrors: %s dumped, %s estimated, %s in the JVM", dumped, info.notInDumpBytes(), mirrors)
                        .isBetween(mirrors.bytes() * 0.85, mirrors.bytes() * 1.15);
            }
        }
    }

    private static Map<String, JvmHistogram.Row> histogram(DumpFile file, CollectedDump all) {
        Map<String, JvmHistogram.Row> rows = new TreeMap<>();
        List<DumpType> types = file.types();
        all.sources.forEach((address, source) -> rows.merge(
                types.get(source.type()).name(),
                new JvmHistogram.Row(1, all.sizes().of(source.type(), source.elements())),
                LiveSizesTest::sum));
        return rows;
    }

    private static List<String> differences(Map<String, JvmHistogram.Row> ours, Map<String, JvmHistogram.Row> settled) {
        List<String> differences = new ArrayList<>();
        settled.forEach((type, row) -> {
            // Hidden classes have other names in a dump.
            boolean hidden = type.contains("0x");
            if (!hidden && !row.equals(ours.get(type))) {
                differences.add(type + " " + ours.get(type) + " instead of " + row);
            }
        });
        return differences;
    }

    private static JvmHistogram.Row sum(JvmHistogram.Row a, JvmHistogram.Row b) {
        return new JvmHistogram.Row(a.objects() + b.objects(), a.bytes() + b.bytes());
    }
}
