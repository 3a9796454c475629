package dev.holdfast.dump.goheapdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.AllocationSites;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import dev.holdfast.testkit.GoTruth;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps that the fixture program wrote of itself, before its last collection. */
class GoHeapDumpFixtureTest {
    /**
     * What a heap dump does not tell: weak handles, cleanups, what reflect and coroutines share; and variables whose value
     * is built into the program, so that it is not the variable itself that points to the heap.
     */
    private static final Set<String> NOT_TOLD = Set.of(
            "main.cleaned",
            "main.feeble",
            "main.handles",
            "main.dynamic",
            "main.pulled",
            "main.item",
            "main.hiddenPointer");

    private static DumpFile open(GoFixture fixture, boolean executable) throws IOException {
        DumpOptions options =
                executable ? DumpOptions.DEFAULT.withExecutable(fixture.executable()) : DumpOptions.DEFAULT;
        return new GoHeapDumpFormat().open(fixture.file("heapdump"), options, Progress.NONE);
    }

    private static GoFixture fixture(String version) {
        Optional<GoFixture> found = GoFixtures.named(version);
        assumeTrue(found.isPresent(), Fixtures.REASON);
        return found.orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.22.12", "1.26.11"})
    void objectsAreThoseThatTheRuntimeCounted(String version) throws IOException {
        try (DumpFile file = open(fixture(version), false)) {
            CollectedGoDump.of(file);
            assertThat(file.identities()).hasSize(3).allMatch(DumpIdentity::holds);
            assertThat(file.warnings()).noneMatch(warning -> warning.loss());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.22.12", "1.26.11"})
    void pointsAreWhereTheProgramSawThem(String version) throws IOException {
        GoFixture fixture = fixture(version);
        try (DumpFile file = open(fixture, false)) {
            CollectedGoDump all = CollectedGoDump.of(file);
            List<GoTruth.Point> points = fixture.truth().points();
            assertThat(points).isNotEmpty();
            for (GoTruth.Point point : points) {
                assertThat(all.objects).as(point.path()).containsKey(point.address());
                assertThat(Objects.requireNonNull(all.objects.get(point.address()))
                                .size())
                        .as(point.path())
                        .isEqualTo(point.slotBytes());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.22.12", "1.26.11"})
    void variablesRetainWhatTheHeapGrewBy(String version) throws IOException {
        GoFixture fixture = fixture(version);
        try (DumpFile file = open(fixture, true)) {
            CollectedGoDump all = CollectedGoDump.of(file);
            int compared = 0;
            for (GoTruth.Structure structure : fixture.truth().structures()) {
                int holder = all.holder(structure.root());
                if (NOT_TOLD.contains(structure.root()) || structure.root().contains(",") || !structure.agrees()) {
                    continue;
                }
                assertThat(holder).as(structure.root()).isGreaterThanOrEqualTo(0);
                long retained = all.retained(holder);
                if (structure.root().equals("main.registry")) {
                    // A walk over the map, dead by now, still points to one of its buckets from the stack.
                    assertThat(structure.measuredBytes() - retained).isBetween(0L, 208L);
                } else {
                    assertThat(retained).as(structure.root()).isEqualTo(structure.measuredBytes());
                }
                compared++;
            }
            assertThat(compared).isGreaterThan(35);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.22.12", "1.26.11"})
    void goroutinesAreThoseOfTheProgram(String version) throws IOException {
        GoFixture fixture = fixture(version);
        try (DumpFile file = open(fixture, true)) {
            CollectedGoDump all = CollectedGoDump.of(file);
            Map<String, Long> states = file.threads().stream()
                    .filter(thread -> !thread.system() && thread.waitReason() != null)
                    .collect(Collectors.groupingBy(
                            thread -> Objects.requireNonNull(thread.waitReason()), Collectors.counting()));
            Map<String, Long> kinds = file.threads().stream()
                    .filter(thread -> thread.labels().containsKey("kind"))
                    .collect(Collectors.groupingBy(
                            thread -> Objects.requireNonNull(thread.labels().get("kind")), Collectors.counting()));
            for (GoTruth.Goroutines kind : fixture.truth().goroutines()) {
                if (kinds.containsKey(kind.kind())) {
                    assertThat(kinds).as(kind.kind()).containsEntry(kind.kind(), kind.count());
                }
            }
            assertThat(kinds).hasSizeGreaterThan(18);
            assertThat(file.threads())
                    .filteredOn(thread -> "local".equals(thread.labels().get("kind")))
                    .hasSize(5)
                    .allSatisfy(thread -> assertThat(thread.frames())
                            .filteredOn(frame -> frame.function().equals("main.holdLocal"))
                            .singleElement()
                            .satisfies(frame -> {
                                assertThat(frame.file()).isEqualTo("leaky/main.go");
                                assertThat(frame.line()).isEqualTo(817);
                            }));
            assertThat(states.get("sync.Mutex.Lock")).isEqualTo(3);
            assertThat(file.threads()).allMatch(thread -> thread.stackBytes() >= 2048);
            assertThat(file.threads().stream().filter(thread -> "main.park".equals(thread.creator())))
                    .hasSizeGreaterThan(30);
            DumpThread writer = file.threads().stream()
                    .filter(thread -> thread.id() == 1)
                    .findFirst()
                    .orElseThrow();
            assertThat(writer.name()).isEqualTo("runtime.main");
            assertThat(writer.waitReason()).isEqualTo("dumping heap");
            // 300 KiB in a local variable of each of five goroutines.
            long held = 0;
            for (int i = 0; i < all.roots.holders().size(); i++) {
                if (all.roots.holders().get(i).kind() == RootKind.FRAME
                        && all.roots.holders().get(i).name().equals("main.holdLocal")) {
                    assertThat(all.retained(i)).isGreaterThanOrEqualTo(300 << 10);
                    Holder holder = all.roots.holders().get(i);
                    assertThat(file.threads()
                                    .get(holder.thread())
                                    .frames()
                                    .get(holder.frame())
                                    .function())
                            .isEqualTo("main.holdLocal");
                    held++;
                }
            }
            assertThat(held).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.22.12", "1.26.11"})
    void sampledObjectsWereAllocatedByTheProgram(String version) throws IOException {
        try (DumpFile file = open(fixture(version), false)) {
            CollectedGoDump all = CollectedGoDump.of(file);
            AllocationSites sites = file.allocationSites();
            assertThat(sites.count()).isGreaterThan(5);
            for (int i = 0; i < sites.count(); i++) {
                assertThat(all.objects).containsKey(sites.address(i));
            }
            assertThat(sites.stacks()).anyMatch(stack -> stack.get(0).function().startsWith("main."));
            assertThat(sites.stacks()).allSatisfy(stack -> {
                assertThat(stack).extracting(StackFrame::function).isNotEmpty().doesNotContain("runtime.goexit");
                if (stack.stream().anyMatch(frame -> frame.function().startsWith("main."))) {
                    assertThat(stack.get(0).function()).doesNotStartWith("runtime.");
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.22.12", "1.26.11"})
    void anotherProgramIsNotTaken(String version) throws IOException {
        GoFixture fixture = fixture(version);
        DumpOptions options =
                DumpOptions.DEFAULT.withExecutable(fixture("1.23.12").executable());
        try (DumpFile file = new GoHeapDumpFormat().open(fixture.file("heapdump"), options, Progress.NONE)) {
            CollectedGoDump all = CollectedGoDump.of(file);
            assertThat(file.warnings()).anyMatch(warning -> warning.code().equals("executable-mismatch"));
            assertThat(all.holder("bss")).isGreaterThanOrEqualTo(0);
        }
    }
}
