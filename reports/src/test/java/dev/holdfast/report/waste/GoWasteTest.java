package dev.holdfast.report.waste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.Holdfast;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import dev.holdfast.testkit.LiveGo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GoWasteTest {
    /** Heaps of each release that was asked for. */
    private static final int SEEDS = 3;

    @TempDir
    Path folder;

    private static HeapSnapshot open(Path core, Path executable) throws IOException {
        return Holdfast.open(
                core,
                DumpOptions.DEFAULT.withExecutable(executable),
                SnapshotOptions.DEFAULT.withThreads(3),
                Progress.NONE);
    }

    /** By kind and type of the object, and for what the program's own types hold by the type of the holder. */
    private static Map<String, List<Long>> rows(HeapSnapshot heap, Waste waste) {
        Map<String, List<Long>> rows = new TreeMap<>();
        for (Waste.Row row : waste.rows()) {
            rows.put(row.kind() + "\t" + row.type(), List.of(row.objects(), row.bytes()));
        }
        waste.each((object, kind, bytes) -> {
            int dominator = heap.dominators().immediateDominator(object);
            if (dominator >= 0 && !heap.graph().isHolder(dominator)) {
                String holder = heap.types().get(heap.graph().typeOf(dominator)).name();
                rows.merge(
                        kind + " in\t" + holder,
                        List.of(1L, bytes),
                        (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
            }
        });
        return rows;
    }

    /** The installed release, and those that were asked for: up to 1.23 maps are of buckets, from then on of groups. */
    static Stream<Arguments> heaps() {
        return Stream.concat(
                Stream.of(Arguments.of("", 20261122L)),
                Stream.of(System.getProperty("holdfast.go.releases", "").split(","))
                        .filter(release -> !release.isEmpty())
                        .flatMap(release ->
                                LongStream.rangeClosed(1, SEEDS).mapToObj(seed -> Arguments.of(release, seed))));
    }

    @ParameterizedTest
    @MethodSource("heaps")
    void isWhatAProgramKnowsOfItsOwnRandomHeap(String release, long seed) throws IOException {
        Optional<LiveGo> installed = LiveGo.installed();
        assumeTrue(installed.isPresent(), LiveGo.REASON);
        LiveGo go = installed.orElseThrow();
        LiveGo.Dump dump = (release.isEmpty() ? go : go.release(release)).dump("wasteful", folder, Long.toString(seed));
        try (HeapSnapshot heap = open(dump.core(), dump.executable())) {
            Waste waste = Objects.requireNonNull(WasteCensus.of(heap, Progress.NONE));
            Map<String, List<Long>> rows = rows(heap, waste);
            for (String line : Files.readAllLines(dump.folder().resolve("truth.tsv"))) {
                String[] cells = line.split("\t", -1);
                if (cells[0].equals("queues")) {
                    Waste.Queue queue = waste.queues().stream()
                            .filter(each -> each.type().equals("chan main.code"))
                            .findFirst()
                            .orElseThrow();
                    assertThat(queue.objects() + "\t" + queue.empty() + "\t" + queue.bounded() + "\t" + queue.full()
                                    + "\t" + queue.elements() + "\t" + queue.capacity())
                            .isEqualTo(line.substring(line.indexOf('\t') + 1));
                    continue;
                }
                String in = cells[0].startsWith("DUPLICATE") ? " in" : "";
                assertThat(rows)
                        .as(line)
                        .containsEntry(
                                cells[0] + in + "\t" + cells[1],
                                List.of(Long.valueOf(cells[2]), Long.valueOf(cells[3])));
            }
            long[] sums = new long[2];
            waste.each((object, kind, bytes) -> {
                sums[0]++;
                sums[1] += bytes;
            });
            assertThat(sums).containsExactly(waste.objects(), waste.bytes());
        }
    }

    /**
     * A map of 2000 entries, of which 1900 were deleted: 512 buckets of 272 bytes where 16 are enough, or 512 groups of 264;
     * the rest is the same in all releases.
     */
    @ParameterizedTest
    @CsvSource({"1.18.10,134912", "1.26.11,130944", "1.24.13-noswissmap,134912"})
    void isWhatTheProgramOfTheFixturesMade(String release, long ofTheMap) {
        Optional<GoFixture> fixture = GoFixtures.named(release);
        assumeTrue(fixture.isPresent(), "no fixture " + release);
        try (HeapSnapshot heap =
                open(fixture.orElseThrow().core(), fixture.orElseThrow().executable())) {
            Waste waste = Objects.requireNonNull(WasteCensus.of(heap, Progress.NONE));
            assertThat(rows(heap, waste))
                    .containsEntry("SPARSE_COLLECTION\tmap[string]string", List.of(1L, ofTheMap))
                    .containsEntry("SPARSE_COLLECTION\t[]*main.Node", List.of(1L, 998 * 8L))
                    .containsEntry("PINNED_ARRAY\t[]main.Event", List.of(1L, 4096 - 10 * 40L))
                    .containsEntry("UNUSED_BUFFER\tchan int64", List.of(1L, 993 * 8L))
                    .containsEntry("UNUSED_BUFFER\tchan *main.Job", List.of(1L, 24 * 8L))
                    .containsEntry("DUPLICATE_TEXT in\t[]string", List.of(274L, 274 * 20L));
            long[] needle = new long[1];
            waste.each((object, kind, bytes) -> needle[0] = Math.max(needle[0], bytes));
            assertThat(needle[0]).isEqualTo((1 << 20) - 10);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
