package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.Evidence;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RootKind;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import dev.holdfast.testkit.GoTruth;
import dev.holdfast.testkit.LiveGo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cores of a program that wrote down what it knew, of all releases there are, against what it wrote. */
final class GoTruthTest {
    /** The runtime may make so many objects of its own after the program took its figures. */
    private static final long LATE_OBJECTS = 2;

    private static final long LATE_BYTES = 224;

    /**
     * What the runtime makes for a thread, of which it may start two on a busy machine when others are kept waiting: the
     * thread with its two goroutines, and what these need.
     */
    private static final long OBJECTS_OF_THREADS = 2 * 8;

    private static final long BYTES_OF_THREADS = 2 * 8192;

    /** What {@code unique} makes and drops after each collection, before the first figures were taken. */
    private static final long LATE_DEAD = 4;

    /** What the library keeps beside a structure, so that its growth was measured with it. */
    private static final Map<String, Set<String>> MEASURED_WITH =
            Map.of("main.feeble", Set.of("main.feeble", "main.feebleOf"));

    /** Others hold parts of these too: the runtime's table of handles, a goroutine, the table of made types. */
    private static final Set<String> SHARED = Set.of("main.handles", "main.pulled", "main.dynamic");

    static List<GoFixture> fixtures() {
        return GoFixtures.available();
    }

    private static HeapSnapshot open(GoFixture fixture) throws IOException {
        DumpOptions options = DumpOptions.DEFAULT.withExecutable(fixture.executable());
        return HeapSnapshot.open(
                DumpFile.open(fixture.core(), options, Progress.NONE), SnapshotOptions.DEFAULT, Progress.NONE);
    }

    private static boolean stripped(GoFixture fixture) {
        return fixture.name().endsWith("-stripped");
    }

    /** In one a goroutine allocates and collections run while the core is taken. */
    private static boolean settled(GoFixture fixture) {
        return !fixture.name().endsWith("-churn");
    }

    private static long lateObjects(GoFixture fixture) {
        return LATE_OBJECTS + (isLive(fixture) ? OBJECTS_OF_THREADS : 0);
    }

    private static long lateBytes(GoFixture fixture) {
        return LATE_BYTES + (isLive(fixture) ? BYTES_OF_THREADS : 0);
    }

    private static boolean isLive(GoFixture fixture) {
        return fixture.name().equals("installed release");
    }

