package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.CanceledException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.Strength;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeFrame;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.HprofType;
import dev.holdfast.testkit.StressDumps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps that a test wrote itself, so that it knows what holds what. */
final class HeapSnapshotTest {
    @TempDir
    Path folder;

    private HeapBuilder heap = new HeapBuilder();
    private FakeClass node = heap.javaLangObject();

    @BeforeEach
    void freshHeap() {
        heap = new HeapBuilder();
        node = heap.classNamed("com.example.Node").field("a", HprofType.OBJECT).field("b", HprofType.OBJECT);
    }

    private HeapSnapshot open() throws IOException {
        return open(SnapshotOptions.DEFAULT);
    }

    private HeapSnapshot open(SnapshotOptions options) throws IOException {
        Path file = folder.resolve("test.hprof");
        heap.toFile(file);
        return Holdfast.open(file, DumpOptions.DEFAULT, options, Progress.NONE);
    }

    private static int object(HeapSnapshot snapshot, FakeRef object) {
        int index = snapshot.graph().indexOf(object.address());
        assertThat(index).isNotNegative();
        return index;
    }

    private static int dominator(HeapSnapshot snapshot, FakeRef object) {
        return snapshot.dominators().immediateDominator(object(snapshot, object));
    }

    private static List<String> losses(HeapSnapshot snapshot) {
        return snapshot.warnings().stream()
                .filter(DumpWarning::loss)
                .map(DumpWarning::code)
                .toList();
    }

    @Test
    void aFrameHoldsWhatOnlyItsLocalsReachAndItsThreadWhatTwoFramesShare() throws IOException {
        FakeInstance own = heap.instance(node);
        FakeInstance below = heap.instance(node);
        own.set("a", below);
        FakeInstance shared = heap.instance(node);
        FakeInstance ofBothThreads = heap.instance(node);
        FakeThread thread = heap.thread("worker-1");
        FakeFrame top = thread.frame(node, "inner", "Node.java", 1);
        FakeFrame bottom = thread.frame(node, "outer", "Node.java", 2);
        top.local(own).local(shared).local(ofBothThreads);
        bottom.local(shared);
        FakeThread other = heap.thread("worker-2");
        other.frame(node, "inner", "Node.java", 1).local(ofBothThreads);
        try (HeapSnapshot snapshot = open()) {
            ObjectGraph graph = snapshot.graph();
            int frame = dominator(snapshot, own);
            assertThat(graph.isHolder(frame)).isTrue();
            assertThat(graph.holder(frame).kind()).isEqualTo(RootKind.JAVA_LOCAL);
            assertThat(graph.holder(frame).name()).isEqualTo("com.example.Node.inner");
            assertThat(graph.shallowSize(frame)).isZero();
            assertThat(snapshot.dominators().immediateDominator(frame)).isEqualTo(object(snapshot, thread));
            assertThat(snapshot.dominators().retainedSize(frame)).isEqualTo(2 * own.shallowSize());
            assertThat(snapshot.retainedObjects(frame)).isEqualTo(2);
            assertThat(dominator(snapshot, below)).isEqualTo(object(snapshot, own));
            assertThat(dominator(snapshot, shared)).isEqualTo(object(snapshot, thread));
            assertThat(dominator(snapshot, ofBothThreads)).isEqualTo(DominatorTree.VIRTUAL_ROOT);
            assertThat(dominator(snapshot, thread)).isEqualTo(DominatorTree.VIRTUAL_ROOT);
            assertThat(snapshot.roots().kind(snapshot.roots().positionOf(object(snapshot, thread))))
                    .isEqualTo(RootKind.THREAD);
        }
    }

