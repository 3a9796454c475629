package dev.holdfast.roots;

import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DominatorPathTest {
    @TempDir
    Path folder;

    @Test
    void thePathOfADiamondSkipsItsSides() throws IOException {
        HeapBuilder builder = new HeapBuilder();
        FakeClass node = builder.classNamed("Node").field("left", OBJECT).field("right", OBJECT);
        FakeInstance bottom = builder.instance(node);
        FakeInstance below = builder.instance(node);
        bottom.set("right", below);
        FakeInstance top = builder.instance(node)
                .set("left", builder.instance(node).set("left", bottom))
                .set("right", builder.instance(node).set("left", bottom));
        FakeThread thread = builder.thread("main");
        thread.frame(node, "run", "Node.java", 1).local(top);
        FakeInstance lost = builder.instance(node);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            ReferenceNames names = ReferenceNames.of(heap);
            DominatorPath path = DominatorPath.to(heap, names, Heaps.node(heap, below));

            assertThat(path.steps())
                    .containsExactly(
                            new DominatorPath.Step(Heaps.node(heap, thread), null),
                            new DominatorPath.Step(heap.graph().objectCount(), ReferenceNames.LOCAL),
                            new DominatorPath.Step(Heaps.node(heap, top), "java local"),
                            new DominatorPath.Step(Heaps.node(heap, bottom), null),
                            new DominatorPath.Step(Heaps.node(heap, below), "right"));
            assertThat(DominatorPath.to(heap, names, Heaps.node(heap, lost)).length())
                    .isZero();
        }
    }
}
