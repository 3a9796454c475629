package dev.holdfast.dump.gostack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.GhostFrame;
import dev.holdfast.dump.GhostFrames;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.testkit.LiveGo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program of ours whose goroutines called known functions to known depths before they waited, on stacks that others had
 * used before them.
 */
class LiveGhostsTest {
    private static final int EACH = 8;

    /** By the function that waits: what is left in each goroutine's stack. */
    private static final Map<String, List<Seen>> GOROUTINES = new HashMap<>();

    private record Seen(GoStack stack, List<GhostFrame> ghosts) {
        /** The functions of the program that ran below a live frame, leaf first. */
        List<String> linked() {
            return ghosts.stream()
                    .filter(GhostFrame::linked)
                    .map(ghost -> ghost.call().function())
                    .filter(function -> function.startsWith("main."))
                    .toList();
        }

        GhostFrame ghost(String function) {
            return ghosts.stream()
                    .filter(each -> each.call().function().equals(function))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @BeforeAll
    static void run(@TempDir Path folder) throws IOException {
        Optional<LiveGo> go = LiveGo.installed();
        assumeTrue(go.isPresent(), LiveGo.REASON);
        LiveGo.Dump dump = go.orElseThrow().dump("ghosts", folder);
        GOROUTINES.clear();
        try (OpenedStacks opened = OpenedStacks.of(dump.core(), dump.executable())) {
            GoroutineTable table = opened.goroutines();
            GhostStacks ghosts = table.ghosts();
            for (Goroutine goroutine : table.all()) {
                GoStack stack = table.stacks().stack(goroutine);
                GhostFrames found = ghosts.of(goroutine);
                for (StackFrame frame : stack.calls()) {
                    if (frame.function().startsWith("main.calls")) {
                        GOROUTINES
                                .computeIfAbsent(frame.function(), made -> new ArrayList<>())
                                .add(new Seen(stack, found.frames()));
                    }
                }
            }
        }
    }

    private static List<Seen> waitingIn(String function) {
        List<Seen> all = GOROUTINES.getOrDefault(function, List.of());
        assertThat(all).as(function).hasSize(EACH);
        return all;
    }

    /**
     * Those whose chain is whole. Waiting calls the runtime, now and then so deep (to refill a cache) that it overwrites where
     * a chain began; what is left of it then leads to no live frame.
     */
    private static List<Seen> whole(String function, String... chain) {
        List<String> expected = List.of(chain);
        List<Seen> all = waitingIn(function);
        assertThat(all).allSatisfy(seen -> assertThat(seen.linked()).isIn(expected, List.of()));
        List<Seen> whole =
                all.stream().filter(seen -> seen.linked().equals(expected)).toList();
        assertThat(whole).as(function).hasSizeGreaterThan(EACH / 2);
        return whole;
    }

    @Test
    void aChainOfCallsIsFoundInItsOrderUpToTheLiveCaller() {
        for (Seen seen : whole("main.callsDeep", "main.deepC", "main.deepB", "main.deepA")) {
            GhostFrame deepA = seen.ghost("main.deepA");
            assertThat(seen.stack.calls().get(deepA.liveCaller()).function()).isEqualTo("main.callsDeep");
            assertThat(seen.ghosts.get(seen.ghost("main.deepC").caller())).isEqualTo(seen.ghost("main.deepB"));
            assertThat(seen.ghosts.get(seen.ghost("main.deepB").caller())).isEqualTo(deepA);
        }
        assertThat(whole("main.callsOther", "main.otherB", "main.otherA")).isNotEmpty();
    }

    @Test
    void aGhostSaysHowDeepTheStackWas() {
        for (Seen seen : whole("main.callsDeep", "main.deepC", "main.deepB", "main.deepA")) {
            long above = 0;
            for (GoFrame frame : seen.stack.frames()) {
                if (frame.function().name().equals("main.callsDeep")) {
                    break;
                }
                above += frame.bytes();
            }
            long sizes = 0;
            for (String function : List.of("main.deepA", "main.deepB", "main.deepC")) {
                GhostFrame ghost = seen.ghost(function);
                sizes += ghost.call().bytes();
                // The word below the frame is the return address that its call pushed.
                assertThat(ghost.bytesBelow()).as(function).isEqualTo(sizes + 8 - above);
            }
            assertThat(seen.ghost("main.deepA").call().bytes()).isBetween(1024L, 1200L);
            assertThat(seen.ghost("main.deepB").call().bytes()).isBetween(2048L, 2200L);
            assertThat(seen.ghost("main.deepC").call().bytes()).isBetween(4096L, 4300L);
            assertThat(seen.ghost("main.deepC").call().file()).endsWith("main.go");
            assertThat(seen.ghost("main.deepC").call().line()).isPositive();
        }
    }

    @Test
    void aRecursionIsOneChain() {
        List<Seen> all = waitingIn("main.callsItself");
        assertThat(all).allSatisfy(seen -> assertThat(seen.linked()).allMatch("main.recurse"::equals));
        assertThat(all)
                .filteredOn(seen -> seen.linked().size() >= 30 && seen.linked().size() <= 40)
                .hasSizeGreaterThan(EACH / 2);
    }

    @Test
    void aCallThroughAnInterfaceIsFoundThoughItsWrapperIsGone() {
        List<Seen> all = waitingIn("main.callsThroughInterface");
        assertThat(all)
                .filteredOn(seen -> seen.ghosts.stream().anyMatch(ghost -> isCalledByRun(seen, ghost)))
                .hasSizeBetween(1, EACH / 2);
        assertThat(all)
                .as("live frames stand where the chain began, so nothing proves whose it is")
                .allSatisfy(seen -> assertThat(seen.linked()).isEmpty());
    }

    private static boolean isCalledByRun(Seen seen, GhostFrame ghost) {
        return ghost.call().function().equals("main.deepA")
                && ghost.caller() >= 0
                && seen.ghosts.get(ghost.caller()).call().function().equals("main.large.run");
    }

    @Test
    void whatRanOnAStackBeforeItsGoroutineIsNotLinkedToIt() {
        assertThat(waitingIn("main.callsNothing"))
                .allSatisfy(seen -> assertThat(seen.linked()).isEmpty());
        assertThat(GOROUTINES.values())
                .as("but there is such")
                .anySatisfy(group -> assertThat(group)
                        .anySatisfy(seen -> assertThat(seen.ghosts)
                                .anyMatch(ghost -> !ghost.linked()
                                        && ghost.call().function().startsWith("main."))));
    }
}
