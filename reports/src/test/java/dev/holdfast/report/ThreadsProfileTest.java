package dev.holdfast.report;

import static dev.holdfast.testkit.HprofType.BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.ThreadRetention;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands where in {@code threads.pb.gz}, for stacks made for it. */
class ThreadsProfileTest {
    private static final int DEEP = 1_000;

    @TempDir
    private Path folder = Path.of("");

    private final HeapBuilder builder = new HeapBuilder();
    private final FakeClass work = builder.classNamed("Work");

    /** An array that takes {@code bytes}, a multiple of 8. */
    private FakeArray array(int bytes) {
        return builder.zeros(BYTE, bytes - 16);
    }

    private interface Check {
        void check(HeapSnapshot heap, ReadProfile profile) throws IOException;
    }

    private void profile(Check check) throws IOException {
        Path file = folder.resolve("heap.hprof");
        builder.toFile(file);
        try (ProfiledHeap profiled = ProfiledHeap.open(file)) {
            Profile profile = ProfiledHeap.profile(profiled.profiles(ProfileLimits.DEFAULT), "threads.pb.gz");
            ReadProfile read = ReadProfile.of(profile);
            long retained = 0;
            for (ThreadRetention thread : ThreadRetention.of(profiled.heap())) {
                retained += thread.retainedBytes().orElse(0);
            }
            assertThat(read.total(0)).isEqualTo(profiled.heap().dump().threads().size());
            assertThat(read.total(1)).isEqualTo(retained);
            check.check(profiled.heap(), read);
        }
    }

    /** The bytes of the samples that end in each function. */
    private static Map<String, Long> byLeaf(ReadProfile profile) {
        Map<String, Long> bytes = new HashMap<>();
        for (ReadProfile.Sample sample : profile.samples()) {
            String leaf = sample.stack().get(sample.stack().size() - 1);
            bytes.merge(leaf, sample.values().get(1), Long::sum);
        }
        return bytes;
    }

    private static long shallow(HeapSnapshot heap, FakeRef object) {
        return heap.graph().shallowSize(heap.graph().indexOf(object.address()));
    }

    @Test
    void everyPrefixHasWhatItsFrameRetainsAndOnlyTheWholeStackCounts() throws IOException {
        FakeThread thread = builder.thread("pool-7-thread-12").status(0x291);
        FakeArray both = array(400);
        thread.frame(work, "leaf", "Work.java", 1)
                .local(both)
                .caller(work, "middle", "Work.java", 2)
                .local(array(1_000))
                .jniLocal(array(200))
                .caller(work, "root", "Work.java", 3)
                .local(both);
        thread.jniLocal(array(3_000));
        profile((heap, profile) -> {
            Map<String, String> labels = Map.of("thread", "pool-#-thread-#", "kind", "platform", "state", "waiting");
            long object = shallow(heap, thread) + shallow(heap, builder.javaLangThread());
            // The name is a string of 24 bytes and an array of 32.
            assertThat(profile.samples())
                    .containsExactlyInAnyOrder(
                            new ReadProfile.Sample(
                                    List.of("Work.root:3", "Work.middle:2", "Work.leaf:1"), labels, List.of(1L, 0L)),
                            new ReadProfile.Sample(
                                    List.of("Work.root:3", "Work.middle:2"), labels, List.of(0L, 1_200L)),
                            new ReadProfile.Sample(List.of("(JNI locals outside frames)"), labels, List.of(0L, 3_000L)),
                            new ReadProfile.Sample(
                                    List.of("(thread object and thread locals)"),
                                    labels,
                                    List.of(0L, object + 24 + 32 + 400)));
        });
    }

    @Test
    void generatedClassesHaveOneNameInEveryRun() throws IOException {
        builder.thread("main")
                .frame(builder.classNamed("Work$$Lambda$14/0x0000000800c03000"), "run", "?", 0)
                .local(array(1_000))
                .caller(work, "main", "Work.java", 2);
        profile((heap, profile) -> assertThat(byLeaf(profile)).containsEntry("Work$$Lambda.run", 1_000L));
    }

