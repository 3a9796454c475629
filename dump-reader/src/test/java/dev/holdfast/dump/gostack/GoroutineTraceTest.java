package dev.holdfast.dump.gostack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.StackFrame;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import dev.holdfast.testkit.GoTruth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the program printed of itself a moment before is the oracle. */
class GoroutineTraceTest {
    /** Labels of goroutines that went on running between the print and the dump. */
    private static final String BUSY = "spin";

    static Stream<GoFixture> fixtures() {
        return GoFixtures.available().stream();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void everyGoroutineThatStoodStillIsAsThePrintSays(GoFixture fixture) throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            GoroutineTable table = opened.goroutines();
            GoStacks stacks = table.stacks();
            Map<Long, Goroutine> found = new TreeMap<>();
            table.all().forEach(goroutine -> found.put(goroutine.id(), goroutine));
            List<RecordedTrace> traces =
                    RecordedTrace.parse(new String(fixture.bytes("goroutines.txt"), StandardCharsets.UTF_8));
            int compared = 0;
            for (RecordedTrace trace : traces) {
                Goroutine goroutine = Objects.requireNonNull(
                        found.get(trace.id()), () -> "goroutine " + trace.id() + " is not there");
                assertThat(goroutine.system()).as("goroutine %d", trace.id()).isFalse();
                boolean writer = trace.id() == 1;
                if (writer || BUSY.equals(goroutine.labels().get("kind")) || startedLate(goroutine)) {
                    continue;
                }
                compared++;
                String state = goroutine.waitReason() == null ? goroutine.state() : goroutine.waitReason();
                assertThat(state).as("goroutine %d", trace.id()).isEqualTo(trace.state());
                assertCalls(shown(stacks.stack(goroutine)), trace);
                String creator = goroutine.creator() == null
                                || !RecordedTrace.printed(goroutine.creator().function())
                        ? ""
                        : goroutine.creator().function() + "@"
                                + goroutine.creator().file() + ":"
                                + goroutine.creator().line();
                assertThat(creator).as("goroutine %d", trace.id()).isEqualTo(trace.creator());
            }
            assertThat(compared).isEqualTo(traces.size() - 6);
            Set<Long> printed =
                    new HashSet<>(traces.stream().map(RecordedTrace::id).toList());
            assertThat(found.values().stream()
                            .filter(goroutine -> !goroutine.system() && !printed.contains(goroutine.id()))
                            .map(Goroutine::entry))
                    .as("the churning goroutine begins after the print")
                    .allMatch(entry -> entry.startsWith("main.main.func"));
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void everyStackIsUnwoundToItsEndAndAddsUp(GoFixture fixture) throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            GoroutineTable table = opened.goroutines();
            GoStacks stacks = table.stacks();
            for (Goroutine goroutine : table.all()) {
                GoStack stack = stacks.stack(goroutine);
                assertThat(stack.complete()).as("%s", goroutine).isTrue();
                assertThat(stack.space().bytes()).as("%s", goroutine).isEqualTo(goroutine.stackBytes());
                long sum = 0;
                long at = goroutine.stackLow() + stack.space().free();
                for (GoFrame frame : stack.frames()) {
                    assertThat(frame.bytes()).as("%s", frame).isNotNegative();
                    assertThat(frame.sp()).as("%s", frame).isEqualTo(at);
                    at += frame.bytes();
                    sum += frame.function().name().equals("runtime.goexit") ? 0 : frame.bytes();
                }
                assertThat(goroutine.stackHigh() - at).as("%s", goroutine).isBetween(0L, 64L);
                assertThat(sum).as("%s", goroutine).isEqualTo(stack.space().used());
                long called =
                        stack.calls().stream().mapToLong(StackFrame::bytes).sum();
                assertThat(called).as("%s", goroutine).isEqualTo(stack.space().used());
            }
            assertThat(opened.warnings.list())
                    .filteredOn(warning -> warning.code().startsWith("go-"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void goroutinesOfEachKindAreAsManyAsTheProgramStarted(GoFixture fixture) throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            Map<String, Integer> kinds = new HashMap<>();
            for (Goroutine goroutine : opened.goroutines().all()) {
                kinds.merge(goroutine.labels().getOrDefault("kind", ""), 1, Integer::sum);
                if (!goroutine.labels().isEmpty()) {
                    assertThat(goroutine.labels()).containsOnlyKeys("kind", "n");
                }
            }
            for (GoTruth.Goroutines kind : fixture.truth().goroutines()) {
                if (!kind.kind().isEmpty()) {
                    assertThat(kinds.get(kind.kind())).as(kind.kind()).isEqualTo((int) kind.count());
                }
            }
        }
    }

    private static boolean startedLate(Goroutine goroutine) {
        // newborn: started last, may or may not have run.
        return goroutine.labels().isEmpty()
                && (goroutine.entry().startsWith("main.main.gowrap")
                        || goroutine.entry().equals("main.main.func4"));
    }

    private static List<StackFrame> shown(GoStack stack) {
        return stack.calls().stream().filter(call -> !call.wrapper()).toList();
    }

    private static void assertCalls(List<StackFrame> calls, RecordedTrace trace) {
        List<String> found = new ArrayList<>();
        for (StackFrame call : calls) {
            // Up to Go 1.20 the linker wrote [...] itself.
            String function = call.function().replaceAll("\\[.*\\]", "[...]");
            if (RecordedTrace.printed(function)) {
                found.add(function + "@" + call.file() + ":" + call.line());
            }
        }
        if (!trace.cut()) {
            assertThat(found).as("goroutine %d", trace.id()).isEqualTo(trace.calls());
            return;
        }
        // The runtime prints the 50 calls at each end and counts its own among them.
        int shown = 40;
        assertThat(found.subList(0, shown)).isEqualTo(trace.calls().subList(0, shown));
        List<String> printed = trace.calls();
        if (!printed.get(printed.size() - 1).startsWith("main.deep")) {
            assertThat(found.subList(found.size() - shown, found.size()))
                    .isEqualTo(printed.subList(printed.size() - shown, printed.size()));
        }
        assertThat(found).hasSizeGreaterThan(3000);
    }
}
