package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.dump.RecordedProfile.Location;
import dev.holdfast.dump.RecordedProfile.Measure;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.testkit.DecodedProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Profiles of a Go program with one thing to see each. */
final class GoProfilesTest {
    private static final Map<String, String> NO_LABELS = Map.of();

    private static ReadProfile profile(FakeGoDump dump, String file) throws IOException {
        try (HeapSnapshot heap = dump.open()) {
            ProfileSet set = ProfileSet.of(heap, ProfiledHeap.EVERYTHING, Progress.NONE);
            return ReadProfile.of(ProfiledHeap.profile(set, file));
        }
    }

    private static List<String> files(FakeGoDump dump) throws IOException {
        try (HeapSnapshot heap = dump.open()) {
            return ProfileSet.of(heap, ProfiledHeap.EVERYTHING, Progress.NONE).profiles().stream()
                    .map(ProfileSet.Named::fileName)
                    .toList();
        }
    }

    private static Map<String, List<Long>> byStack(ReadProfile profile) {
        return profile.samples().stream()
                .collect(Collectors.toMap(sample -> String.join(" > ", sample.stack()), ReadProfile.Sample::values));
    }

    @Test
    void objectsGoByPackagePathAndType() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        dump.global(
                "main.all",
                dump.object("leaky/vault.Item", 48),
                dump.object("[]leaky/vault.Item", 96),
                dump.object("map[string]*main.T", 48),
                dump.object("string", 16),
                dump.object("(unknown 32 bytes)", 32));

