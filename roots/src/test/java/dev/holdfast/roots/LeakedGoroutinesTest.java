package dev.holdfast.roots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.roots.LeakedGoroutines.Kept;
import dev.holdfast.roots.LeakedGoroutines.Verdict;
import dev.holdfast.testkit.KnownLeaks;
import dev.holdfast.testkit.KnownLeaks.Planted;
import dev.holdfast.testkit.LiveGo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Leaked goroutines of a program that knows which of its own are, and of one whose runtime judged them itself. */
class LeakedGoroutinesTest {
    /** Comma-separated releases of Go that the installed one is to fetch, for example {@code 1.18.10,1.27.4}. */
    private static final String RELEASES = "holdfast.go.releases";

    /** Of Go 1.26; later releases have the profile always. */
    private static final String EXPERIMENT = "goroutineleakprofile";

    @TempDir
    Path folder = Path.of("");

    static List<KnownLeaks> committed() {
        return KnownLeaks.committed();
    }

    @ParameterizedTest
    @MethodSource("committed")
    void leakedGoroutinesOfACommittedCoreAreThosePlanted(KnownLeaks leaks) throws IOException {
        check(leaks);
    }

    @Test
    void leakedGoroutinesAreThosePlantedOfTheInstalledRelease() throws IOException {
        Optional<LiveGo> go = LiveGo.installed();
        assumeTrue(go.isPresent(), LiveGo.REASON);

        check(go.orElseThrow().knownLeaks(folder, "", ""));
    }

    /** Judged by the runtime too: what it calls leaked is the same, and what it has marked so stays so. */
    @Test
    void leakedGoroutinesAreThoseInGosOwnProfile() throws IOException {
        Optional<LiveGo> go = LiveGo.installed();
        assumeTrue(go.isPresent(), LiveGo.REASON);
        assumeTrue(System.getProperty(RELEASES) != null, "builds Go's library anew, so only with -D" + RELEASES);

        KnownLeaks leaks = go.orElseThrow().knownLeaks(folder, EXPERIMENT, "profile");
        assertThat(leaks.hasProfile()).isTrue();
        check(leaks);
    }

    static Stream<Arguments> releases() {
        return Stream.of(System.getProperty(RELEASES, "").split(","))
                .filter(release -> !release.isEmpty())
                .flatMap(release -> Stream.of("", "profile").map(mode -> Arguments.of(release, mode)));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("releases")
    void leakedGoroutinesAreThosePlantedOfOtherReleases(String release, String mode) throws IOException {
        Optional<LiveGo> go = LiveGo.installed();
        assumeTrue(go.isPresent(), LiveGo.REASON);

        check(go.orElseThrow().release(release).knownLeaks(folder, "", mode));
    }

    private static void check(KnownLeaks leaks) throws IOException {
        Map<String, Planted> planted =
                leaks.planted().stream().collect(Collectors.toMap(Planted::function, each -> each));
        assertThat(planted).hasSizeGreaterThan(40);
        DumpOptions options = DumpOptions.DEFAULT.withExecutable(leaks.executable());
        try (HeapSnapshot heap = HeapSnapshot.open(
                DumpFile.open(leaks.core(), options, Progress.NONE), SnapshotOptions.DEFAULT, Progress.NONE)) {
            LeakedGoroutines leaked = LeakedGoroutines.find(heap, Progress.NONE);

            assertThat(leaked.judged()).isTrue();
            assertThat(leaked.count(Verdict.UNKNOWN)).isZero();
            Map<String, Integer> expected = new TreeMap<>();
            planted.values().stream()
                    .filter(Planted::leaked)
                    .forEach(each -> expected.put(each.function(), each.count()));
            List<DumpThread> threads = heap.dump().threads();
            assertThat(leakedByFunction(threads, leaked)).isEqualTo(expected);
            if (leaks.hasProfile()) {
                assertThat(leaks.profiled()).isEqualTo(expected);
            }
            assertThat(rings(threads, leaked)).isEqualTo(plantedRings(planted));
            keptIsWhatWasPlanted(heap, leaked, planted);
        }
    }

    /** What a goroutine runs, of those planted, else what it began with. */
    private static String function(DumpThread thread) {
        return thread.frames().stream()
                .map(StackFrame::function)
                .filter(name -> name.matches("main\\.(leak|ring|live)\\w*"))
                .findFirst()
                .orElse(thread.name());
    }

    private static Map<String, Integer> leakedByFunction(List<DumpThread> threads, LeakedGoroutines leaked) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int t = 0; t < threads.size(); t++) {
            if (leaked.leaked(t)) {
                counts.merge(function(threads.get(t)), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static Set<List<String>> rings(List<DumpThread> threads, LeakedGoroutines leaked) {
        return leaked.rings().stream()
                .map(ring -> ring.stream()
                        .map(t -> function(threads.get(t)))
                        .sorted()
                        .toList())
                .collect(Collectors.toSet());
    }

    private static Set<List<String>> plantedRings(Map<String, Planted> planted) {
        Map<String, List<String>> members = new HashMap<>();
        for (String function : new TreeSet<>(planted.keySet())) {
            Planted each = Objects.requireNonNull(planted.get(function));
            if (!each.ring().isEmpty()) {
                for (int i = 0; i < each.count(); i++) {
                    members.computeIfAbsent(each.ring(), ring -> new ArrayList<>())
                            .add(function);
                }
            }
        }
        return Set.copyOf(members.values());
    }

    /** All groups and what they share are what only leaked goroutines' own holders retain, and more than was planted. */
    private static void keptIsWhatWasPlanted(HeapSnapshot heap, LeakedGoroutines leaked, Map<String, Planted> planted) {
        List<DumpThread> threads = heap.dump().threads();
        List<String> functions = List.copyOf(new TreeSet<>(planted.keySet()));
        int[] groupOf = new int[threads.size()];
        Arrays.fill(groupOf, -1);
        for (int t = 0; t < groupOf.length; t++) {
            groupOf[t] = leaked.leaked(t) ? functions.indexOf(function(threads.get(t))) : -1;
        }
        List<Kept> kept = leaked.kept(groupOf, functions.size());
        for (int g = 0; g < functions.size(); g++) {
            Planted each = Objects.requireNonNull(planted.get(functions.get(g)));
            assertThat(kept.get(g).bytes()).as(each.function()).isGreaterThanOrEqualTo(each.bytes());
            if (!each.leaked()) {
                assertThat(kept.get(g)).as(each.function()).isEqualTo(new Kept(0, 0));
            }
        }
        int[] one = Arrays.stream(groupOf).map(group -> Math.min(group, 0)).toArray();
        List<Kept> together = leaked.kept(one, 1);
        assertThat(together.get(0).bytes())
                .isEqualTo(kept.stream().mapToLong(Kept::bytes).sum());
        assertThat(together.get(0).objects())
                .isEqualTo(kept.stream().mapToLong(Kept::objects).sum());
        assertThat(together.get(1)).isEqualTo(new Kept(0, 0));
        long retained = 0;
        List<ThreadRetention> retentions = ThreadRetention.of(heap);
        for (int t = 0; t < groupOf.length; t++) {
            retained += groupOf[t] < 0 ? 0 : retentions.get(t).retainedBytes().orElse(0);
        }
        // Dominators know nothing of goroutines that hold something together.
        assertThat(retained).isPositive().isLessThanOrEqualTo(together.get(0).bytes());
    }
}
