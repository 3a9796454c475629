package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.Holdfast;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.roots.Suspect;
import dev.holdfast.roots.Suspect.Judgement;
import dev.holdfast.roots.Verdict;
import dev.holdfast.testkit.GoLeak;
import dev.holdfast.testkit.LiveGo;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Leaks planted in a Go program, each in a core of its own, committed and made anew: the first suspect names variable or
 * goroutines, field, path and bytes. Objects and bytes are what the program itself counted.
 */
class GoPlantedLeaksTest {
    /** Comma-separated releases of Go that the installed one is to fetch, for example {@code 1.18.10,1.27.4}. */
    private static final String RELEASES = "holdfast.go.releases";

    static List<String> modes() {
        return GoLeak.MODES;
    }

    /** Each costs a core of a gigabyte of holes; the committed ones cover the same code. */
    static Stream<Arguments> live() {
        return Stream.concat(
                Stream.of("senders", "slice").map(mode -> Arguments.of("", mode)),
                Stream.of(System.getProperty(RELEASES, "").split(","))
                        .filter(release -> !release.isEmpty())
                        .flatMap(release -> GoLeak.MODES.stream().map(mode -> Arguments.of(release, mode))));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theFirstSuspectOfACommittedCoreIsWhatWasPlanted(String mode) throws IOException {
        check(GoLeak.committed(mode));
    }

    @ParameterizedTest
    @MethodSource("live")
    void theFirstSuspectOfALiveProgramIsWhatWasPlanted(String release, String mode, @TempDir Path folder)
            throws IOException {
        Optional<LiveGo> go = LiveGo.installed();
        assumeTrue(go.isPresent(), LiveGo.REASON);
        LiveGo installed = go.orElseThrow();
        GoLeak leak = (release.isEmpty() ? installed : installed.release(release)).leak(folder, mode);
        check(leak);
        Files.delete(leak.core());
    }

    private static void check(GoLeak leak) throws IOException {
        try (JudgedHeap heap = JudgedHeap.open(leak.core(), leak.executable())) {
            String text = heap.text();
            assertThat(heap.verdict().suspects()).as(text).hasSize(1);
            assertThat(text).doesNotContain("0x");
            assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
            Suspect.Point point = heap.first().point();
            if (point != null && point.node() >= 0) {
                assertThat(heap.first().retainedBytes()).as(text).isEqualTo(heap.retainedWithout(point.node()));
            }
            switch (leak.mode()) {
                case "sessions" -> sessions(leak, heap);
                case "senders" -> senders(leak, heap);
                case "slice" -> slice(leak, heap);
                case "ballast" -> ballast(leak, heap);
                case "timers" -> timers(leak, heap);
                case "pool" -> pool(leak, heap);
                default -> throw new AssertionError(leak.mode());
            }
        }
    }

    private static void sessions(GoLeak leak, JudgedHeap heap) {
        Suspect first = heap.first();
        judged(heap, Judgement.SUSPECT, RootKind.GLOBAL, "main.web");
        assertThat(JudgedHeap.path(first)).isEqualTo("main.web > main.server > sessions map[int64]*main.session");
        elements(leak, heap, "main.session");
    }

    private static void senders(GoLeak leak, JudgedHeap heap) {
        Suspect.Owner owner = heap.first().owner();
        assertThat(heap.first().judgement()).isEqualTo(Judgement.SUSPECT);
        assertThat(owner.kind()).isEqualTo(RootKind.GOROUTINE);
        assertThat(owner.count()).isEqualTo(leak.objects());
        assertThat(owner.creator()).isEqualTo("main.senders");
        assertThat(owner.function()).isEqualTo("main.report");
        assertThat(owner.waiting()).isEqualTo("chan send");
        // Each has a stack of at least 2 KiB.
        assertThat(owner.stackBytes()).isGreaterThanOrEqualTo(leak.objects() * 2048);
        assertThat(heap.first().retainedBytes()).isEqualTo(leak.bytes());
        elements(leak, heap, "main.result");
        assertThat(heap.text())
                .contains(
                        "10,000 goroutines that main.senders started",
                        "main.report (chan send)",
                        "Not counted: their descriptors (runtime.g), ");
    }

    private static void slice(GoLeak leak, JudgedHeap heap) {
        Suspect first = heap.first();
        judged(heap, Judgement.SUSPECT, RootKind.GLOBAL, "main.view");
        assertThat(JudgedHeap.path(first)).isEqualTo("main.view > main.window > recent []int64");
        assertThat(first.retainedBytes()).isEqualTo(leak.bytes());
        assertThat(Objects.requireNonNull(first.point()).elements()).isEqualTo(leak.bytes() / 8);
        assertThat(heap.text()).contains("A slice of it, however short, keeps the whole array.");
    }

    /** What the summary does not know the report does: it has looked at all slices. */
    @Test
    void theReportSaysHowMuchOfAnArrayItsSlicesReach() throws IOException {
        GoLeak leak = GoLeak.committed("slice");
        DumpOptions options = DumpOptions.DEFAULT.withExecutable(leak.executable());
        try (HeapSnapshot heap = Holdfast.open(leak.core(), options, SnapshotOptions.DEFAULT, Progress.NONE)) {
            StringWriter text = new StringWriter();
            PrintWriter out = new PrintWriter(text);
            HeapReport.of(heap, Progress.NONE).writeText(out);
            out.flush();
            assertThat(text.toString().replaceAll("\\s+", " "))
                    .contains(
                            "All slices of it together reach 10 of its 1,048,576 elements and keep the other 8.0 MiB.");
        }
    }

    private static void ballast(GoLeak leak, JudgedHeap heap) {
        judged(heap, Judgement.BALLAST, RootKind.GLOBAL, "main.reserve");
        assertThat(heap.first().retainedBytes()).isEqualTo(leak.bytes());
        harmless(heap, "nobody seems to have written to");
    }

    private static void timers(GoLeak leak, JudgedHeap heap) {
        Suspect.Owner owner = heap.first().owner();
        assertThat(heap.first().judgement()).isEqualTo(Judgement.SUSPECT);
        assertThat(owner.kind()).isEqualTo(RootKind.RUNTIME);
        assertThat(owner.count()).isEqualTo(leak.objects());
        Suspect.Amount elements = Objects.requireNonNull(heap.first().elements());
        assertThat(elements.name()).isEqualTo("main.timers.func1 (closure)");
        assertThat(elements.objects()).isEqualTo(leak.objects());
        // What each closure captured, and the closure: a function and a variable.
        assertThat(elements.retainedBytes()).isEqualTo(leak.bytes() + leak.objects() * 16);
        assertThat(heap.text()).contains("20,000 timers that have not fired", "main.timers.func1");
    }

    private static void pool(GoLeak leak, JudgedHeap heap) {
        judged(heap, Judgement.POOL, RootKind.GLOBAL, "main.buffers");
        harmless(heap, "sync.Pool");
        Suspect.Amount elements = Objects.requireNonNull(heap.first().elements());
        assertThat(elements.name()).isEqualTo("main.buffer");
        assertThat(elements.objects()).isEqualTo(leak.objects());
        // The allocator's next size.
        assertThat(elements.shallowBytes()).isBetween(leak.bytes(), leak.bytes() * 5 / 4);
    }

    private static void judged(JudgedHeap heap, Judgement judgement, RootKind kind, String holder) {
        assertThat(heap.first().judgement()).as(heap.text()).isEqualTo(judgement);
        assertThat(heap.first().owner().kind()).isEqualTo(kind);
        assertThat(heap.first().owner().name()).isEqualTo(holder);
        assertThat(heap.text()).contains(holder);
    }

    private static void harmless(JudgedHeap heap, String why) {
        assertThat(heap.verdict().reason()).isEqualTo(Verdict.Reason.HARMLESS);
        assertThat(heap.text().replaceAll("\\s+", " ")).contains("Not a leak:", why);
    }

    private static void elements(GoLeak leak, JudgedHeap heap, String type) {
        Suspect.Amount elements = Objects.requireNonNull(heap.first().elements(), heap.text());
        assertThat(elements.name()).isEqualTo(type);
        assertThat(elements.objects()).isEqualTo(leak.objects());
        assertThat(elements.shallowBytes()).isEqualTo(leak.bytes());
        assertThat(heap.text()).contains(Quantities.count(leak.objects()) + " " + type);
    }
}