    @Test
    void anObjectWithSeveralRootRecordsHasOneRootNamedByTheFirstKind() throws IOException {
        FakeInstance rooted = heap.instance(node);
        heap.root(FakeRoot.MONITOR_USED, rooted)
                .root(FakeRoot.JNI_GLOBAL, rooted)
                .root(FakeRoot.JNI_GLOBAL, rooted)
                .root(FakeRoot.UNKNOWN, () -> 0xE123_4560L);
        try (HeapSnapshot snapshot = open()) {
            RootNodes roots = snapshot.roots();
            int position = roots.positionOf(object(snapshot, rooted));
            assertThat(roots.kind(position)).isEqualTo(RootKind.JNI_GLOBAL);
            assertThat(roots.node(position)).isEqualTo(object(snapshot, rooted));
            assertThat(roots.dangling()).isEqualTo(1);
            assertThat(losses(snapshot)).isEmpty();
        }
    }

    @Test
    void edgesIntoARootDoNotMakeItDominated() throws IOException {
        FakeInstance first = heap.instance(node);
        FakeInstance second = heap.instance(node);
        FakeInstance third = heap.instance(node);
        first.set("a", second);
        second.set("a", third);
        heap.root(FakeRoot.JNI_GLOBAL, first).root(FakeRoot.JNI_GLOBAL, second);
        try (HeapSnapshot snapshot = open()) {
            assertThat(dominator(snapshot, second)).isEqualTo(DominatorTree.VIRTUAL_ROOT);
            assertThat(dominator(snapshot, third)).isEqualTo(object(snapshot, second));
            DominatorChildren children = snapshot.dominated();
            int holder = object(snapshot, second);
            assertThat(children.end(holder) - children.first(holder)).isEqualTo(1);
            assertThat(children.child(children.first(holder))).isEqualTo(object(snapshot, third));
        }
    }

    @Test
    void aClassIsHeldByTheOnlyLoaderOrInstanceThatReachesIt() throws IOException {
        FakeInstance loader = heap.instance(heap.classNamed("com.example.Loader"));
        FakeClass loaded = heap.classNamed("com.example.Plugin").loadedBy(loader);
        FakeInstance instance = heap.instance(loaded);
        heap.root(FakeRoot.JNI_GLOBAL, instance);
        try (HeapSnapshot snapshot = open()) {
            assertThat(dominator(snapshot, loaded)).isEqualTo(object(snapshot, instance));
            assertThat(dominator(snapshot, loader)).isEqualTo(object(snapshot, loaded));
        }
    }

    @Test
    void referencesKeepTheirOrderAndSlots() throws IOException {
        FakeInstance source = heap.instance(node);
        FakeInstance target = heap.instance(node);
        source.set("b", target);
        FakeRef array = heap.array(node, target, source, target);
        heap.root(FakeRoot.JNI_GLOBAL, source).root(FakeRoot.JNI_GLOBAL, array);
        try (HeapSnapshot snapshot = open()) {
            ObjectGraph graph = snapshot.graph();
            int from = object(snapshot, source);
            long reference = graph.firstReference(from);
            assertThat(graph.endReference(from) - reference).isEqualTo(1);
            assertThat(snapshot.dump().referenceName(source.address(), graph.typeOf(from), graph.slot(reference)))
                    .isEqualTo("b");
            int elements = object(snapshot, array);
            assertThat(graph.elementCount(elements)).isEqualTo(3);
            List<Integer> targets = new ArrayList<>();
            for (long r = graph.firstReference(elements); r < graph.endReference(elements); r++) {
                targets.add(graph.target(r));
            }
            int to = object(snapshot, target);
            assertThat(targets).containsExactly(to, from, to);
            Referrers referrers = snapshot.referrers();
            List<Integer> sources = new ArrayList<>();
            for (long r = referrers.first(to); r < referrers.end(to); r++) {
                sources.add(referrers.source(r));
            }
            assertThat(sources).containsExactly(from, elements, elements);
        }
    }

