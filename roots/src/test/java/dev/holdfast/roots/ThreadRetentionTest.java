package dev.holdfast.roots;

import static dev.holdfast.testkit.HprofType.BYTE;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeFrame;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.MatTables;
import dev.holdfast.testkit.TsvTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadRetentionTest {
    @TempDir
    Path folder;

    private final HeapBuilder builder = new HeapBuilder();
    private final FakeArray top = builder.zeros(BYTE, 1_000);
    private final FakeArray native_ = builder.zeros(BYTE, 2_000);
    private final FakeArray shared = builder.zeros(BYTE, 4_000);
    private final FakeArray outside = builder.zeros(BYTE, 8_000);
    private final FakeArray free = builder.zeros(BYTE, 16_000);

    private FakeThread makeThread() {
        FakeClass work = builder.classNamed("Work").staticField("KEPT", outside);
        FakeThread thread = builder.thread("main");
        FakeFrame leaf = thread.frame(work, "leaf", "Work.java", 1);
        leaf.local(top).jniLocal(native_).local(shared).local(outside);
        leaf.caller(work, "empty", "Work.java", 2)
                .caller(work, "main", "Work.java", 3)
                .local(shared);
        thread.jniLocal(free);
        return thread;
    }

    @Test
    void framesRetainWhatTheirLocalsAloneHold() throws IOException {
        FakeThread thread = makeThread();
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            ThreadRetention retention = ThreadRetention.of(heap).get(0);

            assertThat(retention.thread().name()).isEqualTo("main");
            assertThat(retention.node()).isEqualTo(Heaps.node(heap, thread));
            // Arrays of n bytes take 16 + n.
            assertThat(retention.frameBytes())
                    .containsExactly(OptionalLong.of(1_016 + 2_016), OptionalLong.of(0), OptionalLong.of(0));
            assertThat(retention.nativeBytes()).hasValue(16_016);
            long own = heap.graph().shallowSize(retention.node());
            // The string of the name: 24 bytes and an array of 4.
            assertThat(retention.sharedBytes()).hasValue(own + 24 + 24 + 4_016);
            assertThat(retention.retainedBytes()).hasValue(own + 48 + 1_016 + 2_016 + 4_016 + 16_016);
        }
    }

    @Test
    void inMatsModelFramesHoldNothingApart() throws IOException {
        makeThread();
        Path file = folder.resolve("heap.hprof");
        builder.toFile(file);
        try (HeapSnapshot heap = Heaps.open(file, DumpOptions.DEFAULT.withMat(true))) {
            ThreadRetention retention = ThreadRetention.of(heap).get(0);

            assertThat(retention.retainedBytes()).isPresent();
            assertThat(retention.frameBytes()).hasSize(3).containsOnly(OptionalLong.empty());
            assertThat(retention.nativeBytes()).isEmpty();
            assertThat(retention.sharedBytes()).isEmpty();
        }
    }

    @Test
    void aThreadWithoutObjectRetainsNothingKnown() throws IOException {
        FakeClass threadClass = builder.classNamed("T").field("name", OBJECT);
        FakeInstance elsewhere = new HeapBuilder().nextAt(0x7000_0000L).instance(threadClass);
        builder.thread(elsewhere).frame(threadClass, "run", "T.java", 1).local(top);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            ThreadRetention retention = ThreadRetention.of(heap).get(0);

            assertThat(retention.node()).isEqualTo(-1);
            assertThat(retention.retainedBytes()).isEmpty();
            assertThat(retention.frameBytes()).containsExactly(OptionalLong.empty());
            assertThat(retention.sharedBytes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic17", "vthreads25", "oracle_jdk8_05_x64", "sun_jdk6_18_x64"})
    void threadsRetainInMatsModelWhatMatSays(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        MatTables tables = MatTables.of(Fixtures.java().orElseThrow(), name);
        try (HeapSnapshot heap = Heaps.open(tables.dump(), DumpOptions.DEFAULT.withMat(true))) {
            List<ThreadRetention> threads = ThreadRetention.of(heap);
            int compared = 0;
            for (TsvTable.Row row : tables.section("threads").rows()) {
                for (ThreadRetention thread : threads) {
                    if (thread.thread().address() == row.number("address")) {
                        assertThat(thread.retainedBytes()).as(row.text("name")).hasValue(row.number("retained"));
                        compared++;
                    }
                }
            }
            assertThat(compared).isGreaterThan(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic17", "vthreads25", "openjdk_jdk11_04_x64"})
    void framesAndTheRestAddUpToTheThread(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        try (HeapSnapshot heap = Heaps.open(Fixtures.java().orElseThrow().resolve(name + ".hprof.gz"))) {
            for (ThreadRetention thread : ThreadRetention.of(heap)) {
                long frames = thread.frameBytes().stream()
                        .mapToLong(OptionalLong::getAsLong)
                        .sum();
                assertThat(frames
                                + thread.nativeBytes().getAsLong()
                                + thread.sharedBytes().getAsLong())
                        .as(thread.thread().name())
                        .isEqualTo(thread.retainedBytes().getAsLong());
                assertThat(thread.sharedBytes().getAsLong())
                        .as(thread.thread().name())
                        .isGreaterThanOrEqualTo(heap.graph().shallowSize(thread.node()));
            }
        }
    }
}