    @Test
    void whatOneThreadHoldsOfAnotherCountsOnce() throws IOException {
        FakeThread held = builder.thread("held");
        held.frame(work, "run", "Work.java", 1).local(array(5_000));
        FakeThread holding = builder.thread("holding");
        holding.frame(work, "hold", "Work.java", 2).local(held).local(array(800));
        profile((heap, profile) ->
                assertThat(byLeaf(profile)).containsEntry("Work.run:1", 5_000L).containsEntry("Work.hold:2", 800L));
    }

    @Test
    void oneThreadUnderTwoNumbersIsOneThread() throws IOException {
        FakeThread thread = builder.thread("twice");
        thread.frame(work, "run", "Work.java", 1).local(array(5_000));
        FakeThread again = builder.thread(thread.object());
        again.frame(work, "run", "Work.java", 1);
        builder.root(FakeRoot.JAVA_FRAME, array(800), again.serial(), 0);
        profile((heap, profile) -> assertThat(byLeaf(profile)).containsEntry("Work.run:1", 5_800L));
    }

    @Test
    void framesOfADeepRecursionStandAtTheirFunctions() throws IOException {
        FakeThread thread = builder.thread("deep");
        for (int i = 0; i < DEEP; i++) {
            thread.frame(work, i % 2 == 0 ? "visit" : "descend", "Work.java", 1 + i % 2)
                    .local(array(8 * (10 + i % 3)));
        }
        thread.frame(work, "main", "Work.java", 3).local(array(2_000));
        profile((heap, profile) -> {
            long visit = 0;
            long descend = 0;
            for (int i = 0; i < DEEP; i++) {
                visit += i % 2 == 0 ? 8 * (10 + i % 3) : 0;
                descend += i % 2 == 1 ? 8 * (10 + i % 3) : 0;
            }
            assertThat(profile.cumulative(1))
                    .containsEntry(List.of("Work.main"), 2_000 + visit + descend)
                    .containsEntry(List.of("Work.main", "Work.descend"), visit + descend)
                    .containsEntry(List.of("Work.main", "Work.descend", "Work.visit"), visit);
            // One a place, and the thread itself.
            assertThat(profile.samples()).hasSize(4);
            assertThat(profile.decoded().comments()).anyMatch(each -> each.contains("recursion is shown once"));
        });
    }

    @Test
    void aDeepStackWithoutRoundsKeepsEveryFrameAtItsFunctionBelowItsNearestCallers() throws IOException {
        FakeThread thread = builder.thread("deep");
        Map<String, Long> expected = new HashMap<>();
        List<String> rootFirst = new ArrayList<>();
        for (int i = 0; i < DEEP; i++) {
            thread.frame(work, "f" + i, "Work.java", 1).local(array(800 + 8 * i));
            expected.put("Work.f" + i + ":1", 800L + 8L * i);
            rootFirst.add(0, "Work.f" + i + ":1");
        }
        profile((heap, profile) -> {
            assertThat(byLeaf(profile)).containsAllEntriesOf(expected);
            for (ReadProfile.Sample sample : profile.samples()) {
                List<String> stack = sample.stack();
                if (stack.get(0).equals("(thread object and thread locals)")) {
                    continue;
                }
                assertThat(stack).hasSizeLessThanOrEqualTo(128);
                boolean whole = !stack.get(0).equals("(outer frames)");
                List<String> shown = whole ? stack : stack.subList(1, stack.size());
                int end = rootFirst.indexOf(stack.get(stack.size() - 1)) + 1;
                assertThat(shown).isEqualTo(rootFirst.subList(end - shown.size(), end));
                assertThat(whole ? shown.size() == end : shown.size() >= 65).isTrue();
            }
        });
    }
}
