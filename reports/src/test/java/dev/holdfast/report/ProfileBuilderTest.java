package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.DecodedProfile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileBuilderTest {
    private static final ProfileLimits ALL = ProfileLimits.DEFAULT.withMaxSamples(0);

    @Test
    void whatGoesInComesOutOfAnotherDecoder() {
        ProfileBuilder builder = ProfileBuilder.inUse()
                .timeNanos(1_700_000_000_000_000_000L)
                .period(ValueType.INUSE_SPACE, 1)
                .comment("taken by a test");
        int java = builder.frame(ProfileBuilder.ROOT, "java");
        int util = builder.frame(java, "java.util");
        builder.sample(
                builder.frame(util, "java.util.HashMap"),
                Labels.NONE.with("bytes", 48, "bytes").with("type", "java.util.HashMap"),
                3,
                144);
        builder.sample(builder.frame(java, "Line.of", "Line.java", 17), Labels.NONE, 1, 16);

        ReadProfile decoded = ReadProfile.of(builder.build(ALL));

        assertThat(decoded.decoded().sampleTypes())
                .containsExactly(
                        new DecodedProfile.ValueType("inuse_objects", "count"),
                        new DecodedProfile.ValueType("inuse_space", "bytes"));
        assertThat(decoded.decoded().defaultSampleType()).isEqualTo("inuse_space");
        assertThat(decoded.decoded().timeNanos()).isEqualTo(1_700_000_000_000_000_000L);
        assertThat(decoded.decoded().comments()).containsExactly("taken by a test");
        assertThat(decoded.samples())
                .containsExactly(
                        new ReadProfile.Sample(List.of("java", "Line.of:17"), Map.of(), List.of(1L, 16L)),
                        new ReadProfile.Sample(
                                List.of("java", "java.util", "java.util.HashMap"),
                                Map.of("bytes", "48 bytes", "type", "java.util.HashMap"),
                                List.of(3L, 144L)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theOrderOfCallsIsInvisible(long seed) {
        List<RandomSample> samples = RandomSample.list(new Random(seed), 300);
        List<RandomSample> shuffled = new ArrayList<>(samples);
        Collections.shuffle(shuffled, new Random(~seed));

        for (ProfileLimits limits : List.of(ALL, ProfileLimits.DEFAULT.withMaxSamples(40))) {
            assertThat(build(shuffled, limits).toByteArray())
                    .as("seed %s, %s", seed, limits)
                    .isEqualTo(build(samples, limits).toByteArray());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void samplesOfEqualStackAndLabelsAreSummed(long seed) {
        List<RandomSample> samples = RandomSample.list(new Random(seed), 2000);
        Map<String, List<Long>> expected = new HashMap<>();
        for (RandomSample sample : samples) {
            if (sample.count != 0 || sample.bytes != 0) {
                expected.merge(
                        new ReadProfile.Sample(sample.stack, sample.labelMap(), List.of()).key(),
                        List.of(sample.count, sample.bytes),
                        (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
            }
        }

        Map<String, List<Long>> actual = new HashMap<>();
        for (ReadProfile.Sample sample : ReadProfile.of(build(samples, ALL)).samples()) {
            assertThat(actual.put(sample.key(), sample.values()))
                    .as("seed %s, %s twice", seed, sample.key())
                    .isNull();
        }
        assertThat(actual).as("seed %s", seed).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20, 100, 500})
    void foldingKeepsTotalsAndEveryFrameThatStays(int limit) {
        for (long seed = 0; seed < 20; seed++) {
            List<RandomSample> samples = RandomSample.list(new Random(seed), 1000);
            ReadProfile whole = ReadProfile.of(build(samples, ALL));
            ReadProfile folded = ReadProfile.of(build(samples, ProfileLimits.DEFAULT.withMaxSamples(limit)));

            assertThat(folded.samples()).as("seed %s", seed).hasSizeLessThanOrEqualTo(limit);
            for (int column = 0; column < 2; column++) {
                assertThat(folded.total(column)).as("seed %s", seed).isEqualTo(whole.total(column));
                Map<List<String>, Long> before = whole.cumulative(column);
                folded.cumulative(column).forEach((stack, sum) -> {
                    if (!stack.get(stack.size() - 1).equals(FrameNames.OTHER)) {
                        assertThat(sum).as("%s", stack).isEqualTo(before.get(stack));
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20, 100})
    void noFoldedSubtreeIsLargerThanOneThatStays(int limit) {
        List<RandomSample> samples = RandomSample.list(new Random(limit), 1000);
        Map<List<String>, Long> whole = ReadProfile.of(build(samples, ALL)).cumulative(1);
        Map<List<String>, Long> folded = ReadProfile.of(build(samples, ProfileLimits.DEFAULT.withMaxSamples(limit)))
                .cumulative(1);
        long largestFolded = whole.entrySet().stream()
                .filter(entry -> !folded.containsKey(entry.getKey()))
                .filter(entry -> folded.containsKey(parent(entry.getKey()))
                        || entry.getKey().size() == 1)
                .mapToLong(Map.Entry::getValue)
                .max()
                .orElseThrow();
        // An only child stays for free; all others that stay are at least as large.
        long smallestChosen = folded.entrySet().stream()
                .filter(entry -> !entry.getKey().contains(FrameNames.OTHER))
                .filter(entry -> whole.keySet().stream()
                                .filter(stack -> stack.size() == entry.getKey().size()
                                        && parent(stack).equals(parent(entry.getKey())))
                                .count()
                        > 1)
                .mapToLong(Map.Entry::getValue)
                .min()
                .orElseThrow();

        assertThat(largestFolded).isLessThanOrEqualTo(smallestChosen);
    }

    @Test
    void foldedSamplesKeepTheLabelsTheyShare() {
        ProfileBuilder builder = ProfileBuilder.inUse();
        int top = builder.frame(ProfileBuilder.ROOT, "top");
        Labels kind = Labels.NONE.with("root_kind", "thread");
        for (int i = 0; i < 10; i++) {
            builder.sample(builder.frame(top, "child " + i), kind.with("type", "t" + i), 1, 8 + i);
        }

        ReadProfile folded = ReadProfile.of(builder.build(ProfileLimits.DEFAULT.withMaxSamples(2)));

        assertThat(folded.samples())
                .containsExactly(
                        new ReadProfile.Sample(
                                List.of("top", "(other)"), Map.of("root_kind", "thread"), List.of(9L, 108L)),
                        new ReadProfile.Sample(
                                List.of("top", "child 9"),
                                Map.of("root_kind", "thread", "type", "t9"),
                                List.of(1L, 17L)));
        assertThat(folded.decoded().comments()).singleElement().asString().contains("at most 2 samples");
    }

    @Test
    void aProfileOfTooManyBytesIsFoldedFurther() {
        ProfileLimits megabyte = new ProfileLimits(16_000, 1 << 20, 1000);
        ProfileBuilder builder = ProfileBuilder.inUse();
        Random random = new Random(9);
        for (int i = 0; i < 6_000; i++) {
            int frame = ProfileBuilder.ROOT;
            for (int depth = 0; depth < 120; depth++) {
                frame = builder.frame(frame, "package.of.Some.method" + random.nextInt(2000));
            }
            builder.sample(frame, Labels.NONE, 1, 16 + random.nextInt(1000));
        }

        Profile all = builder.build(megabyte.withMaxSamples(0));
        Profile capped = builder.build(megabyte);

        assertThat(all.samples()).isEqualTo(6_000);
        assertThat(all.rawBytes()).isGreaterThan(1 << 20);
        assertThat(all.warnings()).isEmpty();
        assertThat(capped.rawBytes()).isBetween(800L << 10, 1L << 20);
        assertThat(capped.total(ValueType.INUSE_SPACE)).isEqualTo(all.total(ValueType.INUSE_SPACE));
        assertThat(ProfileLimits.DEFAULT.maxRawBytes()).isEqualTo(4 << 20);
    }

    @Test
    void aTextLabelOfTooManyValuesIsLeftOutWithAWarning() {
        ProfileBuilder builder = ProfileBuilder.inUse();
        int frame = builder.frame(ProfileBuilder.ROOT, "frame");
        for (int i = 0; i < 1001; i++) {
            builder.sample(
                    frame,
                    Labels.NONE
                            .with("thread", "t" + i)
                            .with("kind", "k" + i % 1000)
                            .with("bytes", i, "bytes"),
                    1,
                    1);
        }

        Profile profile = builder.build(ALL);

        assertThat(profile.warnings()).singleElement().asString().contains("thread", "1001", "1000");
        ReadProfile decoded = ReadProfile.of(profile);
        assertThat(decoded.decoded().comments()).isEqualTo(profile.warnings());
        assertThat(decoded.samples())
                .hasSize(1001)
                .allSatisfy(sample -> assertThat(sample.labels()).containsOnlyKeys("kind", "bytes"));
    }

    @Test
    void stacksEndAt128Frames() {
        ProfileBuilder builder = ProfileBuilder.inUse();
        int frame = ProfileBuilder.ROOT;
        for (int i = 1; i <= 1000; i++) {
            frame = builder.frame(frame, "f" + i);
            builder.sample(frame, Labels.NONE, 1, i);
        }

        ReadProfile decoded = ReadProfile.of(builder.build(ALL));

        assertThat(decoded.samples()).hasSize(128);
        ReadProfile.Sample deepest = decoded.samples().get(127);
        assertThat(deepest.stack()).hasSize(128).startsWith("f1", "f2").endsWith("f126", "f127", "(deeper)");
        assertThat(deepest.values()).containsExactly(873L, (128L + 1000) * 873 / 2);
        assertThat(decoded.total(1)).isEqualTo(500_500);
    }

    @Test
    void aNameOfTenThousandCharactersIsCutInFramesAndLabels() {
        ProfileBuilder builder = ProfileBuilder.inUse();
        String name = "com.acme." + "Long".repeat(2500) + "Cache[]";
        int parent = ProfileBuilder.ROOT;
        for (String path : PackageFrames.java(name)) {
            parent = builder.frame(parent, path);
        }
        builder.sample(builder.frame(parent, name), Labels.NONE.with("type", name), 1, 8);

        ReadProfile.Sample sample = ReadProfile.of(builder.build(ALL)).samples().get(0);

        assertThat(sample.stack()).hasSize(3).startsWith("com", "com.acme");
        assertThat(sample.stack().get(2))
                .hasSize(200)
                .startsWith("com.acme.Long")
                .endsWith("LongCache[]");
        assertThat(sample.labels()).containsEntry("type", sample.stack().get(2));
    }

    @Test
    void namesThatUtf8CannotHoldAreRepaired() {
        ProfileBuilder builder = ProfileBuilder.inUse();
        builder.sample(
                builder.frame(ProfileBuilder.ROOT, "a\uD800b\nc\uDC00\uD83D\uDE00"),
                Labels.NONE.with("thread", "x\u0000\uDFFFy"),
                1,
                1);

        ReadProfile.Sample sample = ReadProfile.of(builder.build(ALL)).samples().get(0);

        assertThat(sample.stack()).containsExactly("a\uFFFDb c\uFFFD\uD83D\uDE00");
        assertThat(sample.labels()).containsEntry("thread", "x \uFFFDy");
    }

    @Test
    void samplesOfZerosAndFramesWithoutSamplesAreLeftOut() {
        ProfileBuilder builder = ProfileBuilder.inUse();
        builder.frame(ProfileBuilder.ROOT, "never used");
        builder.sample(builder.frame(ProfileBuilder.ROOT, "zero"), Labels.NONE, 0, 0);
        builder.sample(builder.frame(ProfileBuilder.ROOT, "empty objects"), Labels.NONE, 2, 0);

        Profile profile = builder.build(ALL);

        assertThat(ReadProfile.of(profile).samples())
                .containsExactly(new ReadProfile.Sample(List.of("empty objects"), Map.of(), List.of(2L, 0L)));
        assertThat(new String(profile.toByteArray(), StandardCharsets.ISO_8859_1))
                .contains("empty objects")
                .doesNotContain("never used")
                .doesNotContain("zero");
    }

    @Test
    void anEmptyProfileIsAProfile() {
        Profile profile = ProfileBuilder.inUse().build(ProfileLimits.DEFAULT);

        assertThat(ReadProfile.of(profile).samples()).isEmpty();
        assertThat(profile.total(ValueType.INUSE_OBJECTS)).isZero();
    }

    @Test
    void wrongCallsAreRefused() {
        ProfileBuilder builder = ProfileBuilder.inUse();
        int frame = builder.frame(ProfileBuilder.ROOT, "f");

        assertThatThrownBy(() -> builder.sample(frame, Labels.NONE, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.sample(frame, Labels.NONE, 1, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.sample(ProfileBuilder.ROOT, Labels.NONE, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.sample(77, Labels.NONE, 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> builder.frame(77, "g")).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> builder.frame(frame, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Labels.NONE.with("bad key", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Labels.NONE.with("n", 1, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ValueType("in-use", "bytes")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ProfileBuilder(List.of(ValueType.INUSE_SPACE), ValueType.INUSE_OBJECTS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void labelsAreEqualWhateverTheOrderTheyCameIn() {
        Labels one = Labels.NONE.with("a", "1").with("b", 2, "bytes").with("c", "3");
        Labels other =
                Labels.NONE.with("c", "9").with("b", 2, "bytes").with("a", "1").with("c", "3");

        assertThat(other).isEqualTo(one).hasSameHashCodeAs(one).hasToString("[a=1, c=3, b=2 bytes]");
        assertThat(one.with("c", "")).isEqualTo(Labels.NONE.with("a", "1").with("b", 2, "bytes"));
    }

    private static List<String> parent(List<String> stack) {
        return stack.subList(0, stack.size() - 1);
    }

    private static Profile build(List<RandomSample> samples, ProfileLimits limits) {
        ProfileBuilder builder = ProfileBuilder.inUse();
        for (RandomSample sample : samples) {
            int frame = ProfileBuilder.ROOT;
            for (String name : sample.stack) {
                frame = builder.frame(frame, name);
            }
            builder.sample(frame, sample.labels(), sample.count, sample.bytes);
        }
        return builder.build(limits);
    }

    /** A sample with a stack of few names, so that stacks share prefixes and repeat. */
    record RandomSample(List<String> stack, int label, long count, long bytes) {
        static List<RandomSample> list(Random random, int size) {
            List<RandomSample> samples = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                String[] stack = new String[1 + random.nextInt(6)];
                Arrays.setAll(stack, depth -> "f" + random.nextInt(4));
                boolean zero = random.nextInt(20) == 0;
                samples.add(new RandomSample(
                        List.of(stack),
                        random.nextInt(4),
                        zero ? 0 : 1 + random.nextInt(3),
                        zero ? 0 : (long) Math.exp(random.nextDouble() * 12)));
            }
            return samples;
        }

        Labels labels() {
            Labels labels = Labels.NONE;
            for (Map.Entry<String, String> entry : labelMap().entrySet()) {
                labels = labels.with(entry.getKey(), entry.getValue());
            }
            return labels;
        }

        Map<String, String> labelMap() {
            Map<String, String> map = new TreeMap<>();
            if ((label & 1) != 0) {
                map.put("kind", "k");
            }
            if (label > 0) {
                map.put("value", "v" + label);
            }
            return map;
        }
    }
}
