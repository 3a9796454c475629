package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.DecodedProfile;
import dev.holdfast.testkit.DecodedProfile.Sample;
import dev.holdfast.testkit.JsonText;
import dev.holdfast.testkit.LiveGo;
import dev.holdfast.testkit.PprofDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stack memory of 10,000 goroutines of 8 shapes, 100 of them with stacks of a thousand calls. */
class CrowdOfGoroutinesTest {
    private static final String COUNT = "goroutine";
    /** Releases record the first 128 calls. */
    private static final int DEEP = 100;

    private static final String STEP = "main.(*worker).step";

    /** Name and own bytes in a row of {@code go tool pprof -top -unit=B}. */
    private static final Pattern TOP_ROW =
            Pattern.compile("^ *(-?\\d+)B? +\\S+ +\\S+ +-?\\d+B? +\\S+ +(\\S+)", Pattern.MULTILINE);

    @TempDir
    static Path folder = Path.of("");

    private static @Nullable LiveGo go;
    private static LiveGo.@Nullable Dump crowd;

    @BeforeAll
    static void dump() {
        go = LiveGo.installed().orElse(null);
        assumeTrue(go != null, LiveGo.REASON);
        crowd = go().crowd(folder.resolve("crowd"), false);
    }

    @Test
    void samplesAreAsManyAsShapesHaveFramesAndShowWhatEachFunctionTakes() throws IOException {
        LiveGo.Dump dump = crowd();
        Path file = profile(dump, "entry");
        DecodedProfile profile = PprofDecoder.decode(file);
        Map<String, Object> truth = json(dump, "truth.json");
        Map<String, Long> shapes = new HashMap<>();
        for (Object row : (List<?>) value(truth, "shapes")) {
            shapes.put((String) value(object(row), "function"), number(object(row), "count"));
        }

        long sum = profile.total(profile.valueIndex("stack_space"));
        assertThat(sum).isEqualTo(number(json(dump, "figures.json"), "stacks"));
        List<Sample> users = profile.samples().stream()
                .filter(sample -> !profile.stack(sample).get(0).startsWith("runtime._"))
                .toList();
        assertThat(users.stream().mapToLong(sample -> count(profile, sample)).sum())
                .isEqualTo(number(truth, "goroutines"));
        Map<String, Long> counts = profile.cumulativeByFrame(profile.valueIndex(COUNT));
        assertThat(counts).containsAllEntriesOf(shapes);

        DecodedProfile theirs = PprofDecoder.decode(dump.folder().resolve("goroutine.pb.gz"));
        Set<List<String>> prefixes = new HashSet<>();
        Set<List<String>> stacks = new HashSet<>();
        for (Sample sample : theirs.samples()) {
            List<String> places = places(theirs, sample);
            stacks.add(places);
            for (int depth = 2; depth <= places.size(); depth++) {
                prefixes.add(places.subList(0, depth));
            }
        }
        // For each stack a function that the compiler made to start it, which the runtime's profile leaves out, and
        // free space.
        assertThat(users.size()).isLessThanOrEqualTo(prefixes.size() + 2 * stacks.size());
        assertThat(profile.samples().size()).isLessThan(300);

        Map<String, Long> bytes = go().frameBytes(dump, folder);
        Map<String, Long> top = top(go().tool(folder, "pprof", "-top", "-unit=B", file.toString()));
        for (String function : List.of("main.(*server).readRequest", STEP, "main.(*hub).dispatch")) {
            assertThat(top.get(function)).as(function).isEqualTo(number(shapes, function) * number(bytes, function));
        }
        assertThat(top.get("main.(*server).serve"))
                .isEqualTo(number(shapes, "main.(*server).readRequest") * number(bytes, "main.(*server).serve"));
        String visit = "main.(*tree).visit";
        assertThat(top.get(visit))
                .isEqualTo(number(shapes, visit) * (number(truth, "deep_levels") + 1) * number(bytes, visit));
    }

    @Test
    void aFrameThatHasGrownIsTheOnlyDifferenceOfTwoDumps() throws IOException {
        LiveGo.Dump before = crowd();
        LiveGo.Dump after = go().crowd(folder.resolve("larger"), true);
        long grown = number(go().frameBytes(after, folder), STEP) - number(go().frameBytes(before, folder), STEP);
        assertThat(grown).isEqualTo(4000);

        // The runtime's own goroutines, a handful, wait where they happen to.
        for (String free : List.of("used", "entry")) {
            assertThat(difference(before, after, free))
                    .containsEntry(STEP, 1200 * grown)
                    .allSatisfy((name, bytes) -> assertThat(name.equals(STEP) || name.startsWith("runtime."))
                            .as(name)
                            .isTrue());
        }
    }

    private static LiveGo go() {
        return Objects.requireNonNull(go);
    }

    private static LiveGo.Dump crowd() {
        return Objects.requireNonNull(crowd);
    }

    private static Map<String, Long> difference(LiveGo.Dump before, LiveGo.Dump after, String variant)
            throws IOException {
        String base = "-diff_base=" + profile(before, variant);
        return top(go().tool(
                        folder,
                        "pprof",
                        "-top",
                        "-unit=B",
                        "-nodefraction=0",
                        base,
                        profile(after, variant).toString()));
    }

    private static Path profile(LiveGo.Dump dump, String variant) {
        Path out = dump.folder().resolve(variant);
        if (Files.exists(out)) {
            return out.resolve("stacks.pb.gz");
        }
        CommandRun.successful(
                "profile",
                dump.core().toString(),
                dump.executable().toString(),
                "-o",
                out.toString(),
                "--stack-free=" + variant);
        return out.resolve("stacks.pb.gz");
    }

    /** Own bytes by function, other than 0. */
    private static Map<String, Long> top(String text) {
        Map<String, Long> rows = new HashMap<>();
        Matcher row = TOP_ROW.matcher(text);
        while (row.find()) {
            long bytes = Long.parseLong(row.group(1));
            if (bytes != 0) {
                rows.put(row.group(2), bytes);
            }
        }
        assertThat(rows).as(text).isNotEmpty();
        return rows;
    }

    /** The label, then each physical frame from the root, of recursion too deep for viewers only once. */
    private static List<String> places(DecodedProfile profile, Sample sample) {
        boolean deep = sample.locationIds().size() >= DEEP;
        List<String> places = new ArrayList<>();
        places.add("queue " + DecodedProfile.label(sample, "queue"));
        for (int i = sample.locationIds().size() - 1; i >= 0; i--) {
            StringBuilder place = new StringBuilder();
            for (DecodedProfile.Line line :
                    profile.location(sample.locationIds().get(i)).lines()) {
                place.append(profile.function(line.functionId()).name())
                        .append(':')
                        .append(line.line())
                        .append(' ');
            }
            if (!deep || !places.get(places.size() - 1).contentEquals(place)) {
                places.add(place.toString());
            }
        }
        return places;
    }

    private static long count(DecodedProfile profile, Sample sample) {
        return sample.values().get(profile.valueIndex(COUNT));
    }

    private static Map<String, Object> json(LiveGo.Dump dump, String file) throws IOException {
        return object(JsonText.parse(Files.readString(dump.folder().resolve(file))));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    private static Object value(Map<String, ?> row, String name) {
        return Objects.requireNonNull(row.get(name), name);
    }

    private static long number(Map<String, ?> row, String name) {
        return ((Number) value(row, name)).longValue();
    }
}