    @Test
    void theInstalledReleaseIsNoException(@TempDir Path folder) throws IOException {
        Optional<LiveGo> go = LiveGo.installed();
        assumeTrue(go.isPresent(), LiveGo.REASON);
        GoFixture fixture = go.orElseThrow().fixture(folder);
        whatTheCollectorWouldKeepIsReachable(fixture);
        aVariableRetainsWhatTheHeapGrewBy(fixture);
        pointsHaveTheirTypesAndSizes(fixture);
        goroutinesAreCountedByKindAndState(fixture);
        memoryClassesAreThoseOfTheRuntime(fixture);
        nearlyAllLiveBytesHaveAType(fixture);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void whatTheCollectorWouldKeepIsReachable(GoFixture fixture) throws IOException {
        assumeTrue(settled(fixture), "totals of a running program are of no moment");
        GoTruth truth = fixture.truth();
        try (HeapSnapshot heap = open(fixture)) {
            HeapTotals totals = heap.totals();
            long objects = totals.reachableObjects() + totals.unreachableObjects();
            long bytes = totals.reachableBytes() + totals.unreachableBytes();
            assertThat(objects - figure(truth, "final", "HeapObjects")).isBetween(0L, lateObjects(fixture));
            assertThat(bytes - figure(truth, "final", "HeapAlloc")).isBetween(0L, lateBytes(fixture));
            deadAreYoung(heap, truth);
            assertThat(heap.warnings()).noneMatch(warning -> warning.loss());
            assertThat(heap.identities()).allMatch(Identity::holds);
            assertThat(heap.dump().identities()).isNotEmpty().allMatch(identity -> identity.holds());
        }
    }

    /**
     * What the last collection kept is reachable, and the garbage that the program made since is not. The library makes and
     * drops a few more objects between the two readings: of each size at most as many as the runtime counted there.
     */
    private static void deadAreYoung(HeapSnapshot heap, GoTruth truth) {
        Map<Long, Long> dead = new TreeMap<>();
        for (int object = 0; object < heap.graph().objectCount(); object++) {
            if (!heap.reachable(object)) {
                dead.merge(heap.graph().shallowSize(object), 1L, Long::sum);
            }
        }
        long garbage = truth.number("garbage_objects");
        long garbageSize = truth.number("garbage_bytes") / garbage;
        assertThat(dead.getOrDefault(garbageSize, 0L)).isBetween(garbage, garbage + LATE_OBJECTS);
        dead.forEach((size, count) -> assertThat(count)
                .as("objects of %s bytes", size)
                .isLessThanOrEqualTo(figure(truth, "final", "live_in_class_" + size)
                        - figure(truth, "settled", "live_in_class_" + size)
                        + LATE_DEAD));
    }

    private static long figure(GoTruth truth, String when, String name) {
        Map<?, ?> figures = (Map<?, ?>) Objects.requireNonNull(truth.json().get(when));
        Object figure = figures.get(name);
        return figure == null ? 0 : ((Number) figure).longValue();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void aVariableRetainsWhatTheHeapGrewBy(GoFixture fixture) throws IOException {
        assumeTrue(!stripped(fixture), "a stripped program has no names of variables");
        SoftAssertions softly = new SoftAssertions();
        try (HeapSnapshot heap = open(fixture)) {
            for (GoTruth.Structure structure : fixture.truth().structures()) {
                Set<String> names = MEASURED_WITH.getOrDefault(
                        structure.root(), Set.of(structure.root().split(", ")));
                Retained without = retainedBy(heap, names);
                if (!SHARED.contains(structure.root())) {
                    softly.assertThat(without)
                            .as("%s, by taking %s away", structure.root(), names)
                            .isIn(Retained.truthOf(structure));
                }
                if (names.size() == 1) {
                    int holder = holder(heap, structure.root());
                    softly.assertThat(holder < 0 ? 0 : heap.dominators().retainedSize(holder))
                            .as("%s, by dominators", structure.root())
                            .isEqualTo(without.bytes());
                }
            }
        }
        softly.assertAll();
    }

    private record Retained(long objects, long bytes) {
        /**
         * The size by construction, where the library has no say in it, and by growth. The growth may have a waiter of the
         * runtime's own in it, of 96 or 112 bytes, and on a busy machine more.
         */
        static List<Retained> truthOf(GoTruth.Structure structure) {
            long objects = structure.measuredObjects();
            long bytes = structure.measuredBytes();
            List<Retained> sizes = new ArrayList<>(List.of(
                    new Retained(objects, bytes),
                    new Retained(objects - 1, bytes - 96),
                    new Retained(objects - 1, bytes - 112)));
            Long constructed = structure.expectedObjects();
            Long constructedBytes = structure.expectedBytes();
            if (constructed != null && constructedBytes != null) {
                sizes.add(new Retained(constructed, constructedBytes));
            }
            return sizes;
        }
    }

    private static int holder(HeapSnapshot heap, String name) {
        ObjectGraph graph = heap.graph();
        for (int node = graph.objectCount(); node < graph.nodeCount(); node++) {
            if (graph.holder(node).kind() == RootKind.GLOBAL
                    && graph.holder(node).name().equals(name)) {
                return node;
            }
        }
        return -1;
    }

    /** What becomes unreachable without these variables: brute force, without a word of dominators. */
    private static Retained retainedBy(HeapSnapshot heap, Set<String> names) {
        ObjectGraph graph = heap.graph();
        BitSet seen = new BitSet();
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (String name : names) {
            int holder = holder(heap, name);
            if (holder >= 0) {
                seen.set(holder);
            }
        }
        for (int i = 0; i < heap.roots().count(); i++) {
            int node = heap.roots().node(i);
            if (!seen.get(node)) {
                seen.set(node);
                queue.add(node);
            }
        }
        while (!queue.isEmpty()) {
            int node = queue.remove();
            for (long r = graph.firstReference(node); r < graph.endReference(node); r++) {
                int target = graph.target(r);
                if (!seen.get(target)) {
                    seen.set(target);
                    queue.add(target);
                }
            }
        }
        long objects = 0;
        long bytes = 0;
        for (int node = 0; node < graph.objectCount(); node++) {
            if (!seen.get(node) && heap.reachable(node)) {
                objects++;
                bytes += graph.shallowSize(node);
            }
        }
        return new Retained(objects, bytes);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void pointsHaveTheirTypesAndSizes(GoFixture fixture) throws IOException {
        SoftAssertions softly = new SoftAssertions();
        try (HeapSnapshot heap = open(fixture)) {
            for (GoTruth.Point point : fixture.truth().points()) {
                int object = heap.graph().indexOf(point.address());
                softly.assertThat(object).as(point.path()).isNotNegative();
                if (object < 0) {
                    continue;
                }
                softly.assertThat(heap.graph().shallowSize(object))
                        .as(point.path())
                        .isEqualTo(point.slotBytes());
                check(softly, point.path(), point.retainedBytes(), heap.dominators()::retainedSize, object);
                check(softly, point.path(), point.retainedObjects(), heap::retainedObjects, object);
                if (!stripped(fixture)) {
                    String type = heap.types().get(heap.graph().typeOf(object)).name();
                    softly.assertThat(type).as(point.path()).isIn(point.type(), slice(point.type()));
                }
            }
        }
        softly.assertAll();
    }

    private interface Figure {
        long of(int object);
    }

    private static void check(SoftAssertions softly, String path, @Nullable Long expected, Figure figure, int object) {
        if (expected != null) {
            softly.assertThat(figure.of(object)).as(path).isEqualTo(expected.longValue());
        }
    }

    /** An object that was allocated as a slice goes without its length (the truth has it). */
    private static String slice(String type) {
        return type.startsWith("[") ? "[]" + type.substring(type.indexOf(']') + 1) : type;
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void goroutinesAreCountedByKindAndState(GoFixture fixture) throws IOException {
        SoftAssertions softly = new SoftAssertions();
        try (HeapSnapshot heap = open(fixture)) {
            List<DumpThread> threads = heap.dump().threads();
            for (GoTruth.Goroutines expected : fixture.truth().goroutines()) {
                long found = threads.stream()
                        .filter(thread -> !thread.system())
                        .filter(thread -> expected.kind().isEmpty()
                                ? calls(thread, expected.function())
                                : expected.kind().equals(thread.labels().get("kind")))
                        .filter(thread -> moved(expected.function()) || waits(thread, expected.state()))
                        .count();
                // Where it went on running, main started one more.
                long more = settled(fixture) || !expected.function().equals("main.newborn") ? 0 : 1;
                softly.assertThat(found)
                        .as("%s %s %s", expected.kind(), expected.function(), expected.state())
                        .isEqualTo(expected.count() + more);
            }
        }
        softly.assertAll();
    }

    /** These went on before they were stopped: new ones may have started, and main may have returned. */
    private static boolean moved(String function) {
        return function.equals("main.newborn") || function.equals("main.main");
    }

    private static boolean calls(DumpThread thread, String function) {
        if (function.equals("main.main")) {
            return thread.name().equals("runtime.main");
        }
        boolean newborn = function.equals("main.newborn") && thread.name().startsWith("main.main.");
        boolean unlabelled = !thread.labels().containsKey("kind");
        return unlabelled
                && (newborn
                        || thread.name().equals(function)
                        || thread.frames().stream()
                                .anyMatch(frame -> frame.function().equals(function)));
    }

    /** Up to Go 1.23 the runtime says {@code semacquire} for some of what newer ones tell apart. */
    private static boolean waits(DumpThread thread, String state) {
        String reason = thread.waitReason();
        if (reason == null || reason.isEmpty()) {
            return state.contains(thread.state());
        }
        // The second half tells that it is locked to a thread.
        return reason.equals(state.split(",")[0]) || reason.equals("semacquire") && state.startsWith("sync.");
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void memoryClassesAreThoseOfTheRuntime(GoFixture fixture) throws IOException {
        assumeTrue(settled(fixture), "figures of a running program are of no moment");
        Map<String, Long> expected = new TreeMap<>();
        Map<?, ?> metrics =
                (Map<?, ?>) Objects.requireNonNull(fixture.truth().json().get("metrics"));
        metrics.forEach((name, value) -> {
            if (name.toString().startsWith("/memory/classes/")) {
                expected.put(name.toString(), ((Number) value).longValue());
            }
        });
        try (HeapSnapshot heap = open(fixture)) {
            Map<String, Long> found = new TreeMap<>();
            for (MemoryClass memory : heap.dump().memoryClasses()) {
                found.put(memory.name(), memory.bytes());
            }
            assertThat(found.keySet()).containsAll(expected.keySet());
            // What was made after the figures were taken moved from free memory into objects.
            String objects = "/memory/classes/heap/objects:bytes";
            String total = "/memory/classes/total:bytes";
            assertThat(found.getOrDefault(objects, -1L) - expected.getOrDefault(objects, -1L))
                    .isBetween(0L, lateBytes(fixture));
            assertThat(found.get(total)).isEqualTo(expected.get(total));
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void nearlyAllLiveBytesHaveAType(GoFixture fixture) throws IOException {
        assumeTrue(!stripped(fixture), "a stripped program tells fewer types");
        try (HeapSnapshot heap = open(fixture)) {
            long typed = 0;
            long all = 0;
            for (int object = 0; object < heap.graph().objectCount(); object++) {
                if (heap.reachable(object)) {
                    long size = heap.graph().shallowSize(object);
                    all += size;
                    typed += heap.dump().evidence(object) == Evidence.NONE ? 0 : size;
                }
            }
            assertThat((double) typed / all).isGreaterThan(0.99);
        }
    }
}
