package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.StressDumps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Heaps whose naive flame graph nobody could read, in the heap of 1 GB that the build gives its tests. Readable means: fewer than 20 bars, on stacks of
 * at most 10 frames, with names of at most 200 characters; and the summary names the structure at its head.
 */
class StressProfilesTest {
    private static final int NODES = 2_000_000;
    /** What the mirror of a class without static fields takes here; of an array class, it is held by the arrays alone. */
    private static final long MIRROR = 16;

    private static final List<String> HOLDER =
            List.of("system class", "com.example.Holder", "class com.example.Holder");

    @TempDir
    Path folder = Path.of("");

    @Test
    void aListIsThreeBars() throws IOException {
        StressDumps.Written dump = StressDumps.list(folder.resolve("list.hprof"), NODES);

        Map<List<String>, Long> bars = bars(dump);

        List<String> head = below(HOLDER, "static head com.example.Node");
        List<String> next = below(head, "next com.example.Node");
        assertThat(bars)
                .containsEntry(head, 16L * NODES)
                .containsEntry(next, 16L * (NODES - 1))
                .containsEntry(below(next, "(recursive) com.example.Node"), 16L * (NODES - 2));
    }

    @Test
    void aDoublyLinkedListIsThreeBars() throws IOException {
        StressDumps.Written dump = StressDumps.doublyLinkedList(folder.resolve("doubly.hprof"), NODES);

        Map<List<String>, Long> bars = bars(dump);

        List<String> head = below(HOLDER, "static head com.example.Node");
        assertThat(bars)
                .containsEntry(head, 24L * NODES)
                .containsEntry(below(head, "next com.example.Node", "(recursive) com.example.Node"), 24L * (NODES - 2));
    }

    @Test
    void aStarIsOneBarForAllRays() throws IOException {
        int references = 10_000_000;
        int targets = references / 2;
        StressDumps.Written dump = StressDumps.star(folder.resolve("star.hprof"), references, targets);

        Map<List<String>, Long> bars = bars(dump);

        List<String> hub = below(HOLDER, "static head java.lang.Object[]");
        assertThat(bars)
                .containsEntry(hub, dump.shallowBytes() + MIRROR)
                .containsEntry(below(hub, "[] java.lang.Object"), 16L * targets);
    }

    @Test
    void aPeriodicChainIsOnePeriodAndOneBarMore() throws IOException {
        int elements = NODES / 3;
        StressDumps.Written dump = StressDumps.periodicChain(folder.resolve("chain.hprof"), elements);

        Map<List<String>, Long> bars = bars(dump);

        List<String> period = below(
                HOLDER,
                "static head com.example.Element",
                "children java.util.ArrayList",
                "elementData java.lang.Object[]",
                "[] com.example.Element");
        assertThat(bars)
                .containsEntry(period, 64L * (elements - 1))
                .containsEntry(below(period, "(recursive) java.util.ArrayList"), 64L * (elements - 1) - 16);
    }

    @Test
    void aNameOfTenThousandCharactersIsCutInTheMiddle() throws IOException {
        StressDumps.Written dump = StressDumps.longClassName(folder.resolve("name.hprof"), 10_000);

        Map<List<String>, Long> bars = bars(dump);

        assertThat(bars.keySet())
                .anySatisfy(stack -> assertThat(stack.get(stack.size() - 1))
                        .startsWith("static head com.example.LLL")
                        .contains("...")
                        .endsWith("LLL"));
    }

    /** The cumulative bytes of each bar of {@code roots.pb.gz}, after checking what every profile must keep. */
    private static Map<List<String>, Long> bars(StressDumps.Written dump) throws IOException {
        try (ProfiledHeap heap = ProfiledHeap.open(dump.file())) {
            ProfileSet set = heap.profiles(ProfileLimits.DEFAULT);
            WholeDumpProfilesTest.checkTotals(heap.heap(), set);
            WholeDumpProfilesTest.checkForm(set);
            String summary = heap.summary(set);
            assertThat(summary.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(200));
            if (dump.objects() > 1) {
                // The summary names what is at the head, not some node far down.
                assertThat(retainer(summary))
                        .contains(
                                "(100.0 %) retained by", "class com.example.Holder", "static head " + dump.headClass());
            }
            ReadProfile roots = ReadProfile.of(ProfiledHeap.profile(set, "roots.pb.gz"));
            Map<List<String>, Long> bars = roots.cumulative(1);
            assertThat(bars).hasSizeLessThan(20);
            assertThat(bars.keySet())
                    .allSatisfy(stack -> assertThat(stack)
                            .hasSizeLessThanOrEqualTo(10)
                            .allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(FrameNames.MAX_LENGTH)));
            // What the generator says it wrote, and the mirrors of at most five classes, which have at most one field.
            assertThat(roots.total(1)).isBetween(dump.shallowBytes(), dump.shallowBytes() + 6 * 24);
            return bars;
        }
    }

    /** The text of the first retainer. */
    private static String retainer(String summary) {
        String list = summary.substring(summary.indexOf("Largest retainers\n") + "Largest retainers\n".length());
        int second = list.indexOf("\n  ", 1);
        while (second >= 0 && list.startsWith("\n    ", second)) {
            second = list.indexOf("\n  ", second + 1);
        }
        return second < 0 ? list : list.substring(0, second);
    }

    private static List<String> below(List<String> stack, String... more) {
        List<String> longer = new ArrayList<>(stack);
        longer.addAll(List.of(more));
        return longer;
    }
}
