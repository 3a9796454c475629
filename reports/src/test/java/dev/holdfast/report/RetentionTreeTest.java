package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTreeTest {
    private static final ProfileLimits ALL = ProfileLimits.DEFAULT.withMaxSamples(0);

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void cumulativeIsWhatTheTopmostObjectsOfAFrameRetain(int seed) {
        Random random = new Random(seed);
        RandomDominatorTree heap = new RandomDominatorTree(random, 1 + random.nextInt(400));
        RetentionTree tree = new RetentionTree();
        heap.feed(tree);

        ReadProfile profile = ReadProfile.of(build(tree, ALL));

        Map<List<String>, Long> expected = heap.retainedOfTopmost();
        Map<List<String>, Long> actual = profile.cumulative(1);
        expected.forEach((stack, retained) ->
                assertThat(actual.get(stack)).as("seed %s, %s", seed, stack).isEqualTo(retained));
        actual.keySet()
                .forEach(stack -> assertThat(stack.size() <= 2 || expected.containsKey(stack))
                        .as("%s", stack)
                        .isTrue());
        assertThat(profile.total(0)).isEqualTo(heap.objects());
        assertThat(profile.total(1)).isEqualTo(IntStream.of(heap.bytes).sum());
        assertThat(profile.samples())
                .allSatisfy(sample -> assertThat(sample.stack()).hasSizeLessThanOrEqualTo(128));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anObjectHasItsDominatorsFrameOrOneDirectlyBelow(int seed) {
        RandomDominatorTree heap = new RandomDominatorTree(new Random(seed), 300);
        RetentionTree tree = new RetentionTree();
        int[] frames = heap.feed(tree);

        for (int i = 0; i < heap.objects(); i++) {
            if (heap.dominator[i] >= 0) {
                int above = frames[heap.dominator[i]];
                assertThat(frames[i] == above || tree.frameTree().parent(frames[i]) == above)
                        .as("seed %s, object %s", seed, i)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void foldingChangesNeitherTotalsNorFramesThatStay(int seed) {
        Random random = new Random(seed);
        RandomDominatorTree heap = new RandomDominatorTree(random, 500);
        RetentionTree tree = new RetentionTree();
        heap.feed(tree);
        int limit = 1 + random.nextInt(60);

        Profile folded = build(tree, ProfileLimits.DEFAULT.withMaxSamples(limit));

        assertThat(folded.samples()).as("seed %s", seed).isLessThanOrEqualTo(limit);
        ReadProfile decoded = ReadProfile.of(folded);
        assertThat(decoded.total(0)).as("seed %s", seed).isEqualTo(heap.objects());
        assertThat(decoded.total(1))
                .as("seed %s", seed)
                .isEqualTo(IntStream.of(heap.bytes).sum());
        Map<List<String>, Long> whole = ReadProfile.of(build(tree, ALL)).cumulative(1);
        Map<List<String>, Long> kept = decoded.cumulative(1);
        kept.forEach((stack, bytes) -> {
            if (stack.get(stack.size() - 1).equals(FrameNames.OTHER)) {
                assertThat(bytes).as("seed %s, %s", seed, stack).isEqualTo(missingBelow(whole, kept, stack));
            } else {
                assertThat(bytes).as("seed %s, %s", seed, stack).isEqualTo(whole.get(stack));
            }
        });
    }

    @Test
    void frameTreeAndFoldingAgreeWithTheGeneralBuilder() {
        for (int seed = 0; seed < 50; seed++) {
            RandomDominatorTree heap = new RandomDominatorTree(new Random(seed), 400);
            RetentionTree tree = new RetentionTree();
            heap.feed(tree);
            ProfileBuilder builder = ProfileBuilder.inUse();
            List<List<String>> stacks = heap.stacks();
            RetentionNames names = RandomDominatorTree.names();
            for (int i = 0; i < heap.objects(); i++) {
                int frame = ProfileBuilder.ROOT;
                for (String name : stacks.get(i)) {
                    frame = builder.frame(frame, new Place(name, "", 0));
                }
                builder.sample(frame, names.labels(0, heap.type[i], heap.reachability[i]), 1, heap.bytes[i]);
            }

            assertThat(build(tree, ALL).toByteArray())
                    .as("seed %s", seed)
                    .isEqualTo(builder.build(ALL).toByteArray());
        }
    }

    @Test
    void aListOfTwoMillionNodesIsThreeBars() {
        RetentionTree tree = new RetentionTree();
        int frame = tree.child(tree.holder(tree.holder(RetentionTree.ROOT, 100), 0), 0, 0);
        tree.add(frame, 0, 0, 24);
        for (int i = 0; i < 2_000_000; i++) {
            frame = tree.child(frame, 1, 1);
            tree.add(frame, 1, 0, 24);
            // Each node holds a value of its own.
            tree.add(tree.child(frame, 2, 2), 2, 0, 16);
        }

        assertThat(tree.frames()).isLessThan(10);
        Map<List<String>, Long> cumulative =
                ReadProfile.of(build(tree, ProfileLimits.DEFAULT)).cumulative(1);
        List<String> list = List.of("kind", "holder a", "fa Ta");
        assertThat(cumulative)
                .containsEntry(list, 24 + 2_000_000L * 40)
                .containsEntry(plus(list, "fb Tb", "(recursive) Tb"), 1_999_999L * 40)
                .containsEntry(plus(list, "fb Tb", "(recursive) Tb", "fc Tc"), 1_999_999L * 16)
                .hasSize(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 40})
    void aChainWithAPeriodStaysSmall(int period) {
        RetentionTree tree = new RetentionTree();
        int frame = tree.holder(RetentionTree.ROOT, 0);
        for (int i = 0; i < 1_000_000; i++) {
            frame = tree.child(frame, i % period, i % period);
            tree.add(frame, i % period, 0, 8);
        }

        assertThat(tree.frames()).isEqualTo(period + 3);
        ReadProfile profile = ReadProfile.of(build(tree, ProfileLimits.DEFAULT));
        assertThat(profile.total(1)).isEqualTo(8_000_000);
        ReadProfile.Sample widest = profile.samples().stream()
                .max((a, b) -> Long.compare(a.values().get(1), b.values().get(1)))
                .orElseThrow();
        assertThat(widest.stack()).hasSize(period + 2).endsWith("(recursive) Ta");
    }

    @Test
    void aChainWithoutRepetitionEndsAt128Frames() {
        RetentionTree tree = new RetentionTree();
        int frame = tree.holder(RetentionTree.ROOT, 0);
        for (int i = 0; i < 10_000; i++) {
            frame = tree.child(frame, i, i % 3);
            tree.add(frame, i % 3, 0, 8);
        }

        assertThat(tree.frames()).isEqualTo(129);
        ReadProfile profile = ReadProfile.of(build(tree, ProfileLimits.DEFAULT));
        assertThat(profile.total(0)).isEqualTo(10_000);
        assertThat(profile.samples())
                .filteredOn(sample -> sample.stack().contains(FrameNames.DEEPER))
                .hasSize(3)
                .allSatisfy(sample -> assertThat(sample.stack()).hasSize(128).endsWith(FrameNames.DEEPER));
    }

    @Test
    void aStarOfManyTypesIsFoldedIntoOther() {
        RetentionTree tree = new RetentionTree();
        int holder = tree.holder(RetentionTree.ROOT, 0);
        int hub = tree.child(holder, 0, 0);
        for (int i = 0; i < 1_000_000; i++) {
            tree.add(tree.child(hub, i, 0), 0, 0, 8 + i % 1000);
        }

        Profile profile = build(tree, ProfileLimits.DEFAULT);

        assertThat(profile.samples()).isEqualTo(16_000);
        assertThat(profile.total(ValueType.INUSE_OBJECTS)).isEqualTo(1_000_000);
        ReadProfile.Sample other = ReadProfile.of(profile).samples().stream()
                .filter(sample -> sample.stack().contains(FrameNames.OTHER))
                .findFirst()
                .orElseThrow();
        assertThat(other.stack()).hasSize(3).endsWith(FrameNames.OTHER);
        assertThat(other.values().get(0)).isEqualTo(1_000_000 - 15_999);
        assertThat(other.labels()).containsEntry("type", "Ta").containsEntry("reachability", "strong");
    }

    @Test
    void labelsAreAskedForWithTheInnermostHolder() {
        RetentionTree tree = new RetentionTree();
        int kind = tree.holder(RetentionTree.ROOT, 100);
        int inner = tree.holder(tree.holder(kind, 0), 1);
        tree.add(tree.child(inner, RetentionTree.NO_VIA, 0), 7, 2, 8);
        Map<Integer, String> asked = new HashMap<>();
        RetentionNames names = new RetentionNames() {
            @Override
            public String holder(int nameId) {
                return "h" + nameId;
            }

            @Override
            public String via(int viaId) {
                throw new AssertionError(viaId);
            }

            @Override
            public String type(int typeNameId) {
                return "T";
            }

            @Override
            public Labels labels(int holder, int typeId, int reachability) {
                asked.put(holder, typeId + " " + reachability);
                return Labels.NONE;
            }
        };

        ReadProfile profile = ReadProfile.of(tree.build(ProfileBuilder.inUse(), names, ALL));

        assertThat(asked).containsExactly(Map.entry(inner, "7 2"));
        assertThat(profile.samples().get(0).stack()).containsExactly("h100", "h0", "h1", "T");
    }

    @Test
    void theTemplatesHeaderIsTheProfiles() {
        RetentionTree tree = new RetentionTree();
        tree.add(tree.child(tree.holder(RetentionTree.ROOT, 0), 0, 0), 0, 0, 8);

        ReadProfile profile = ReadProfile.of(
                tree.build(ProfileBuilder.inUse().timeNanos(5).comment("hello"), RandomDominatorTree.names(), ALL));

        assertThat(profile.decoded().timeNanos()).isEqualTo(5);
        assertThat(profile.decoded().comments()).containsExactly("hello");
    }

    @Test
    void wrongCallsAreRefused() {
        RetentionTree tree = new RetentionTree();
        int holder = tree.holder(RetentionTree.ROOT, 0);
        int object = tree.child(holder, 0, 0);

        assertThatThrownBy(() -> tree.child(holder, -3, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.child(holder, 0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.child(99, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tree.add(99, 0, 0, 8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tree.add(RetentionTree.ROOT, 0, 0, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.add(object, 0, 128, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.add(object, 0, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** What the whole profile has below the parent of an (other), and the folded one does not show. */
    private static long missingBelow(Map<List<String>, Long> whole, Map<List<String>, Long> kept, List<String> other) {
        List<String> parent = other.subList(0, other.size() - 1);
        return whole.entrySet().stream()
                .filter(entry -> entry.getKey().size() == other.size())
                .filter(entry -> entry.getKey().subList(0, parent.size()).equals(parent))
                .filter(entry -> !kept.containsKey(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static List<String> plus(List<String> list, String... more) {
        return Stream.concat(list.stream(), Stream.of(more)).toList();
    }

    private static Profile build(RetentionTree tree, ProfileLimits limits) {
        return tree.build(ProfileBuilder.inUse(), RandomDominatorTree.names(), limits);
    }
}
