package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.DecodedProfile;
import dev.holdfast.testkit.DecodedProfile.Line;
import dev.holdfast.testkit.DecodedProfile.Location;
import dev.holdfast.testkit.DecodedProfile.Sample;
import dev.holdfast.testkit.KnownStacks;
import dev.holdfast.testkit.LiveGo;
import dev.holdfast.testkit.PprofDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stack-memory profiles of a program whose frames have known sizes, against three oracles: the program's own arrays, the
 * machine code of its functions, and what its runtime said of stack memory when it was stopped.
 */
class KnownStacksTest {
    /** Comma-separated releases of Go that the installed one is to fetch, for example {@code 1.18.10,1.27.4}. */
    private static final String RELEASES = "holdfast.go.releases";

    private static final List<String> OTHER_PLACES = List.of("leaf", "root", "total");
    private static final String SYSTEM = "runtime._StackSystem";
    private static final String COUNT = "goroutine";
    private static final String BYTES = "stack_space";
    private static final Pattern INSTANCE = Pattern.compile("\\[go\\.shape\\..*]");
    private static final Pattern LEFT_OUT = Pattern.compile(
            "stack memory: (\\d+) bytes in this profile, (\\d+) left out; the runtime records (\\d+) bytes");

    @TempDir
    Path folder = Path.of("");

    static List<KnownStacks> committed() {
        return KnownStacks.committed();
    }

    @ParameterizedTest
    @MethodSource("committed")
    void framesAndSumsOfCommittedCoresAreWhatTheProgramsSaid(KnownStacks stacks) throws IOException {
        check(stacks, OTHER_PLACES);
    }

    /** Newborn goroutines have not run yet. */
    @ParameterizedTest
    @ValueSource(strings = {"", "newborn"})
    void framesAndSumsAreWhatTheProgramsSaidOfTheInstalledRelease(String mode) throws IOException {
        Optional<LiveGo> go = LiveGo.installed();
        assumeTrue(go.isPresent(), LiveGo.REASON);

        check(go.orElseThrow().knownStacks(folder, mode), List.of());
    }

    @Test
    void whileTheCollectorMarksLargeFreeStacksAreKeptAndCounted() throws IOException {
        Optional<LiveGo> go = LiveGo.installed();
        assumeTrue(go.isPresent(), LiveGo.REASON);

        DecodedProfile profile = profile(go.orElseThrow().knownStacks(folder, "collecting"), "entry");

        assertThat(bytesByLeaf(profile, name -> name.startsWith("runtime._StackFree")))
                .containsKey("runtime._StackFree.large");
    }

