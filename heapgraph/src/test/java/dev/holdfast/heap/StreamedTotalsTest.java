package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.Fixtures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Counting in one pass against the graph, which knows every object's neighbour, class by class. */
class StreamedTotalsTest {
    /** Ends before its first object. */
    private static final String WITHOUT_OBJECTS = "bad-gztrunc60.hprof.gz";

    static List<String> dumps() throws IOException {
        Optional<Path> folder = Fixtures.java();
        if (folder.isEmpty()) {
            return List.of("(no fixtures)");
        }
        try (Stream<Path> files = Files.list(folder.get())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".hprof.gz") || name.endsWith(".hprof"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void onePassCountsWhatTheGraphHolds(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        Path file = Fixtures.java().orElseThrow().resolve(name);
        if (name.equals(WITHOUT_OBJECTS)) {
            assertThatThrownBy(() -> stream(file, 2)).isInstanceOf(DumpFormatException.class);
        } else {
            compare(file);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onePassCountsWhatTheGraphHoldsOfCommittedDumps(CommittedDump dump, @TempDir Path folder) throws IOException {
        compare(Files.write(folder.resolve("dump.hprof.gz"), dump.gzip()));
    }

    private static void compare(Path file) throws IOException {
        SoftAssertions all = new SoftAssertions();
        StreamedTotals streamed = stream(file, 2);
        try (HeapSnapshot heap = Holdfast.open(file, DumpOptions.DEFAULT, SnapshotOptions.DEFAULT, Progress.NONE)) {
            long[] objects = new long[heap.types().size()];
            long[] bytes = new long[heap.types().size()];
            for (int i = 0; i < heap.graph().objectCount(); i++) {
                objects[heap.graph().typeOf(i)]++;
                bytes[heap.graph().typeOf(i)] += heap.graph().shallowSize(i);
            }
            Map<String, String> truth = new TreeMap<>();
            Map<String, String> counted = new TreeMap<>();
            for (DumpType type : heap.types()) {
                String key = type.name() + " 0x" + Long.toHexString(type.classAddress());
                int other = type.index();
                StreamedTotals.OfType of = streamed.types().get(other);
                assertThat(of.type().classAddress()).isEqualTo(type.classAddress());
                boolean mirrors = type.kind() == DumpType.Kind.CLASS;
                truth.put(key, objects[other] + " objects, " + (mirrors ? "" : bytes[other]));
                counted.put(key, of.objects() + " objects, " + (mirrors ? "" : of.bytes()));
                if (mirrors) {
                    all.assertThat(of.estimated()).isTrue();
                }
            }
            all.assertThat(counted).isEqualTo(truth);
            all.assertThat(streamed.threads()).isEqualTo(heap.dump().threads().size());
            all.assertThat(streamed.info()).isEqualTo(heap.dump().info());
        }
        all.assertAll();
        StreamedTotals alone = stream(file, 1);
        assertThat(counts(alone)).isEqualTo(counts(streamed));
        assertThat(alone.layout()).isEqualTo(streamed.layout());
        assertThat(alone.roots()).isEqualTo(streamed.roots());
        assertThat(alone.warnings()).isEqualTo(streamed.warnings());
        samePiped(file, streamed, 1);
        samePiped(file, streamed, 2);
    }

    private static void samePiped(Path file, StreamedTotals streamed, int threads) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            StreamedTotals piped = DumpFile.stream(in, "pipe", DumpOptions.DEFAULT.withThreads(threads), Progress.NONE);
            assertThat(piped.roots()).isEqualTo(streamed.roots());
            if (streamed.layout().assumed()) {
                // What the system properties say of the layout cannot be looked up behind a pipe's back.
                assertThat(piped.objects()).isEqualTo(streamed.objects());
                assertThat(piped.types()).allMatch(StreamedTotals.OfType::estimated);
            } else {
                assertThat(counts(piped)).isEqualTo(counts(streamed));
            }
        }
    }

    private static List<String> counts(StreamedTotals totals) {
        return totals.types().stream()
                .map(of -> of.type().name() + " " + of.objects() + " " + of.bytes() + " " + of.estimated() + " "
                        + of.loaderType())
                .toList();
    }

    private static StreamedTotals stream(Path file, int threads) throws IOException {
        try (DumpFile dump = DumpFile.open(file, DumpOptions.DEFAULT.withThreads(threads), Progress.NONE)) {
            return StreamedHeap.count(dump, Progress.NONE);
        }
    }
}
