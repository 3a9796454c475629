package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.report.ProfiledHeap.Model;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sums by type from frames, against a count object by object. */
class FrameTypesTest {
    private static final int SEEDS = 400;

    @TempDir
    Path folder = Path.of("");

    /** A random tree whose types are told apart further than their names are. */
    private static final class Typed {
        final RandomDominatorTree heap;
        final int[] type;
        final int types;
        final int[] frameOf;

        /** What each object retains. */
        final long[] own;

        final RetentionTree tree = new RetentionTree();

        Typed(Random random, int objects, int loaders, int fields) {
            heap = new RandomDominatorTree(random, objects);
            type = new int[objects];
            types = 5 * loaders;
            frameOf = new int[objects];
            own = new long[objects];
            for (int i = 0; i < objects; i++) {
                type[i] = heap.type[i] * loaders + random.nextInt(loaders);
                int via = fields == 0 ? Math.max(heap.via[i], -1) : random.nextInt(fields);
                int above = heap.dominator[i] < 0
                        ? tree.holder(RetentionTree.ROOT, ~heap.dominator[i])
                        : frameOf[heap.dominator[i]];
                frameOf[i] = tree.child(above, via, heap.type[i]);
                tree.add(frameOf[i], type[i], heap.reachability[i], heap.bytes[i]);
            }
            for (int i = objects - 1; i >= 0; i--) {
                own[i] += heap.bytes[i];
                if (heap.dominator[i] >= 0) {
                    own[heap.dominator[i]] += own[i];
                }
            }
        }

        /** What each type retains, found by looking at all dominators of each object. */
        long[] retained() {
            long[] sums = new long[types];
            for (int i = 0; i < type.length; i++) {
                int above = heap.dominator[i];
                while (above >= 0 && type[above] != type[i]) {
                    above = heap.dominator[above];
                }
                sums[type[i]] += above < 0 ? own[i] : 0;
            }
            return sums;
        }

        /** Whether the frames tell; if so, that they tell the truth. */
        boolean told() {
            FrameTypes frames = new FrameTypes(tree, types, groups -> {
                long[] sums = new long[groups.size()];
                for (int i = 0; i < type.length; i++) {
                    int group = groups.indexOf(new FrameTypes.Group(frameOf[i], type[i]));
                    if (group >= 0) {
                        sums[group] += own[i];
                    }
                }
                return sums;
            });
            long[] objects = new long[types];
            long[] bytes = new long[types];
            for (int i = 0; i < type.length; i++) {
                objects[type[i]]++;
                bytes[type[i]] += heap.bytes[i];
            }
            long[] retained = retained();
            for (int each = 0; each < types; each++) {
                assertThat(frames.objects(each)).isEqualTo(objects[each]);
                assertThat(frames.bytes(each)).isEqualTo(bytes[each]);
                if (frames.tellRetained()) {
                    assertThat(frames.retained(each)).as("type %s", each).isEqualTo(retained[each]);
                }
            }
            return frames.tellRetained();
        }
    }

    @Test
    void framesOfTypesWithNamesOfTheirOwnAlwaysTell() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Typed typed = new Typed(random, 1 + random.nextInt(400), 1, 0);
            assertThat(typed.told()).as("seed %s", seed).isTrue();
        }
    }

    @Test
    void framesOfTypesOfOneNameTellTheTruthOrNothing() {
        int told = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            told += new Typed(random, 1 + random.nextInt(12), 2, 0).told() ? 1 : 0;
        }
        assertThat(told).isBetween(SEEDS / 10, SEEDS - SEEDS / 10);
    }

    @Test
    void stacksThatWereCutTellTheTruthOrNothing() {
        int deeper = 0;
        for (int seed = 0; seed < SEEDS / 4; seed++) {
            Random random = new Random(seed);
            Typed typed = new Typed(random, 700, 1, 10_000);
            for (int frame = 1; frame < typed.tree.frames(); frame++) {
                if (typed.tree.frameTree().depth(frame) == ProfileLimits.MAX_DEPTH) {
                    deeper++;
                    break;
                }
            }
            typed.told();
        }
        assertThat(deeper).isPositive();
    }

    static Stream<Arguments> dumps() {
        return Stream.of(CommittedDump.values())
                .flatMap(dump -> Stream.of(Model.values()).map(model -> Arguments.of(dump, model)));
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void theHistogramOfARealHeapIsTheSame(CommittedDump dump, Model model) throws IOException {
        try (ProfiledHeap profiled = ProfiledHeap.open(dump.copyTo(folder), model)) {
            assertThat(same(profiled.heap())).isTrue();
        }
    }

    @Test
    void theHistogramOfAGoHeapIsTheSame() throws IOException {
        GoFixture fixture = GoFixtures.named("1.26.11").orElseThrow();
        try (ProfiledHeap profiled = ProfiledHeap.open(
                fixture.core(), DumpOptions.DEFAULT.withExecutable(fixture.executable()), SnapshotOptions.DEFAULT)) {
            assertThat(same(profiled.heap())).isTrue();
        }
    }

    @Test
    void theHistogramOfLoadersThatDefineTheSameClassesIsTheSame() throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        Path dump = Fixtures.java().orElseThrow().resolve("loaders25.hprof.gz");
        assumeTrue(Files.exists(dump), () -> "no " + dump);
        try (ProfiledHeap profiled = ProfiledHeap.open(dump)) {
            assertThat(same(profiled.heap())).isTrue();
        }
    }

    /** Checks the histogram; answers whether frames told all of it. */
    private static boolean same(HeapSnapshot heap) {
        RetentionWalk walk = new RetentionWalk(heap);
        walk.run(Progress.NONE);
        walk.count(Progress.NONE);
        FrameTypes types = walk.types();
        assertThat(HistogramReport.of(heap, types).rows())
                .isEqualTo(HistogramReport.of(heap, HistogramReport.Scope.REACHABLE, 0, true)
                        .rows());
        walk.release();
        return types.tellRetained();
    }
}