    @Test
    void weakReferencesHoldUnlessOnlyStrongOnesCount() throws IOException {
        FakeClass reference = heap.shared("java.lang.ref.Reference").field("referent", HprofType.OBJECT);
        FakeClass weak = heap.classNamed("java.lang.ref.WeakReference").extending(reference);
        FakeInstance target = heap.instance(node);
        FakeInstance below = heap.instance(node);
        target.set("a", below);
        FakeInstance handle = heap.instance(weak).set("referent", target);
        heap.root(FakeRoot.JNI_GLOBAL, handle);
        try (HeapSnapshot snapshot = open()) {
            assertThat(dominator(snapshot, target)).isEqualTo(object(snapshot, handle));
            assertThat(snapshot.strength(object(snapshot, below))).isEqualTo(Strength.WEAK);
            assertThat(snapshot.strength(object(snapshot, handle))).isEqualTo(Strength.STRONG);
            assertThat(snapshot.totals().objects(Strength.WEAK)).isEqualTo(2);
        }
        SnapshotOptions strong = SnapshotOptions.DEFAULT.withReferences(SnapshotOptions.References.STRONG);
        try (HeapSnapshot snapshot = open(strong)) {
            assertThat(snapshot.reachable(object(snapshot, target))).isFalse();
            assertThat(snapshot.reachable(object(snapshot, below))).isFalse();
            assertThat(snapshot.strength(object(snapshot, below))).isEqualTo(Strength.WEAK);
            assertThat(snapshot.identities()).allMatch(Identity::holds);
        }
    }

