package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.Progress;
import dev.holdfast.testkit.CommittedDump;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tree of the flame graph against the profile that another decoder reads. */
final class FlameTreeTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void everyFrameHasWhatTheProfileHasAtItAndBelow() throws IOException {
        try (ProfiledHeap heap = ProfiledHeap.open(CommittedDump.JDK17.copyTo(folder))) {
            for (ProfileLimits limits : List.of(ProfiledHeap.EVERYTHING, ProfileLimits.DEFAULT.withMaxSamples(50))) {
                Profile profile = ProfiledHeap.profile(heap.profiles(limits), "roots.pb.gz");
                FlameTree tree = FlameTree.of(profile);
                ReadProfile read = ReadProfile.of(profile);
                assertThat(paths(tree, true)).isEqualTo(read.cumulative(0));
                assertThat(paths(tree, false)).isEqualTo(read.cumulative(1));
                assertThat(tree.objects(FlameTree.ROOT)).isEqualTo(read.total(0));
                assertThat(tree.bytes(FlameTree.ROOT)).isEqualTo(read.total(1));
            }
        }
    }

    @Test
    void framesStandInPreorderLargestSiblingFirst() throws IOException {
        try (ProfiledHeap heap = ProfiledHeap.open(CommittedDump.JDK17.copyTo(folder))) {
            RetentionWalk walk = new RetentionWalk(heap.heap());
            walk.run(Progress.NONE);
            walk.count(Progress.NONE);
            FlameTree tree = FlameSection.of(walk).tree();
            assertThat(tree.bytes(FlameTree.ROOT))
                    .isEqualTo(heap.heap().totals().reachableBytes());
            assertThat(tree.objects(FlameTree.ROOT))
                    .isEqualTo(heap.heap().totals().reachableObjects());
            Map<Integer, Integer> before = new HashMap<>();
            Set<Integer> closed = new HashSet<>();
            for (int frame = 1; frame < tree.size(); frame++) {
                int parent = tree.parent(frame);
                assertThat(tree.depth(frame)).isEqualTo(tree.depth(parent) + 1);
                for (int at = frame - 1; at != parent; at = tree.parent(at)) {
                    closed.add(at);
                }
                assertThat(closed).doesNotContain(parent);
                Integer sibling = before.put(parent, frame);
                if (sibling != null && !tree.name(frame).equals(FrameNames.OTHER)) {
                    assertThat(tree.bytes(frame)).isLessThanOrEqualTo(tree.bytes(sibling));
                }
            }
        }
    }

    private static Map<List<String>, Long> paths(FlameTree tree, boolean objects) {
        Map<List<String>, Long> paths = new HashMap<>();
        for (int frame = 1; frame < tree.size(); frame++) {
            Deque<String> path = new ArrayDeque<>();
            for (int at = frame; at != FlameTree.ROOT; at = tree.parent(at)) {
                path.addFirst(tree.name(at));
            }
            paths.put(List.copyOf(path), objects ? tree.objects(frame) : tree.bytes(frame));
        }
        return paths;
    }
}
