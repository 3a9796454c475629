package dev.holdfast.dump.gostack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.GhostFrame;
import dev.holdfast.dump.GhostFrame.Chain;
import dev.holdfast.dump.GhostFrames;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is left in free stacks of the fixture program, which nobody arranged. */
class GhostStacksTest {
    /** These run on the stacks of threads, never on a goroutine's. */
    private static final Set<String> ELSEWHERE = Set.of(
            "runtime.mstart0",
            "runtime.mstart1",
            "runtime.schedule",
            "runtime.findRunnable",
            "runtime.findrunnable",
            "runtime.park_m",
            "runtime.goschedImpl",
            "runtime.goexit0",
            "runtime.newstack",
            "runtime.copystack",
            "runtime.newproc1",
            "runtime.gcDrain",
            "runtime.markroot",
            "runtime.scanstack",
            "runtime.(*mheap).allocSpan",
            "runtime.sysmon",
            "runtime.sighandler");

    static Stream<GoFixture> fixtures() {
        return GoFixtures.available().stream();
    }

    /** A ghost with the stack in which it lies. */
    private record Found(GoStack stack, GhostFrames ghosts, GhostFrame frame, long slot) {}

    private static List<Found> all(OpenedStacks opened) {
        List<Found> all = new ArrayList<>();
        GoroutineTable goroutines = opened.goroutines();
        GhostStacks reader = goroutines.ghosts();
        for (Goroutine goroutine : goroutines.all()) {
            GoStack stack = goroutines.stacks().stack(goroutine);
            GhostFrames ghosts = reader.of(goroutine);
            assertThat(ghosts.freeBytes()).isEqualTo(stack.space().free());
            assertThat(ghosts.cut()).isFalse();
            for (GhostFrame frame : ghosts.frames()) {
                all.add(new Found(stack, ghosts, frame, stack.frames().get(0).sp() - frame.bytesBelow()));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void theSweeperHasCalledWhatSweeps(GoFixture fixture) throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            assertThat(all(opened))
                    .anySatisfy(found -> {
                        assertThat(found.frame.call().function()).isEqualTo("runtime.sweepone");
                        assertThat(found.frame.linked()).isTrue();
                        assertThat(found.stack.calls().get(found.frame.liveCaller()))
                                .extracting(StackFrame::function)
                                .isEqualTo("runtime.bgsweep");
                    })
                    .hasSizeGreaterThan(300);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void aGhostsWordPointsIntoTheCodeOfItsFunction(GoFixture fixture) throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            boolean named = opened.program.executable().section(".symtab") != null;
            var memory = opened.program.reader();
            for (Found found : all(opened)) {
                assertThat(found.slot).isLessThan(found.stack.frames().get(0).sp());
                long word = memory.word(found.slot);
                if (named && !found.frame.call().inlined()) {
                    assertThat(opened.program.executable().symbolAt(word - opened.program.bias()))
                            .as("%s, %s", fixture, found.frame)
                            .startsWith(found.frame.call().function());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void linkedFramesJoinWithoutAGap(GoFixture fixture) throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            boolean amd64 = opened.program.executable().machine() == Machine.AMD64;
            int linked = 0;
            List<Found> all = all(opened);
            for (Found found : all) {
                GhostFrame frame = found.frame;
                if (frame.caller() >= 0) {
                    GhostFrame caller = found.ghosts.frames().get(frame.caller());
                    assertThat(found.ghosts.frames().indexOf(frame)).isLessThan(frame.caller());
                    assertThat(frame.chain()).isEqualTo(caller.chain());
                    assertThat(frame.liveCaller()).isNegative();
                    if (amd64 || frame.call().inlined()) {
                        assertThat(caller.bytesBelow())
                                .isEqualTo(frame.bytesBelow() - frame.call().bytes());
                    } else {
                        assertThat(caller.bytesBelow()).isLessThan(frame.bytesBelow());
                    }
                }
                if (frame.liveCaller() >= 0) {
                    linked++;
                    assertThat(frame.chain()).isEqualTo(Chain.LIVE);
                    if (amd64) {
                        long end = found.slot + 8 + frame.call().bytes();
                        assertThat(found.stack.frames()).extracting(GoFrame::sp).contains(end);
                    }
                }
            }
            assertThat(linked).isGreaterThan(30);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void noGhostIsOfAFunctionThatRunsOnOtherStacks(GoFixture fixture) throws IOException {
        try (OpenedStacks opened = OpenedStacks.of(fixture)) {
            assertThat(all(opened))
                    .extracting(found -> found.frame.call().function())
                    .doesNotContainAnyElementsOf(ELSEWHERE)
                    .doesNotContain("runtime.goexit");
        }
    }
}
