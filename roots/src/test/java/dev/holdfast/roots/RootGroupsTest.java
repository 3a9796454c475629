package dev.holdfast.roots;

import static dev.holdfast.testkit.HprofType.BYTE;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootGroupsTest {
    @TempDir
    Path folder;

    @Test
    void rootsOfOneNameAreOneRow() throws IOException {
        HeapBuilder builder = new HeapBuilder();
        FakeClass node = builder.classNamed("Node").field("next", OBJECT);
        FakeArray big = builder.zeros(BYTE, 10_000);
        FakeArray local = builder.zeros(BYTE, 5_000);
        FakeArray shared = builder.zeros(BYTE, 1_000);
        FakeInstance a = builder.instance(node).set("next", big);
        FakeInstance b = builder.instance(node).set("next", shared);
        FakeThread thread = builder.thread("main");
        thread.frame(node, "run", "Node.java", 1).local(local).local(local).local(shared);
        builder.root(FakeRoot.JNI_GLOBAL, a).root(FakeRoot.JNI_GLOBAL, b);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            RootGroups groups = RootGroups.of(heap, Heaps.names(heap));

            RootGroup globals = groups.rows().get(0);
            assertThat(globals.root()).isEqualTo(new RootName(RootKind.JNI_GLOBAL, "Node"));
            assertThat(globals.objects()).isEqualTo(2);
            assertThat(globals.retainedBytes())
                    .isEqualTo(2 * size(heap, a) + size(heap, big))
                    .isGreaterThan(10_000);
            RootGroup frame = groups.rows().stream()
                    .filter(row -> row.root().kind() == RootKind.JAVA_LOCAL)
                    .findFirst()
                    .orElseThrow();
            assertThat(frame.root().name()).isEqualTo("main > Node.run");
            assertThat(frame.objects()).isEqualTo(2);
            assertThat(frame.retainedBytes()).isEqualTo(size(heap, local));
            // The class of byte arrays is no system class, and each of the arrays refers to it.
            assertThat(groups.shared())
                    .isEqualTo(new RootGroups.KindTotal(2, 2, size(heap, shared) + size(heap, builder.shared("[B"))));
            assertThat(groups.byKind().get(RootKind.JNI_GLOBAL))
                    .isEqualTo(new RootGroups.KindTotal(2, 2, globals.retainedBytes()));
        }
    }

    private static long size(HeapSnapshot heap, FakeRef object) {
        return heap.graph().shallowSize(Heaps.node(heap, object));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello17", "vthreads25", "sun_jdk5_64bit", "oracle_jdk8_05_x64", "bad-cut90"})
    void rowsAndWhatIsSharedAddUpToTheReachableHeap(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        try (HeapSnapshot heap = Heaps.open(Fixtures.java().orElseThrow().resolve(name + ".hprof.gz"))) {
            RootGroups groups = RootGroups.of(heap, Heaps.names(heap));
            long inFrames = 0;
            for (int node = heap.graph().objectCount(); node < heap.graph().nodeCount(); node++) {
                inFrames += heap.dominators().immediateDominator(node) >= 0
                        ? heap.dominators().retainedSize(node)
                        : 0;
            }

            long rows =
                    groups.rows().stream().mapToLong(RootGroup::retainedBytes).sum();
            assertThat(rows - inFrames + groups.shared().retainedBytes())
                    .isEqualTo(heap.totals().reachableBytes());
            assertThat(groups.byKind().values().stream()
                            .mapToLong(RootGroups.KindTotal::retainedBytes)
                            .sum())
                    .isEqualTo(rows);
            assertThat(groups.rows()).isSortedAccordingTo((a, b) -> Long.compare(b.retainedBytes(), a.retainedBytes()));
            assertThat(groups.rows()).extracting(RootGroup::root).doesNotHaveDuplicates();
        }
    }
}
