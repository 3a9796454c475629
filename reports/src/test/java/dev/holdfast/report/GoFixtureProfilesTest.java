package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.heap.StreamedHeap;
import dev.holdfast.testkit.DecodedProfile;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import dev.holdfast.testkit.PprofDecoder;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Profiles of cores against those that the process wrote of itself a moment before. */
final class GoFixtureProfilesTest {
    private static final List<String> OURS = List.of("state", "wait_reason", "creator");

    /** What a sample is told apart by: its stack, function and line from the root, and its labels. */
    private record Key(List<String> stack, Map<String, String> labels) {
        boolean runs(String function) {
            return stack.stream().anyMatch(frame -> frame.startsWith(function + ":"));
        }

        String kind() {
            return labels.getOrDefault("kind", "");
        }
    }

    static Stream<GoFixture> fixtures() {
        // A stripped program needs what only debugging information says of it: not for profiles, but to find the heap.
        return GoFixtures.available().stream().filter(fixture -> !fixture.name().endsWith("-stripped"));
    }

    private static Map<Key, List<Long>> samples(DecodedProfile profile, int values) {
        Map<Key, List<Long>> all = new HashMap<>();
        for (ReadProfile.Sample sample : ReadProfile.of(profile).samples()) {
            if (sample.values().stream().allMatch(value -> value == 0)) {
                // Go writes what was allocated too lately to count; Holdfast writes no sample that says nothing.
                continue;
            }
            Map<String, String> labels = new TreeMap<>(sample.labels());
            labels.keySet().removeAll(OURS);
            all.merge(
                    new Key(sample.stack(), labels),
                    sample.values().subList(0, values),
                    (a, b) -> Stream.iterate(0, i -> i < values, i -> i + 1)
                            .map(i -> a.get(i) + b.get(i))
                            .toList());
        }
        return all;
    }

    private static Map<Key, List<Long>> only(Map<Key, List<Long>> all, Predicate<Key> wanted) {
        Map<Key, List<Long>> some = new HashMap<>(all);
        some.keySet().removeIf(wanted.negate());
        return some;
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void goroutinesAreThoseOfTheProcessItself(GoFixture fixture) throws IOException {
        assumeTrue(fixture.has("goroutine.pb.gz"), "the process wrote no profile of its goroutines");
        Map<Key, List<Long>> theirs = samples(PprofDecoder.decode(fixture.bytes("goroutine.pb.gz")), 1);
        Map<Key, List<Long>> ours;
        try (DumpFile dump = open(fixture)) {
            Profile profile = GoroutinesProfile.of(dump, GoroutinesProfile.builder(), ProfileLimits.DEFAULT);
            ours = samples(PprofDecoder.decode(profile.toByteArray()), 1);
        }
        // Those that run are elsewhere by now, the writer among them; the program starts unlabelled ones afterwards.
        Predicate<Key> parked = key -> !key.kind().isEmpty() && !key.kind().equals("spin");
        assertThat(only(ours, parked)).isEqualTo(only(theirs, parked)).hasSizeGreaterThan(20);
        assertThat(ours).containsAllEntriesOf(only(theirs, key -> key.kind().isEmpty() && !key.runs("runtime.main")));
        assertThat(count(ours, "spin")).isEqualTo(count(theirs, "spin"));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void theHeapProfileHasAllThatTheProcessHadWritten(GoFixture fixture) throws IOException {
        assumeTrue(fixture.has("heap.pb.gz"), "the process wrote no profile of its heap");
        DecodedProfile written = PprofDecoder.decode(fixture.bytes("heap.pb.gz"));
        Map<Key, List<Long>> theirs = samples(written, 4);
        Profile profile;
        try (DumpFile dump = open(fixture)) {
            RecordedProfile heap = dump.recordedProfiles().stream()
                    .filter(each -> each.name().equals("heap"))
                    .findFirst()
                    .orElseThrow();
            profile = RuntimeProfile.of(heap, RuntimeProfile.builder(heap), ProfiledHeap.EVERYTHING);
        }
        DecodedProfile recorded = PprofDecoder.decode(profile.toByteArray());
        assertThat(recorded.sampleTypes()).isEqualTo(written.sampleTypes());
        assertThat(recorded.periodType()).isEqualTo(written.periodType());
        assertThat(recorded.period()).isEqualTo(written.period());

        Map<Key, List<Long>> ours = samples(recorded, 4);
        assertThat(ours.keySet()).containsAll(theirs.keySet());
        // Whatever the program did since, it did not make fewer allocations; most records are of what it had built
        // before.
        long unchanged = theirs.entrySet().stream()
                .filter(record -> record.getValue().equals(ours.get(record.getKey())))
                .count();
        assertThat(unchanged).isGreaterThan(theirs.size() / 2);
        assertThat(theirs.entrySet())
                .allSatisfy(record -> assertThat(
                                ours.getOrDefault(record.getKey(), List.of(-1L)).get(0))
                        .isGreaterThanOrEqualTo(record.getValue().get(0)));
    }

    private static long count(Map<Key, List<Long>> samples, String kind) {
        return samples.entrySet().stream()
                .filter(sample -> sample.getKey().kind().equals(kind))
                .mapToLong(sample -> sample.getValue().get(0))
                .sum();
    }

    /** Open so far that all but references can be asked of it. */
    private static DumpFile open(GoFixture fixture) throws IOException {
        DumpOptions options = DumpOptions.DEFAULT.withExecutable(fixture.executable());
        DumpFile dump = DumpFile.open(fixture.core(), options, Progress.NONE);
        StreamedHeap.prepare(dump, Progress.NONE);
        return dump;
    }
}
