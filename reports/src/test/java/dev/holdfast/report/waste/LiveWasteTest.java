package dev.holdfast.report.waste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.Holdfast;
import dev.holdfast.testkit.JvmHistogram;
import dev.holdfast.testkit.LiveJvm;
import dev.holdfast.testkit.WasteScenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a program that knows what it wastes, and the JVM that runs it. */
class LiveWasteTest {
    private static final String OWN = WasteScenario.class.getName() + "$";

    @TempDir
    Path folder;

    /** By kind and the program's class that has it or holds it. */
    private static Map<String, List<Long>> found(HeapSnapshot heap, Waste waste) {
        Map<String, List<Long>> rows = new TreeMap<>();
        waste.each((object, kind, bytes) -> {
            int at = object;
            while (at >= 0 && !heap.graph().isHolder(at)) {
                String type = heap.types().get(heap.graph().typeOf(at)).name();
                if (type.startsWith(OWN)) {
                    rows.merge(kind + "\t" + type, List.of(1L, bytes), LiveWasteTest::sum);
                    break;
                }
                at = heap.dominators().immediateDominator(at);
            }
        });
        return rows;
    }

    private static List<Long> sum(List<Long> a, List<Long> b) {
        return List.of(a.get(0) + b.get(0), a.get(1) + b.get(1));
    }

    private static void addTruth(
            String[] cells, JvmHistogram histogram, Map<String, List<Long>> rows, Map<String, String> queues) {
        if (cells[0].equals("queue")) {
            queues.put(cells[1], String.join(" ", List.of(cells).subList(2, cells.length)));
            return;
        }
        long instances = Long.parseLong(cells[4]);
        long each = 0;
        if (instances > 0) {
            JvmHistogram.Row row = Objects.requireNonNull(histogram.rows().get(cells[5]), cells[5]);
            each = row.bytes() / row.objects();
        }
        rows.merge(
                cells[0] + "\t" + cells[1],
                List.of(Long.valueOf(cells[2]), Long.parseLong(cells[3]) + instances * each),
                LiveWasteTest::sum);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 21, 25})
    void isWhatAProgramKnowsOfItself(int feature) throws IOException {
        LiveJvm jvm = LiveJvm.ofFeature(feature).orElse(null);
        assumeTrue(jvm != null, "no JDK " + feature);
        if (jvm == null) {
            return;
        }
        LiveJvm.Dump dump = jvm.dump(WasteScenario.class, folder, "waste", WasteScenario.OPTIONS);
        Map<String, List<Long>> expected = new TreeMap<>();
        Map<String, String> expectedQueues = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve(WasteScenario.TRUTH))) {
            addTruth(line.split("\t", -1), dump.before(), expected, expectedQueues);
        }
        try (HeapSnapshot heap = Holdfast.open(dump.file())) {
            Waste waste = Objects.requireNonNull(WasteCensus.of(heap, Progress.NONE));
            assertThat(found(heap, waste)).isEqualTo(expected);
            Map<String, String> queues = new TreeMap<>();
            for (Waste.Queue queue : waste.queues()) {
                if (queue.type().startsWith(OWN)) {
                    queues.put(
                            queue.type(),
                            queue.objects() + " " + queue.empty() + " " + queue.bounded() + " " + queue.full() + " "
                                    + queue.elements() + " " + queue.capacity());
                }
            }
            assertThat(queues).isEqualTo(expectedQueues);
            assertThat(expected).hasSizeGreaterThan(25);
        }
    }
}
