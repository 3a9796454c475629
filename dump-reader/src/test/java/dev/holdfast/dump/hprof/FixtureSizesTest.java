package dev.holdfast.dump.hprof;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.JvmHistogram;
import dev.holdfast.testkit.MatTables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inferred sizes against the JVM's own histogram, and against MAT's instance sizes. */
class FixtureSizesTest {
    private static final String FILLERS = "jdk.internal.vm.FillerElement[]";

    @ParameterizedTest
    @CsvSource({
        "hello17, 12, 4, jdk15",
        "basic17, 12, 4, jdk15",
        "basic17-nocoops, 12, 8, jdk15",
        "refs17-all, 12, 4, jdk15",
        "basic25-coh, 8, 4, jdk15",
        "basic25-all, 12, 4, jdk15",
        "loaders25, 12, 4, jdk15",
        "vthreads25, 12, 4, jdk15"
    })
    void everyClassHasTheBytesOfTheHistogram(String name, int header, int reference, String rule) throws IOException {
        TinyWalker dump = TinyWalker.read(fixture(name + ".hprof.gz"));
        InferredLayout layout = infer(dump);
        assertThat(layout.layout().header()).isEqualTo(header);
        assertThat(layout.layout().reference()).isEqualTo(reference);
        assertThat(layout.layout().alignment()).isEqualTo(8);
        assertThat(layout.layout().rule().label()).isEqualTo(rule);
        assertThat(layout.assumed()).isFalse();
        assertThat(layout.confidence()).isGreaterThan(0.9);

        Map<String, JvmHistogram.Row> truth = new TreeMap<>();
        List<JvmHistogram> histograms = JvmHistogram.parseAll(text(fixture(name + ".histo-full.txt.gz")));
        JvmHistogram histogram = histograms.get(histograms.size() - 1);
        histogram.rows().forEach((type, row) -> add(truth, stable(type), row));
        Map<String, JvmHistogram.Row> ours = sizes(dump, layout);
        // The VM's fillers are int[] in a dump; the mirrors of archived classes are in none.
        JvmHistogram.Row fillers = truth.remove(FILLERS);
        if (fillers != null) {
            add(truth, "int[]", fillers);
        }
        JvmHistogram.Row mirrors = requireNonNull(truth.remove("java.lang.Class"));
        JvmHistogram.Row ourMirrors = requireNonNull(ours.remove("java.lang.Class"));

        assertThat(differences(ours, truth)).isEmpty();
        assertThat(ourMirrors.objects()).isLessThanOrEqualTo(mirrors.objects());
        if (ourMirrors.objects() == mirrors.objects()) {
            assertThat(ourMirrors).isEqualTo(mirrors);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sun_jdk5_64bit, 16, 8",
        "sun_jdk6_18_x64, 16, 8",
        "oracle_jdk8_05_x64, 12, 4",
        "openjdk_jdk11_04_x64, 12, 4"
    })
    void dumpsOfOlderReleasesShowTheirLayout(String name, int header, int reference) throws IOException {
        TinyWalker dump = TinyWalker.read(fixture(name + ".hprof.gz"));
        InferredLayout layout = infer(dump);

        assertThat(layout.layout())
                .isEqualTo(new ObjectLayout(header, reference, 8, FieldRule.BY_LEVEL, ArrayBase.WORD));
        assertThat(layout.assumed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad-cut90", "bad-cut995"})
    void aCutDumpShowsTheSameLayout(String name) throws IOException {
        TinyWalker dump = TinyWalker.read(fixture(name + ".hprof.gz"));

        assertThat(infer(dump).layout()).isEqualTo(new ObjectLayout(12, 4, 8, FieldRule.FILL_HOLES, ArrayBase.WORD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sun_jdk6_31_hprofagent_compressedOops"})
    void idsThatAreNoAddressesGiveAssumedSizes(String name) throws IOException {
        TinyWalker dump = TinyWalker.read(fixture(name + ".hprof.gz"));
        InferredLayout layout = infer(dump);

        assertThat(layout.assumed()).isTrue();
        assertThat(layout.confidence()).isZero();
        assertThat(layout.layout()).isEqualTo(new ObjectLayout(12, 4, 8, FieldRule.BY_LEVEL, ArrayBase.WORD));
        assertThat(layout.sizing(0)).isEqualTo(Sizing.ASSUMED);
    }

    @ParameterizedTest
    @CsvSource({
        "sun_jdk5_64bit, 8, 8",
        "sun_jdk6_18_x64, 8, 8",
        "oracle_jdk8_05_x64, 8, 4",
        "openjdk_jdk11_04_x64, 8, 4",
        "basic17-nocoops, 8, 8",
        "basic25-coh, 8, 4",
        "hello17, 8, 4"
    })
    void matsFormulaGivesMatsInstanceSizes(String name, int idSize, int reference) throws IOException {
        TinyWalker dump = TinyWalker.read(fixture(name + ".hprof.gz"));
        long[] sizes = InstanceSizes.of(dump.shapes(), ObjectLayout.mat(idSize, reference, 8));
        Map<Long, Integer> indexes = dump.indexes();
        int compared = 0;
        for (MatTables.ClassRow row : MatTables.of(
                        requireNonNull(fixture("README.md").getParent()), name)
                .classes()) {
            Integer c = indexes.get(row.address());
            if (c != null && !row.name().endsWith("[]")) {
                assertThat(sizes[c]).as(row.name()).isEqualTo(row.instanceSize());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    private static InferredLayout infer(TinyWalker dump) {
        return LayoutInference.infer(
                dump.shapes(),
                dump.evidence(),
                dump.idSize,
                TinyWalker.next(dump.sortedAddresses()),
                LayoutHints.NONE,
                LayoutOverride.NONE);
    }

    private static Map<String, JvmHistogram.Row> sizes(TinyWalker dump, InferredLayout layout) {
        Map<Long, Integer> indexes = dump.indexes();
        Map<String, JvmHistogram.Row> rows = new TreeMap<>();
        for (TinyWalker.Obj o : dump.objects) {
            String name = o.kind() == 0 || o.kind() == 2
                    ? dump.names.getOrDefault(o.key(), "?")
                    : "[" + "    ZCFDBSIJ".charAt(o.kind());
            long size;
            if (o.kind() == 0) {
                int c = requireNonNull(indexes.get(o.key()));
                size = c == layout.stackChunkClass() ? layout.stackChunk(dump.stackChunkWords(o)) : layout.instance(c);
            } else {
                size = o.kind() == 2 ? layout.objectArray(o.size()) : layout.primitiveArray(o.kind(), o.size());
            }
            add(rows, stable(JvmHistogram.languageName(name.replace('/', '.'))), new JvmHistogram.Row(1, size));
        }
        for (int c = 0; c < indexes.size(); c++) {
            add(rows, "java.lang.Class", new JvmHistogram.Row(1, layout.mirror(c)));
        }
        return rows;
    }

    private static List<String> differences(Map<String, JvmHistogram.Row> ours, Map<String, JvmHistogram.Row> truth) {
        Set<String> types = new TreeSet<>(ours.keySet());
        types.addAll(truth.keySet());
        List<String> differences = new ArrayList<>();
        for (String type : types) {
            if (!Objects.equals(ours.get(type), truth.get(type))) {
                differences.add(type + " " + ours.get(type) + " instead of " + truth.get(type));
            }
        }
        return differences;
    }

    private static void add(Map<String, JvmHistogram.Row> rows, String name, JvmHistogram.Row row) {
        rows.merge(name, row, (a, b) -> new JvmHistogram.Row(a.objects() + b.objects(), a.bytes() + b.bytes()));
    }

    /** Hidden classes carry an address, with another separator in each of the two. */
    private static String stable(String name) {
        return name.replaceAll("[+/.]0x[0-9a-f]+", "");
    }

    private static Path fixture(String name) {
        Path folder = Fixtures.java().orElse(null);
        Assumptions.assumeTrue(folder != null && Files.exists(folder.resolve(name)), Fixtures.REASON);
        return folder.resolve(name);
    }

    private static String text(Path gzipped) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(gzipped))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