    static Stream<Arguments> releases() {
        return Stream.of(System.getProperty(RELEASES, "").split(","))
                .filter(release -> !release.isEmpty())
                .flatMap(release -> Stream.of("", "collecting", "newborn").map(mode -> Arguments.of(release, mode)));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("releases")
    void framesAndSumsAreWhatTheProgramsSaidOfOtherReleases(String release, String mode) throws IOException {
        Optional<LiveGo> go = LiveGo.installed();
        assumeTrue(go.isPresent(), LiveGo.REASON);

        check(go.orElseThrow().release(release).knownStacks(folder, mode), OTHER_PLACES);
    }

    /** Checks the default variant, the one without free space, the one by goroutine, and some more. */
    private void check(KnownStacks stacks, List<String> more) throws IOException {
        DecodedProfile entry = profile(stacks, "entry");
        framesTakeWhatTheyHold(entry, stacks);
        for (String variant : more) {
            assertThat(functions(profile(stacks, variant))).as(variant).isEqualTo(functions(entry));
        }
        DecodedProfile byGoroutine = profile(stacks, "goroutine");
        assertThat(functions(byGoroutine)).isEqualTo(functions(entry));
        everyGoroutineHasAWholeStack(byGoroutine, stacks);
        DecodedProfile used = profile(stacks, "used");
        assertThat(functions(used)).isEqualTo(functions(entry));
        assertThat(bytesByLeaf(used, name -> name.startsWith("runtime._"))).isEmpty();

        assertThat(CommandRun.successful(
                                "info",
                                stacks.core().toString(),
                                stacks.executable().toString())
                        .out())
                .contains("holds:  goroutines, threads and free stacks = stacks in use")
                .containsPattern("\n +all +" + String.format("%,d", stacks.stacks()) + " ")
                .doesNotContain("BROKEN");
    }

    /** One variant; it adds up to what the runtime said and has every goroutine once. */
    private DecodedProfile profile(KnownStacks stacks, String variant) throws IOException {
        Path out = folder.resolve("profiles-" + variant);
        CommandRun.successful(
                "profile",
                stacks.core().toString(),
                stacks.executable().toString(),
                "-o",
                out.toString(),
                "--stack-free=" + variant);
        DecodedProfile profile = PprofDecoder.decode(out.resolve("stacks.pb.gz"));
        int bytes = profile.valueIndex(BYTES);

        Matcher said = LEFT_OUT.matcher(String.join("\n", profile.comments()));
        assertThat(said.find()).as("%s", profile.comments()).isTrue();
        assertThat(profile.total(bytes)).as(variant).isEqualTo(Long.parseLong(said.group(1)));
        long leftOut = Long.parseLong(said.group(2));
        assertThat(profile.total(bytes) + leftOut)
                .as("%s of %s", variant, stacks)
                .isEqualTo(stacks.stacks())
                .isEqualTo(Long.parseLong(said.group(3)));
        if (!variant.equals("used")) {
            assertThat(leftOut).as(variant).isZero();
        }
        long users = profile.samples().stream()
                .filter(sample -> !profile.stack(sample).get(0).equals(SYSTEM))
                .mapToLong(sample -> sample.values().get(profile.valueIndex(COUNT)))
                .sum();
        assertThat(users).as(variant).isEqualTo(stacks.goroutines());
        return profile;
    }

    private static void framesTakeWhatTheyHold(DecodedProfile profile, KnownStacks stacks) {
        Map<String, Long> byFunction = bytesByLeaf(profile, name -> name.startsWith("main."));
        Map<String, Long> byShownName = new HashMap<>();
        byFunction.forEach(
                (name, bytes) -> byShownName.merge(INSTANCE.matcher(name).replaceAll("[...]"), bytes, Long::sum));
        Map<String, Long> inlined = bytesByInlined(profile);
        assertThat(stacks.frames()).hasSizeGreaterThan(25);
        for (KnownStacks.Frame known : stacks.frames()) {
            Long bytes = known.inlined() ? inlined.get(known.function()) : byShownName.get(known.function());
            assertThat(bytes).as("%s of %s", known, stacks).isNotNull();
            assertThat(bytes).as("%s of %s", known, stacks).isGreaterThanOrEqualTo(known.frames() * known.atLeast());
            Long size = stacks.frameBytes().get(known.function());
            if (size != null) {
                assertThat(bytes).as("%s of %s", known, stacks).isEqualTo(known.frames() * size);
            } else {
                // Two names for several functions: of a generic one, and of one that is inlined.
                assertThat(known.inlined() || known.function().contains("[...]"))
                        .as("%s of %s is in the code", known, stacks)
                        .isTrue();
            }
        }
        // All other functions of the program, too: a whole number of frames.
        byFunction.forEach((name, bytes) -> {
            // In older releases all instances of a generic function have one name.
            if (!name.contains("[...]")) {
                long size = stacks.frameBytes().getOrDefault(name, 0L);
                assertThat(size).as("%s of %s is in the code", name, stacks).isPositive();
                assertThat(bytes % size).as("%s, %d a frame", name, size).isZero();
            }
        });
    }

    /** Go's stacks are powers of two. */
    private static void everyGoroutineHasAWholeStack(DecodedProfile profile, KnownStacks stacks) {
        Map<Long, Long> bytes = new HashMap<>();
        Map<Long, Long> counts = new HashMap<>();
        for (Sample sample : profile.samples()) {
            sample.labels().stream()
                    .filter(label -> label.key().equals("goroutine"))
                    .forEach(label -> {
                        bytes.merge(label.number(), sample.values().get(profile.valueIndex(BYTES)), Long::sum);
                        counts.merge(label.number(), sample.values().get(profile.valueIndex(COUNT)), Long::sum);
                    });
        }
        assertThat(counts.size()).isGreaterThanOrEqualTo((int) stacks.goroutines());
        assertThat(counts.values()).containsOnly(1L);
        assertThat(bytes.values())
                .allSatisfy(
                        size -> assertThat(Long.bitCount(size)).as("%d", size).isEqualTo(1));
    }

    /** What stands at the functions themselves, wherever free space stands. */
    private static Map<String, Long> functions(DecodedProfile profile) {
        return bytesByLeaf(profile, name -> !name.startsWith("runtime._") && !name.equals("[total]"));
    }

    /** Own bytes by function, of physical frames. */
    private static Map<String, Long> bytesByLeaf(DecodedProfile profile, Predicate<String> which) {
        Map<String, Long> bytes = new HashMap<>();
        for (Sample sample : profile.samples()) {
            List<String> names = names(profile, sample);
            String name = names.get(names.size() - 1);
            long value = sample.values().get(profile.valueIndex(BYTES));
            if (which.test(name) && value != 0) {
                bytes.merge(name, value, Long::sum);
            }
        }
        return bytes;
    }

    /** Own bytes of frames that a call was inlined into, by the function of that call. */
    private static Map<String, Long> bytesByInlined(DecodedProfile profile) {
        Map<String, Long> bytes = new HashMap<>();
        for (Sample sample : profile.samples()) {
            List<String> names = names(profile, sample);
            names.subList(0, names.size() - 1)
                    .forEach(name -> bytes.merge(name, sample.values().get(profile.valueIndex(BYTES)), Long::sum));
        }
        return bytes;
    }

    /** Of the sample's leaf: the calls that were inlined, then the function that they are in. */
    private static List<String> names(DecodedProfile profile, Sample sample) {
        Location leaf = profile.location(sample.locationIds().get(0));
        List<String> names = new ArrayList<>();
        for (Line line : leaf.lines()) {
            names.add(profile.function(line.functionId()).name());
        }
        return names;
    }
}