    @Test
    void ofARepeatedObjectTheFirstRecordCountsWhateverTheThreads() throws IOException {
        FakeClass other = heap.classNamed("com.example.Other").field("only", HprofType.OBJECT);
        List<FakeInstance> kept = new ArrayList<>();
        List<FakeInstance> targets = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            targets.add(heap.instance(node));
        }
        heap.segments(1000);
        for (int i = 0; i < 2000; i++) {
            FakeInstance first = heap.instance(node).set("a", targets.get(i));
            kept.add(first);
            heap.root(FakeRoot.JNI_GLOBAL, first);
        }
        for (FakeInstance first : kept) {
            heap.nextAt(first.address());
            heap.instance(other).set("only", kept.get(0));
        }
        for (int threads = 1; threads <= 2; threads++) {
            try (HeapSnapshot snapshot = open(SnapshotOptions.DEFAULT.withThreads(threads))) {
                assertThat(losses(snapshot)).containsExactly("duplicate-object");
                for (int i = 0; i < kept.size(); i++) {
                    int object = object(snapshot, kept.get(i));
                    ObjectGraph graph = snapshot.graph();
                    assertThat(graph.types().get(graph.typeOf(object)).name()).isEqualTo("com.example.Node");
                    assertThat(graph.endReference(object) - graph.firstReference(object))
                            .isEqualTo(1);
                    assertThat(dominator(snapshot, targets.get(i))).isEqualTo(object);
                }
            }
        }
    }

    @Test
    void danglingReferencesAreDroppedAndCountedAndNoLoss() throws IOException {
        FakeInstance source = heap.instance(node);
        source.set("a", () -> 0xEFFF_0000L).set("b", () -> 0xEFFF_0008L);
        heap.root(FakeRoot.JNI_GLOBAL, source);
        try (HeapSnapshot snapshot = open()) {
            int object = object(snapshot, source);
            assertThat(snapshot.graph().firstReference(object))
                    .isEqualTo(snapshot.graph().endReference(object));
            assertThat(snapshot.warnings()).anySatisfy(warning -> {
                assertThat(warning.code()).isEqualTo("dangling-reference");
                assertThat(warning.count()).isEqualTo(2);
                assertThat(warning.loss()).isFalse();
            });
            assertThat(losses(snapshot)).isEmpty();
        }
    }

    @Test
    void unreachableObjectsAreCountedAndRetainNothing() throws IOException {
        FakeInstance garbage = heap.instance(node);
        FakeInstance kept = heap.instance(node);
        garbage.set("a", kept);
        heap.root(FakeRoot.JNI_GLOBAL, kept);
        try (HeapSnapshot snapshot = open()) {
            assertThat(snapshot.reachable(object(snapshot, garbage))).isFalse();
            assertThat(snapshot.strength(object(snapshot, garbage))).isNull();
            assertThat(snapshot.dominators().retainedSize(object(snapshot, garbage)))
                    .isZero();
            assertThat(snapshot.retainedObjects(object(snapshot, garbage))).isZero();
            assertThat(dominator(snapshot, kept)).isEqualTo(DominatorTree.VIRTUAL_ROOT);
            assertThat(snapshot.totals().unreachableObjects()).isEqualTo(1);
            assertThat(snapshot.totals().unreachableBytes()).isEqualTo(garbage.shallowSize());
        }
    }

    @Test
    void lostRootsAreStoodInForByOneObjectOfEachGroupThatNothingElseRefersTo() throws IOException {
        FakeInstance loader = heap.instance(heap.classNamed("com.example.Loader"));
        FakeClass plugin = heap.classNamed("com.example.Plugin")
                .loadedBy(loader)
                .field("next", HprofType.OBJECT)
                .field("other", HprofType.OBJECT);
        FakeInstance tail = heap.instance(plugin);
        FakeInstance head = heap.instance(plugin).set("next", tail);
        FakeInstance ringA = heap.instance(plugin);
        FakeInstance ringB = heap.instance(plugin).set("next", ringA).set("other", tail);
        ringA.set("next", ringB);
        heap.withoutEnd().rootsFirst();
        try (HeapSnapshot snapshot = open()) {
            assertThat(losses(snapshot)).containsExactly("roots-lost");
            RootNodes roots = snapshot.roots();
            for (FakeInstance representative : new FakeInstance[] {head, ringA}) {
                int position = roots.positionOf(object(snapshot, representative));
                assertThat(position).isNotNegative();
                assertThat(roots.kind(position)).isEqualTo(RootKind.LOST);
            }
            // The class is reached from its instances, so it stands in for nothing.
            for (FakeRef held : new FakeRef[] {tail, ringB, plugin, loader}) {
                assertThat(roots.positionOf(object(snapshot, held))).isNegative();
            }
            assertThat(snapshot.totals().unreachableObjects()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad-cut90", "bad-cut995"})
    void aTruncatedDumpStillNamesItsLargestStructures(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        Path java = Fixtures.java().orElseThrow();
        try (HeapSnapshot cut = Holdfast.open(java.resolve(name + ".hprof.gz"));
                HeapSnapshot whole = Holdfast.open(java.resolve("hello17.hprof.gz"))) {
            assertThat(losses(cut)).contains("roots-lost");
            assertThat(cut.totals().unreachableObjects()).isZero();
            assertThat(cut.identities()).allMatch(Identity::holds);
            // A third of the objects of the shorter file are gone, mostly strings: what held many of them retains less.
            List<Long> left = largest(cut, 20);
            List<Long> expected = largest(whole, 10);
            assertThat(left.get(0)).isEqualTo(expected.get(0));
            expected.retainAll(left);
            assertThat(expected).hasSizeGreaterThanOrEqualTo(8);
        }
    }

    private static List<Long> largest(HeapSnapshot snapshot, int count) {
        DominatorTree tree = snapshot.dominators();
        return IntStream.range(0, snapshot.graph().objectCount())
                .boxed()
                .sorted(Comparator.comparingLong(object -> -tree.retainedSize(object)))
                .limit(count)
                .map(object -> snapshot.graph().addressOf(object))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic25-all", "vthreads25", "oracle_jdk8_05_x64", "refs17-all"})
    void columnsOnTheHeapOrInFilesAndOneThreadOrTwoGiveTheSame(String name) throws IOException {
        assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        Path dump = Fixtures.java().orElseThrow().resolve(name + ".hprof.gz");
        List<Long> hashes = new ArrayList<>();
        for (SnapshotOptions.Memory memory : SnapshotOptions.Memory.values()) {
            for (int threads = 1; threads <= 2; threads++) {
                SnapshotOptions options = SnapshotOptions.DEFAULT
                        .withMemory(memory)
                        .withThreads(threads)
                        .withWorkDir(folder);
                DumpOptions reading = DumpOptions.DEFAULT.withThreads(threads);
                try (HeapSnapshot snapshot = Holdfast.open(dump, reading, options, Progress.NONE)) {
                    hashes.add(hash(snapshot));
                    assertThat(snapshot.identities()).allMatch(Identity::holds);
                }
            }
        }
        assertThat(hashes).containsOnly(hashes.get(0));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    private static long hash(HeapSnapshot snapshot) {
        ObjectGraph graph = snapshot.graph();
        long hash = 0;
        for (int node = 0; node < graph.nodeCount(); node++) {
            hash = 31 * hash + snapshot.dominators().immediateDominator(node);
            hash = 31 * hash + snapshot.dominators().retainedSize(node);
            hash = 31 * hash + String.valueOf(snapshot.strength(node)).hashCode();
            for (long r = graph.firstReference(node); r < graph.endReference(node); r++) {
                hash = 31 * hash + graph.target(r);
                hash = 31 * hash + graph.slot(r);
            }
        }
        for (int object = 0; object < graph.objectCount(); object++) {
            hash = 31 * hash + graph.addressOf(object);
            hash = 31 * hash + graph.typeOf(object);
            hash = 31 * hash + graph.shallowSize(object);
        }
        return hash;
    }

    @Test
    void threeMillionObjectsOneToAPageNeedNothingBig() throws IOException {
        int nodes = 3_000_000;
        StressDumps.Written written = StressDumps.sparseIds(folder.resolve("sparse.hprof"), nodes);
        try (HeapSnapshot snapshot =
                Holdfast.open(written.file(), DumpOptions.DEFAULT, SnapshotOptions.DEFAULT, Progress.NONE)) {
            assertThat(snapshot.graph().objectCount()).isGreaterThanOrEqualTo(nodes);
            assertThat(snapshot.graph().addresses().bytes())
                    .isLessThanOrEqualTo(20L * snapshot.graph().objectCount());
        }
    }

    @Test
    void cancellingEndsTheWorkAndClosesTheFile() throws IOException {
        heap.root(FakeRoot.JNI_GLOBAL, heap.instance(node));
        Path file = folder.resolve("cancel.hprof");
        heap.toFile(file);
        Progress cancelled = new Progress() {
            @Override
            public void phase(String name, long total) {}

            @Override
            public void advance(long done) {}

            @Override
            public boolean cancelled() {
                return true;
            }
        };
        assertThatThrownBy(() -> Holdfast.open(
                        file, DumpOptions.DEFAULT, SnapshotOptions.DEFAULT.withWorkDir(folder), cancelled))
                .isInstanceOf(CanceledException.class);
    }

    @Test
    void tooLargeForMemoryAndDiskIsRefusedWithTheFigures() {
        for (SnapshotOptions.Memory memory : SnapshotOptions.Memory.values()) {
            MemoryPlan plan =
                    new MemoryPlan(SnapshotOptions.DEFAULT.withMemory(memory).withWorkDir(folder));
            assertThatThrownBy(() -> plan.graphStore(2_000_000_000_000L, 5_000_000_000_000L))
                    .isInstanceOf(InsufficientResourcesException.class)
                    .hasMessageContaining("2,000,000,000,000 objects")
                    .hasMessageContaining("MiB");
        }
    }

    @Test
    void whatDoesNotFitOnTheHeapGoesToFiles() throws IOException {
        MemoryPlan plan = new MemoryPlan(SnapshotOptions.DEFAULT.withWorkDir(folder));
        long nodes = Runtime.getRuntime().maxMemory() / 10;
        assertThat(plan.graphStore(1000, 1000).mapped()).isFalse();
        assertThat(plan.graphStore(nodes, nodes).mapped()).isTrue();
        ColumnStore small = plan.graphStore(1000, 1000);
        assertThat(plan.dominatorStore(small, 1000, 1000)).isSameAs(small);
        assertThat(plan.dominatorStore(small, nodes, nodes).mapped()).isTrue();
    }
}
