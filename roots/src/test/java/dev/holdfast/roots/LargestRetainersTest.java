package dev.holdfast.roots;

import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargestRetainersTest {
    @TempDir
    Path folder;

    private final HeapBuilder builder = new HeapBuilder();
    private FakeClass outer;
    private FakeClass inner;
    private FakeThread thread;

    @BeforeEach
    void declare() {
        outer = builder.classNamed("Outer").field("left", OBJECT).field("right", OBJECT);
        inner = builder.classNamed("Inner").field("left", OBJECT).field("right", OBJECT);
        thread = builder.thread("main");
    }

    @Test
    void aListIsNamedByItsFirstNode() throws IOException {
        FakeInstance first = builder.instance(inner);
        FakeInstance last = first;
        for (int i = 0; i < 1000; i++) {
            FakeInstance next = builder.instance(inner);
            last.set("left", next);
            last = next;
        }
        FakeInstance list = builder.instance(outer).set("left", first);
        local(list);

        assertThat(largest(1)).containsExactly(first.address());
    }

    @Test
    void whereTwoShareAllTheMemoryBothAreNamed() throws IOException {
        FakeRef one = bytes(40_000);
        FakeRef other = bytes(50_000);
        local(builder.instance(outer)
                .set("left", builder.instance(inner).set("left", one).set("right", other)));

        assertThat(largest(2)).containsExactly(other.address(), one.address());
    }

    @Test
    void whereMemoryIsSpreadTheObjectAboveIsNamed() throws IOException {
        FakeInstance many = builder.instance(inner);
        many.set("left", bytes(40_000));
        many.set(
                "right",
                builder.array(
                        builder.javaLangObject(),
                        bytes(10_000),
                        bytes(10_000),
                        bytes(10_000),
                        bytes(10_000),
                        bytes(10_000)));
        FakeInstance spread = builder.instance(outer).set("left", many);
        local(spread);

        // The array itself spreads; with it the two branches make up all.
        assertThat(largest(2)).hasSize(2);
        assertThat(largest(1)).containsExactly(many.address());
    }

    @Test
    void aTreeOfOneTypeIsNamedByItsTop() throws IOException {
        local(builder.instance(outer).set("left", tree(10)));
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            int found = LargestRetainers.find(heap, 3, Progress.NONE).get(0);

            assertThat(heap.dominators().retainedSize(found))
                    .isEqualTo(2047 * heap.graph().shallowSize(found));
            assertThat(heap.types().get(heap.graph().typeOf(found)).name()).isEqualTo("Inner");
        }
    }

    private FakeInstance tree(int depth) {
        FakeInstance node = builder.instance(inner);
        if (depth > 0) {
            node.set("left", tree(depth - 1)).set("right", tree(depth - 1));
        }
        return node;
    }

    private void local(FakeRef object) {
        thread.frame(outer, "run", "Outer.java", 1).local(object);
    }

    private FakeRef bytes(int length) {
        return builder.bytes(new byte[length]);
    }

    private List<Long> largest(int most) throws IOException {
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            return LargestRetainers.find(heap, most, Progress.NONE).stream()
                    .map(node -> heap.graph().addressOf(node))
                    .toList();
        }
    }
}
