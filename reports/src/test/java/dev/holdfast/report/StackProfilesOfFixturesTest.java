package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.StreamedHeap;
import dev.holdfast.stack.FreeSpace;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stack memory of real programs against what these read from {@code runtime/metrics} themselves. */
final class StackProfilesOfFixturesTest {
    private static final String STACKS = "/memory/classes/heap/stacks:bytes";

    static Stream<GoFixture> fixtures() {
        return GoFixtures.available().stream();
    }

    private static ReadProfile profile(DumpFile dump, FreeSpace free) {
        return ReadProfile.of(StacksProfile.of(dump, free, StacksProfile.builder(), ProfiledHeap.EVERYTHING));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void allVariantsAddUpToWhatTheRuntimeSaid(GoFixture fixture) throws IOException {
        Map<?, ?> metrics =
                (Map<?, ?>) Objects.requireNonNull(fixture.truth().json().get("metrics"));
        long said = ((Number) Objects.requireNonNull(metrics.get(STACKS))).longValue();
        try (DumpFile dump = open(fixture)) {
            assertThat(dump.identities())
                    .filteredOn(identity -> identity.name().contains("stacks"))
                    .hasSize(2)
                    .allMatch(DumpIdentity::holds);
            for (FreeSpace free : FreeSpace.values()) {
                ReadProfile profile = profile(dump, free);
                long left = free == FreeSpace.USED ? leftOut(profile) : 0;
                assertThat(profile.total(1) + left).as("%s", free).isEqualTo(said);
                assertThat(profile.total(0))
                        .as("%s", free)
                        .isEqualTo(dump.threads().size());
                assertThat(profile.samples())
                        .as("%s", free)
                        .noneMatch(sample -> sample.stack().contains("runtime._StackUnknown"));
            }
        }
    }

    /** Frames are counted here from the goroutines, one by one: the profile has them by shape. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void eachFrameStandsAtItsPrefixWithItsOwnSize(GoFixture fixture) throws IOException {
        try (DumpFile dump = open(fixture)) {
            Map<List<String>, Long> expected = new HashMap<>();
            Set<List<String>> folded = new HashSet<>();
            for (var thread : dump.threads()) {
                List<String> stack = new ArrayList<>(thread.system() ? List.of("runtime._StackSystem") : List.of());
                var frames = thread.frames();
                List<String> inlined = new ArrayList<>();
                for (int i = frames.size() - 1; i >= 0; i--) {
                    String name = frames.get(i).function()
                            + (frames.get(i).line() > 0 ? ":" + frames.get(i).line() : "");
                    stack.add(name);
                    boolean innermost = i == 0 || !frames.get(i - 1).inlined();
                    inlined.add(name);
                    if (innermost) {
                        long bytes = 0;
                        for (int k = i; k < i + inlined.size(); k++) {
                            bytes += frames.get(k).bytes();
                        }
                        expected.merge(List.copyOf(stack), bytes, Long::sum);
                        if (frames.size() > ProfileLimits.MAX_DEPTH - 3) {
                            folded.add(List.copyOf(stack));
                        }
                        inlined.clear();
                    }
                }
            }
            expected.keySet().removeAll(folded);
            expected.values().removeIf(bytes -> bytes == 0);
            Map<List<String>, Long> found = new HashMap<>();
            profile(dump, FreeSpace.USED)
                    .samples()
                    .forEach(sample ->
                            found.merge(sample.stack(), sample.values().get(1), Long::sum));
            assertThat(found).containsAllEntriesOf(expected);
            assertThat(expected).hasSizeGreaterThan(20);
        }
    }

    private static long leftOut(ReadProfile profile) {
        String comment = profile.decoded().comments().stream()
                .filter(text -> text.startsWith("stack memory: "))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(comment.replaceFirst(".*, (\\d+) left out.*", "$1"));
    }

    /** Open so far that all but references can be asked of it. */
    private static DumpFile open(GoFixture fixture) throws IOException {
        DumpOptions options = DumpOptions.DEFAULT.withExecutable(fixture.executable());
        DumpFile dump = DumpFile.open(fixture.core(), options, Progress.NONE);
        StreamedHeap.prepare(dump, Progress.NONE);
        return dump;
    }
}
