package dev.holdfast.report.waste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.Holdfast;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.testkit.WastefulHeap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Heaps of which it is known, because they were made so, what each object wastes. */
class GeneratedWasteTest {
    private static final int SEEDS = 8;

    @TempDir
    Path folder;

    private static Map<String, List<Long>> expectedRows(WastefulHeap made) {
        Map<String, List<Long>> rows = new TreeMap<>();
        for (WastefulHeap.Wasted one : made.wasted()) {
            rows.merge(
                    one.kind() + " " + one.type(),
                    List.of(1L, one.bytes()),
                    (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
        }
        return rows;
    }

    private static Map<String, List<Long>> rows(Waste waste) {
        Map<String, List<Long>> rows = new TreeMap<>();
        for (Waste.Row row : waste.rows()) {
            rows.put(row.kind() + " " + row.type(), List.of(row.objects(), row.bytes()));
        }
        return rows;
    }

    private static List<Long> sum(List<Long> a, List<Long> b) {
        List<Long> sums = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            sums.add(a.get(i) + b.get(i));
        }
        return sums;
    }

    private static Map<String, List<Long>> expectedQueues(WastefulHeap made) {
        Map<String, List<Long>> rows = new TreeMap<>();
        for (WastefulHeap.Queue one : made.queues()) {
            boolean bounded = one.limit() >= 0;
            rows.merge(
                    one.type(),
                    List.of(
                            1L,
                            one.size() == 0 ? 1L : 0L,
                            bounded ? 1L : 0L,
                            bounded && one.size() == one.limit() ? 1L : 0L,
                            one.size(),
                            Math.max(0, one.limit())),
                    GeneratedWasteTest::sum);
        }
        return rows;
    }

    private static Map<String, List<Long>> queues(Waste waste) {
        Map<String, List<Long>> rows = new TreeMap<>();
        for (Waste.Queue row : waste.queues()) {
            rows.put(
                    row.type(),
                    List.of(row.objects(), row.empty(), row.bounded(), row.full(), row.elements(), row.capacity()));
        }
        return rows;
    }

    private static Map<Long, List<Long>> expectedMaps(WastefulHeap made) {
        Map<Long, List<Long>> rows = new TreeMap<>();
        for (WastefulHeap.MapOf one : made.maps()) {
            long atMost = one.entries() <= 1 ? one.entries() : one.entries() <= 8 ? 8 : 64;
            rows.merge(atMost, List.of(1L, one.entries(), one.bytes()), GeneratedWasteTest::sum);
        }
        return rows;
    }

    private static Map<Long, List<Long>> maps(Waste waste) {
        Map<Long, List<Long>> rows = new TreeMap<>();
        for (Waste.MapClass row : waste.maps()) {
            rows.put(row.atMost(), List.of(row.maps(), row.entries(), row.bytes()));
        }
        return rows;
    }

    /** What is only in one of the two accounts of single objects. */
    private static List<String> unlike(HeapSnapshot heap, Waste waste, WastefulHeap made) {
        Map<String, String> left = new TreeMap<>();
        for (WastefulHeap.Wasted one : made.wasted()) {
            left.put(one.address() + " " + one.kind() + " " + one.bytes(), one.type());
        }
        assertThat(left).hasSameSizeAs(made.wasted());
        List<String> unlike = new ArrayList<>();
        waste.each((object, kind, bytes) -> {
            String found = heap.graph().addressOf(object) + " " + kind + " " + bytes;
            if (left.remove(found) == null) {
                String type = heap.types().get(heap.graph().typeOf(object)).name();
                unlike.add("found, but not planted: " + found + " " + type);
            }
        });
        left.forEach((planted, type) -> unlike.add("planted, but not found: " + planted + " " + type));
        return unlike;
    }

    @ParameterizedTest
    @EnumSource
    void isWhatWasPlanted(WastefulHeap.Kind kind) throws IOException {
        TreeSet<String> kinds = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            WastefulHeap made = WastefulHeap.make(kind, seed);
            Path dump = Files.write(folder.resolve("made.hprof"), made.dump());
            try (HeapSnapshot heap = Holdfast.open(
                    dump, DumpOptions.DEFAULT, SnapshotOptions.DEFAULT.withThreads(1 + seed % 3), Progress.NONE)) {
                Waste waste = Objects.requireNonNull(WasteCensus.of(heap, Progress.NONE));
                String which = kind + " " + seed;
                assertThat(unlike(heap, waste, made)).as(which).isEmpty();
                assertThat(rows(waste)).as(which).isEqualTo(expectedRows(made));
                assertThat(queues(waste)).as(which).isEqualTo(expectedQueues(made));
                assertThat(maps(waste)).as(which).isEqualTo(expectedMaps(made));
                made.wasted().forEach(one -> kinds.add(one.kind()));
                waste.release();
            }
            Files.delete(dump);
        }
        // Pinned arrays are Go's.
        assertThat(kinds).hasSize(WasteKind.values().length - 1).doesNotContain("PINNED_ARRAY");
    }
}