        assertThat(byStack(profile(dump, "inuse.pb.gz")))
                .isEqualTo(Map.of(
                        "leaky/vault > leaky/vault.Item", List.of(1L, 48L),
                        "leaky/vault > []leaky/vault.Item", List.of(1L, 96L),
                        "main > map[string]*main.T", List.of(1L, 48L),
                        "(built-in types) > string", List.of(1L, 16L),
                        "(unknown types) > (unknown 32 bytes)", List.of(1L, 32L)));
    }

    @Test
    void theSizeOfAStructureIsExactAndThatOfASliceTheNextPowerOfTwo() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        dump.global("main.all", dump.object("main.T", 96), dump.object("[]main.T", 96));

        assertThat(profile(dump, "inuse.pb.gz").samples())
                .extracting(sample -> sample.labels().get("bytes"))
                .containsExactlyInAnyOrder("96 bytes", "128 bytes");
    }

    @Test
    void anObjectWhoseAllocationIsRecordedStandsAtItsStack() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        long known = dump.object("main.T", 48);
        dump.global("main.all", known, dump.object("main.T", 48))
                .allocated(
                        known,
                        FakeGoDump.inlined("main.newT", 7),
                        FakeGoDump.frame("main.fill", 12),
                        FakeGoDump.frame("main.main", 30));

        ReadProfile inUse = profile(dump, "inuse.pb.gz");
        assertThat(inUse.samples()).hasSize(2);
        DecodedProfile.Sample sample = inUse.decoded().samples().stream()
                .filter(each -> inUse.decoded().stack(each).contains("main.fill"))
                .findFirst()
                .orElseThrow();
        assertThat(inUse.decoded().stack(sample)).containsExactly("main.main", "main.fill", "main.newT");
        assertThat(sample.locationIds()).hasSize(2);
        assertThat(inUse.decoded().location(sample.locationIds().get(0)).lines())
                .extracting(DecodedProfile.Line::line)
                .containsExactly(7L, 12L);
        assertThat(DecodedProfile.label(sample, "type")).isEqualTo("main.T");
        assertThat(inUse.decoded().mappings().get(0).hasInlineFrames()).isTrue();
        // Both objects are retained by the variable, whatever is known of one.
        assertThat(profile(dump, "roots.pb.gz").cumulative(1)).containsEntry(List.of("global", "main.all"), 96L);
    }

    @Test
    void aGoroutineHoldsByFunctionFrameAndVariableAndGivesItsLabels() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        for (int i = 0; i < 3; i++) {
            int goroutine = dump.goroutine(FakeGoDump.waiting(
                    i + 10,
                    "main.worker.func1",
                    Map.of("kind", i == 0 ? "first" : "other", "root_kind", "theirs"),
                    FakeGoDump.frame("main.process", 5),
                    FakeGoDump.frame("main.worker.func1", 9)));
            dump.variable(goroutine, 0, "buffer", dump.object("main.Buffer", 64, dump.object("[]uint8", 1024)));
        }

        ReadProfile roots = profile(dump, "roots.pb.gz");
        List<String> stack =
                List.of("goroutine", "main.worker.func1", "main.process", "buffer", "main.Buffer", "next []uint8");
        assertThat(roots.cumulative(1)).containsEntry(stack, 3 * 1024L).containsEntry(stack.subList(0, 2), 3 * 1088L);
        Map<String, Long> byKind = roots.samples().stream()
                .collect(Collectors.groupingBy(
                        sample -> String.valueOf(sample.labels().get("kind")),
                        Collectors.summingLong(sample -> sample.values().get(1))));
        assertThat(byKind).isEqualTo(Map.of("first", 1088L, "other", 2176L));
        assertThat(roots.samples())
                .allSatisfy(sample -> assertThat(sample.labels())
                        .containsEntry("root_kind", "goroutine")
                        .containsEntry("root", "main.worker.func1")
                        .doesNotContainKey("thread"));
        assertThat(profile(dump, "inuse.pb.gz").samples())
                .filteredOn(sample -> "first".equals(sample.labels().get("kind")))
                .hasSize(2);
    }

    @Test
    void aLabelWithAValueForEachGoroutineIsLeftOutWithAWarning() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        for (int i = 0; i < 1500; i++) {
            int goroutine = dump.goroutine(
                    FakeGoDump.waiting(i, "main.serve", Map.of("request", "r" + i), FakeGoDump.frame("main.serve", 1)));
            dump.variable(goroutine, 0, "r", dump.object("main.Request", 64));
        }
        try (HeapSnapshot heap = dump.open()) {
            ProfileSet set = ProfileSet.of(heap, ProfileLimits.DEFAULT, Progress.NONE);
            for (String file : List.of("inuse.pb.gz", "roots.pb.gz", "goroutines.pb.gz")) {
                assertThat(set.warnings())
                        .as(file)
                        .contains(file + ": label request left out: 1500 values, at most 1000 are useful to a viewer");
                assertThat(ProfiledHeap.profile(set, file).samples()).as(file).isEqualTo(1);
            }
        }
    }

    @Test
    void goroutinesAreThoseOfTheProgramWithItsLabelsAndOurs() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        Map<String, String> labels = Map.of("http.route", "/buy", "state", "theirs");
        for (int i = 0; i < 2; i++) {
            dump.goroutine(FakeGoDump.waiting(
                    i,
                    "main.worker",
                    labels,
                    FakeGoDump.frame("runtime.gopark", 460),
                    FakeGoDump.inlined("main.receive", 3),
                    FakeGoDump.frame("main.worker", 9),
                    FakeGoDump.frame("runtime.goexit", 1700)));
        }
        dump.goroutine(FakeGoDump.waiting(7, "runtime.bgsweep", NO_LABELS, FakeGoDump.frame("runtime.gopark", 460)));

        ReadProfile goroutines = profile(dump, "goroutines.pb.gz");
        assertThat(goroutines.decoded().sampleTypes())
                .containsExactly(
                        new DecodedProfile.ValueType("goroutine", "count"),
                        new DecodedProfile.ValueType("wait", "nanoseconds"));
        assertThat(goroutines.decoded().defaultSampleType()).isEqualTo("goroutine");
        assertThat(goroutines.samples()).hasSize(1);
        ReadProfile.Sample sample = goroutines.samples().get(0);
        assertThat(goroutines.decoded().stack(goroutines.decoded().samples().get(0)))
                .containsExactly("main.worker", "main.receive", "runtime.gopark");
        assertThat(sample.values()).containsExactly(2L, 240_000_000_000L);
        assertThat(sample.labels())
                .isEqualTo(Map.of(
                        "http.route",
                        "/buy",
                        "state",
                        "theirs",
                        "wait_reason",
                        "chan receive",
                        "creator",
                        "main.main"));
    }

    @Test
    void aStackTooDeepForAProfileKeepsItsLeaf() throws IOException {
        List<dev.holdfast.dump.StackFrame> frames = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            frames.add(FakeGoDump.frame("main.f", i + 1));
        }
        FakeGoDump dump = new FakeGoDump();
        dump.goroutine(FakeGoDump.waiting(1, "main.f", NO_LABELS, frames.toArray(new dev.holdfast.dump.StackFrame[0])));

        List<String> stack = new ArrayList<>(
                profile(dump, "goroutines.pb.gz").samples().get(0).stack());
        assertThat(stack).hasSize(128).startsWith("main.f:128").endsWith("main.f:1");
    }

    @Test
    void aRecordedStackTooDeepForAProfileSaysSo() throws IOException {
        List<Location> stack = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            stack.add(new Location(i, List.of(FakeGoDump.frame("main.f", i + 1))));
        }
        FakeGoDump dump = new FakeGoDump();
        Measure delay = new Measure("delay", "nanoseconds");
        dump.recordedProfiles.add(new RecordedProfile(
                "block",
                List.of(delay),
                delay,
                1,
                null,
                List.of(new RecordedProfile.Sample(stack, List.of(1L), NO_LABELS, Map.of()))));

        assertThat(profile(dump, "runtime-block.pb.gz").samples().get(0).stack())
                .hasSize(128)
                .startsWith("(outer frames)", "main.f:127")
                .endsWith("main.f:1");
    }

    @Test
    void goroutinesAreCutWhereTheirRuntimeCutsThem() {
        List<dev.holdfast.dump.StackFrame> stack = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            stack.add(FakeGoDump.inlined("main.inlined", 1));
            stack.add(FakeGoDump.frame("main.f", 1));
        }
        assertThat(ProfiledDepth.of("go1.18.10 linux/amd64").cut(stack)).hasSize(64);
        assertThat(ProfiledDepth.of("go1.22.12 linux/amd64").cut(stack)).hasSize(32);
        assertThat(ProfiledDepth.of("go1.23.0 linux/amd64").cut(stack)).hasSize(128);
        assertThat(ProfiledDepth.of("devel").cut(stack)).hasSize(128);
        assertThat(ProfiledDepth.of("").cut(stack.subList(0, 10))).hasSize(10);
    }

    @Test
    void aRecordedProfileIsWrittenAsTheRuntimeServesIt() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        Location inlinedInto =
                new Location(0x401000, List.of(FakeGoDump.frame("main.make", 3), FakeGoDump.frame("main.run", 9)));
        Location main = new Location(0x402000, List.of(FakeGoDump.frame("main.main", 20)));
        dump.recordedProfiles.add(new RecordedProfile(
                "heap",
                List.of(
                        new Measure("alloc_objects", "count"),
                        new Measure("alloc_space", "bytes"),
                        new Measure("inuse_objects", "count"),
                        new Measure("inuse_space", "bytes")),
                new Measure("space", "bytes"),
                524288,
                null,
                List.of(new RecordedProfile.Sample(
                        List.of(inlinedInto, main), List.of(10L, 640L, 4L, 256L), NO_LABELS, Map.of("bytes", 64L)))));
        dump.recordedProfiles.add(new RecordedProfile(
                "mutex",
                List.of(new Measure("contentions", "count"), new Measure("delay", "nanoseconds")),
                new Measure("contentions", "count"),
                1,
                null,
                List.of()));

        assertThat(files(dump)).contains("runtime-heap.pb.gz").doesNotContain("runtime-mutex.pb.gz", "threads.pb.gz");
        DecodedProfile heap = profile(dump, "runtime-heap.pb.gz").decoded();
        assertThat(heap.sampleTypes())
                .extracting(DecodedProfile.ValueType::type)
                .containsExactly("alloc_objects", "alloc_space", "inuse_objects", "inuse_space");
        assertThat(heap.periodType()).isEqualTo(new DecodedProfile.ValueType("space", "bytes"));
        assertThat(heap.period()).isEqualTo(524288);
        DecodedProfile.Sample sample = heap.samples().get(0);
        assertThat(heap.stack(sample)).containsExactly("main.main", "main.run", "main.make");
        assertThat(sample.locationIds()).hasSize(2);
        assertThat(sample.values()).containsExactly(10L, 640L, 4L, 256L);
        assertThat(sample.labels()).containsExactly(new DecodedProfile.Label("bytes", "", 64, ""));
    }

    @Test
    void whatOnlyAFinalizerKeepsSaysSo() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        long kept = dump.object("main.Handle", 32);
        long dying = dump.object("main.File", 64, kept);
        dump.finalizer(dying, kept).global("main.other", dump.object("main.T", 16));

        ReadProfile roots = profile(dump, "roots.pb.gz");
        assertThat(roots.cumulative(1))
                .containsEntry(List.of("finalizer", "main.Handle", "main.Handle"), 32L)
                .containsEntry(List.of("global"), 16L);
        assertThat(roots.samples())
                .filteredOn(sample -> sample.stack().contains("main.Handle"))
                .allSatisfy(sample -> assertThat(sample.labels()).containsEntry("reachability", "finalizer"));
        assertThat(byStack(profile(dump, "unreachable.pb.gz")))
                .isEqualTo(Map.of("(garbage) > main > main.File", List.of(1L, 64L)));
    }

    @Test
    void everyFrameOfAVeryDeepStackIsAtItsFunction() throws IOException {
        StackFrame[] frames = new StackFrame[300];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = FakeGoDump.frame("main.f" + i, 1);
        }
        FakeGoDump dump = new FakeGoDump();
        dump.goroutine(FakeGoDump.waiting(1, "main.f299", NO_LABELS, frames));

        Map<String, Long> byFunction = new HashMap<>();
        for (ReadProfile.Sample sample : profile(dump, "stacks.pb.gz").samples()) {
            assertThat(sample.stack()).hasSizeLessThanOrEqualTo(ProfileLimits.MAX_DEPTH);
            byFunction.merge(
                    sample.stack().get(sample.stack().size() - 1),
                    sample.values().get(1),
                    Long::sum);
        }
        for (StackFrame frame : frames) {
            assertThat(byFunction).containsEntry(frame.function() + ":1", frame.bytes());
        }
    }
}
