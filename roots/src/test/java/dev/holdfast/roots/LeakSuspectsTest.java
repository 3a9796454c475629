package dev.holdfast.roots;

import static dev.holdfast.testkit.HprofType.BYTE;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakSuspectsTest {
    @TempDir
    Path folder;

    private final HeapBuilder builder = new HeapBuilder();
    private final FakeClass box =
            builder.classNamed("Box").field("value", OBJECT).field("other", OBJECT);

    private static List<LeakSuspect> find(HeapSnapshot heap) {
        return LeakSuspects.find(Heaps.paths(heap, true), LeakSuspects.DEFAULT_THRESHOLD, Progress.NONE);
    }

    private FakeArray manyBytes(int arrays, int length) {
        FakeArray array = builder.arrayOfLength(builder.javaLangObject(), arrays);
        for (int i = 0; i < arrays; i++) {
            array.set(i, builder.zeros(BYTE, length));
        }
        return array;
    }

    @Test
    void aSingleSuspectIsFollowedToWhereTheMemoryIs() throws IOException {
        FakeClass loaderClass = builder.shared("java.lang.ClassLoader").field("name", OBJECT);
        FakeInstance loader = builder.instance(loaderClass).set("name", builder.string("plugins"));
        FakeArray cache = manyBytes(100, 1000);
        FakeInstance inner = builder.instance(box).set("value", cache).set("other", builder.zeros(BYTE, 100));
        FakeClass registry = builder.classNamed("Registry").loadedBy(loader).staticField("CACHE", inner);
        builder.root(FakeRoot.JNI_GLOBAL, registry).root(FakeRoot.JNI_GLOBAL, loader);
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            List<LeakSuspect> suspects = find(heap);

            assertThat(suspects).hasSize(1);
            LeakSuspect suspect = suspects.get(0);
            assertThat(suspect.kind()).isEqualTo(LeakSuspect.Kind.SINGLE);
            assertThat(suspect.object()).isEqualTo(Heaps.node(heap, registry));
            assertThat(suspect.retainedBytes())
                    .isEqualTo(heap.dominators().retainedSize(suspect.object()))
                    .isGreaterThan(100_000);
            assertThat(suspect.share())
                    .isCloseTo((double) suspect.retainedBytes() / heap.totals().reachableBytes(), within(1e-12));
            assertThat(suspect.accumulation()).isEqualTo(Heaps.node(heap, cache));
            assertThat(suspect.accumulatedBytes()).isEqualTo(heap.dominators().retainedSize(suspect.accumulation()));
            assertThat(suspect.classLoader()).isEqualTo("java.lang.ClassLoader \"plugins\"");
            assertThat(requireNonNull(suspect.path()).steps())
                    .extracting(PathStep::via)
                    .containsExactly(null, "static CACHE", "value");
            assertThat(suspect.runtime()).isFalse();
        }
    }

    @Test
    void theWalkStopsAtAFrameThatHoldsSeveralLocals() throws IOException {
        FakeThread thread = builder.thread("main");
        thread.frame(box, "run", "Box.java", 1).local(manyBytes(10, 1000)).local(manyBytes(10, 1000));
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            LeakSuspect suspect = find(heap).get(0);

            assertThat(suspect.object()).isEqualTo(Heaps.node(heap, thread));
            assertThat(heap.graph().isHolder(suspect.accumulation())).isTrue();
            assertThat(Heaps.names(heap).of(suspect.accumulation()).name()).isEqualTo("main > Box.run");
            assertThat(requireNonNull(suspect.path()).length()).isEqualTo(1);
        }
    }

    @Test
    void manyObjectsOfAClassThatNothingDominatesAreAGroup() throws IOException {
        int count = 200;
        FakeArray one = builder.arrayOfLength(builder.javaLangObject(), count);
        FakeArray two = builder.arrayOfLength(builder.javaLangObject(), count);
        FakeClass session = builder.classNamed("Session").field("data", OBJECT);
        for (int i = 0; i < count; i++) {
            FakeInstance each = builder.instance(session).set("data", builder.zeros(BYTE, 500));
            one.set(i, each);
            two.set(i, each);
        }
        builder.root(FakeRoot.JNI_GLOBAL, builder.instance(box).set("value", one))
                .root(
                        FakeRoot.JNI_GLOBAL,
                        builder.instance(box).set("value", builder.instance(box).set("value", two)));
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            List<LeakSuspect> suspects = find(heap);

            assertThat(suspects).hasSize(1);
            LeakSuspect suspect = suspects.get(0);
            assertThat(suspect.kind()).isEqualTo(LeakSuspect.Kind.GROUP);
            assertThat(suspect.object()).isEqualTo(-1);
            assertThat(heap.types().get(suspect.type()).name()).isEqualTo("Session");
            assertThat(suspect.objects()).isEqualTo(count);
            assertThat(suspect.retainedBytes()).isEqualTo(count * (16 + 520L));
            // The nearer of the two arrays is on all shortest paths.
            assertThat(suspect.accumulation()).isEqualTo(Heaps.node(heap, one));
            assertThat(requireNonNull(suspect.path()).steps())
                    .extracting(PathStep::via)
                    .containsExactly(null, "value");
        }
    }

    @Test
    void aGroupWithoutACommonPathHasNoAccumulationPoint() throws IOException {
        FakeClass session = builder.classNamed("Session").field("data", OBJECT);
        for (int i = 0; i < 50; i++) {
            builder.root(FakeRoot.JNI_GLOBAL, builder.instance(session).set("data", builder.zeros(BYTE, 500)));
        }
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            LeakSuspect suspect = find(heap).get(0);

            assertThat(suspect.objects()).isEqualTo(50);
            assertThat(suspect.accumulation()).isEqualTo(-1);
            assertThat(suspect.path()).isNull();
        }
    }

    @Test
    void whatOnlyAWeakReferenceReachesStillGetsAPath() throws IOException {
        FakeClass reference = builder.shared("java.lang.ref.Reference").field("referent", OBJECT);
        FakeClass weak = builder.shared("java.lang.ref.WeakReference").extending(reference);
        FakeArray cache = manyBytes(100, 1000);
        builder.root(FakeRoot.JNI_GLOBAL, builder.instance(weak).set("referent", cache));
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            LeakSuspect suspect = find(heap).get(0);

            assertThat(suspect.accumulation()).isEqualTo(Heaps.node(heap, cache));
            assertThat(requireNonNull(suspect.path()).steps())
                    .extracting(PathStep::via)
                    .containsExactly(null, "referent");
        }
    }

    @Test
    void theArchiveOfTheVirtualMachineComesLastAndIsMarked() throws IOException {
        FakeRef[] strings = new FakeRef[2000];
        for (int i = 0; i < strings.length; i++) {
            strings[i] = builder.string("archived" + i);
        }
        builder.root(FakeRoot.JNI_GLOBAL, builder.array(builder.javaLangObject(), strings));
        builder.root(FakeRoot.JNI_GLOBAL, builder.instance(box).set("value", manyBytes(30, 1000)));
        try (HeapSnapshot heap = Heaps.open(builder, folder)) {
            assertThat(find(heap)).extracting(LeakSuspect::runtime).containsExactly(false, true);
        }
    }
}
