package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.report.NaiveProfiles.Value;
import dev.holdfast.report.ProfiledHeap.Model;
import dev.holdfast.report.proto.PprofProto;
import dev.holdfast.roots.ThreadRetention;
import dev.holdfast.roots.UnreachableReasons;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.LayoutScenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Profiles of whole dumps against a slow second way, under every model. */
class WholeDumpProfilesTest {
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{6,}");

    @TempDir
    Path folder = Path.of("");

    static Stream<Arguments> dumps() {
        return Stream.of(CommittedDump.values())
                .flatMap(dump -> Stream.of(Model.values()).map(model -> Arguments.of(dump, model)));
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void everySampleAndEveryFrameIsWhatTheRulesSay(CommittedDump dump, Model model) throws IOException {
        try (ProfiledHeap profiled = ProfiledHeap.open(dump.copyTo(folder), model)) {
            checkAgainstNaive(profiled);
        }
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void profilesWithinTheLimitsAreCompleteAndFitToBeShown(CommittedDump dump, Model model) throws IOException {
        try (ProfiledHeap profiled = ProfiledHeap.open(dump.copyTo(folder), model)) {
            ProfileSet set = profiled.profiles(ProfileLimits.DEFAULT);
            checkTotals(profiled.heap(), set);
            checkForm(set);
            assertThat(new String(dump.bytes(), StandardCharsets.ISO_8859_1)).contains(LayoutScenario.canary());
            for (ProfileSet.Named named : set.profiles()) {
                assertThat(new String(named.profile().toByteArray(), StandardCharsets.ISO_8859_1))
                        .as(named.fileName())
                        .doesNotContain(LayoutScenario.canary());
            }
            assertThat(profiled.summary(set)).doesNotContain(LayoutScenario.canary());
        }
    }

    static void checkAgainstNaive(ProfiledHeap profiled) throws IOException {
        NaiveProfiles naive = new NaiveProfiles(profiled.heap());
        ProfileSet set = profiled.profiles(ProfiledHeap.EVERYTHING);
        ReadProfile roots = ReadProfile.of(ProfiledHeap.profile(set, "roots.pb.gz"));
        equal("samples of roots", samples(roots), naive.rootsSamples());
        Map<List<String>, Long> bytes = roots.cumulative(roots.decoded().valueIndex("inuse_space"));
        Map<List<String>, Value> cumulative = new HashMap<>();
        roots.cumulative(roots.decoded().valueIndex("inuse_objects"))
                .forEach((stack, objects) ->
                        cumulative.put(stack, new Value(objects, Objects.requireNonNull(bytes.get(stack)))));
        equal("cumulative values of roots", cumulative, naive.retainedOfTopmost());
        equal(
                "samples of inuse",
                samples(ReadProfile.of(ProfiledHeap.profile(set, "inuse.pb.gz"))),
                naive.inUseSamples());
        checkUnreachable(profiled.heap(), set);
    }

    /** Each profile totals what the heap says. */
    static void checkTotals(HeapSnapshot heap, ProfileSet set) {
        for (String name : List.of("inuse.pb.gz", "roots.pb.gz")) {
            Profile profile = ProfiledHeap.profile(set, name);
            assertThat(total(profile))
                    .as(name)
                    .isEqualTo(new Value(
                            heap.totals().reachableObjects(), heap.totals().reachableBytes()));
        }
        Value unreachable =
                new Value(heap.totals().unreachableObjects(), heap.totals().unreachableBytes());
        if (unreachable.objects() > 0) {
            assertThat(total(ProfiledHeap.profile(set, "unreachable.pb.gz"))).isEqualTo(unreachable);
        }
        if (!heap.dump().threads().isEmpty()) {
            long retained = 0;
            for (ThreadRetention thread : ThreadRetention.of(heap)) {
                retained += thread.node() < 0 ? 0 : heap.dominators().retainedSize(thread.node());
            }
            assertThat(total(ProfiledHeap.profile(set, "threads.pb.gz")))
                    .isEqualTo(new Value(heap.dump().threads().size(), retained));
        }
    }

    /** What viewers and backends need, seen by a second decoder. */
    static void checkForm(ProfileSet set) throws IOException {
        for (ProfileSet.Named named : set.profiles()) {
            Profile profile = named.profile();
            ProfileValidity.check(PprofProto.Profile.parseFrom(profile.toByteArray()), 1000);
            assertThat(profile.rawBytes()).as(named.fileName()).isLessThanOrEqualTo(4 << 20);
            ReadProfile read = ReadProfile.of(profile);
            assertThat(read.samples()).as(named.fileName()).hasSizeLessThanOrEqualTo(16_000);
            assertThat(read.decoded().mappings()).hasSize(1);
            for (ReadProfile.Sample sample : read.samples()) {
                assertThat(sample.stack()).as(named.fileName()).hasSizeBetween(1, 128);
                assertThat(labelKeys(named.fileName()))
                        .containsAll(sample.labels().keySet());
                assertThat(sample.labels().getOrDefault("thread", "")).doesNotContainPattern("[0-9]");
            }
            List<String> comments = read.decoded().comments();
            for (String text : read.decoded().strings()) {
                assertThat(comments.contains(text) || !ADDRESS.matcher(text).find())
                        .as("%s: %s", named.fileName(), text)
                        .isTrue();
            }
        }
    }

    private static void checkUnreachable(HeapSnapshot heap, ProfileSet set) {
        if (heap.totals().unreachableObjects() == 0) {
            return;
        }
        ObjectGraph graph = heap.graph();
        UnreachableReasons reasons = UnreachableReasons.find(heap, dev.holdfast.dump.Progress.NONE);
        Map<String, Value> expected = new HashMap<>();
        for (int object = 0; object < graph.objectCount(); object++) {
            if (!heap.reachable(object)) {
                String type =
                        FrameNames.type(heap.types().get(graph.typeOf(object)).name());
                expected.merge(
                        reasons.of(object).label() + " " + type, new Value(1, graph.shallowSize(object)), Value::plus);
            }
        }
        Map<String, Value> actual = new HashMap<>();
        for (ReadProfile.Sample sample :
                ReadProfile.of(ProfiledHeap.profile(set, "unreachable.pb.gz")).samples()) {
            assertThat(sample.labels().keySet()).isEqualTo(Set.of("type"));
            actual.merge(
                    sample.stack().get(0) + " " + sample.labels().get("type"),
                    new Value(sample.values().get(0), sample.values().get(1)),
                    Value::plus);
        }
        equal("unreachable", actual, expected);
    }

    private static List<String> labelKeys(String fileName) {
        return switch (fileName) {
            case "inuse.pb.gz" -> List.of("type", "root_kind", "reachability", "bytes", "class_loader", "thread");
            case "roots.pb.gz" -> List.of("type", "root_kind", "reachability", "root", "class_loader", "thread");
            case "unreachable.pb.gz" -> List.of("type");
            default -> List.of("thread", "state", "kind");
        };
    }

    private static Value total(Profile profile) {
        return new Value(
                profile.total(profile.types().get(0)),
                profile.total(profile.types().get(1)));
    }

    private static Map<String, Value> samples(ReadProfile profile) {
        Map<String, Value> samples = new HashMap<>();
        for (ReadProfile.Sample sample : profile.samples()) {
            samples.put(
                    sample.key(),
                    new Value(sample.values().get(0), sample.values().get(1)));
        }
        return samples;
    }

    /** A message of a whole map would have megabytes. */
    private static <K> void equal(String what, Map<K, Value> actual, Map<K, Value> expected) {
        List<String> differences = new ArrayList<>();
        expected.forEach((key, value) -> {
            if (!value.equals(actual.get(key))) {
                differences.add("expected " + value + ", is " + actual.get(key) + ": " + key);
            }
        });
        actual.forEach((key, value) -> {
            if (!expected.containsKey(key)) {
                differences.add("not expected " + value + ": " + key);
            }
        });
        assertThat(differences.stream().sorted().limit(20))
                .as("%s, %s differ of %s", what, differences.size(), expected.size())
                .isEmpty();
        assertThat(expected).as(what).isNotEmpty();
    }
}
