package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.GhostFrame;
import dev.holdfast.dump.GhostFrame.Chain;
import dev.holdfast.dump.GhostFrames;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.heap.HeapSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is left in free stacks, as text and as JSON. */
final class GhostFramesReportTest {
    private static GhostFrame ghost(String function, long below, int caller, int liveCaller, Chain chain) {
        return new GhostFrame(FakeGoDump.frame(function, 7), below, caller, liveCaller, chain);
    }

    private static DumpThread thread(long id, String name) {
        return FakeGoDump.waiting(id, name, Map.of(), FakeGoDump.frame("main.wait", 3), FakeGoDump.frame(name, 9));
    }

    private static String text(FakeGoDump dump, boolean all) throws IOException {
        try (HeapSnapshot heap = dump.open()) {
            StringWriter text = new StringWriter();
            PrintWriter out = new PrintWriter(text);
            ThreadsReport.of(heap, all).withGhostFrames(heap).writeText(out);
            out.flush();
            return text.toString();
        }
    }

    private static String json(FakeGoDump dump) throws IOException {
        try (HeapSnapshot heap = dump.open()) {
            StringWriter text = new StringWriter();
            ThreadsReport.of(heap, false).withGhostFrames(heap).writeJson(text);
            return text.toString().replaceAll("\\s+", "");
        }
    }

    @Test
    void chainsOfAGroupStandTogetherTheDeepestInMostGoroutinesFirst() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        for (int i = 0; i < 4; i++) {
            dump.goroutine(thread(i, "main.serve"));
            List<GhostFrame> ghosts = new ArrayList<>(List.of(
                    ghost("main.encode", 5000 + i, 1, -1, Chain.LIVE),
                    ghost("main.handle", 900, -1, 1, Chain.LIVE),
                    ghost("main.lost", 100, -1, -1, Chain.BROKEN)));
            if (i == 0) {
                ghosts.add(ghost("main.over", 40, -1, -1, Chain.OVERWRITTEN));
            }
            dump.ghosts.put((long) i, new GhostFrames(ghosts, 8000, 8000));
        }
        assertThat(text(dump, false).lines().toList())
                .containsSubsequence(
                        "  left in free stack (evidence only, not in the sums):",
                        "       below              in 4 of 4, called by main.serve, which is live",
                        "     4.9 KiB              main.encode (/src/main.encode.go:7)",
                        "       900 B              main.handle (/src/main.handle.go:7)",
                        "       below              in 4 of 4, caller unknown",
                        "       100 B              main.lost (/src/main.lost.go:7)",
                        "       below              in 1 of 4, caller overwritten since",
                        "        40 B              main.over (/src/main.over.go:7)")
                .noneSatisfy(line -> assertThat(line).contains("not looked at"));
    }

    @Test
    void aRecursionIsOneLineAndWhatIsLeftOutIsNamed() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        dump.goroutine(thread(5, "main.walk"));
        List<GhostFrame> ghosts = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            ghosts.add(ghost("main.recurse", 64L * (1001 - i), i + 1, -1, Chain.LIVE));
        }
        ghosts.add(ghost("main.recurse", 64, -1, 1, Chain.LIVE));
        for (int i = 0; i < 6; i++) {
            ghosts.add(ghost("main.f" + i, 60 - i, -1, -1, Chain.BROKEN));
        }
        dump.ghosts.put(5L, new GhostFrames(ghosts, 1 << 30, 64 << 20));
        String text = text(dump, false);
        assertThat(text)
                .contains("       below              called by main.walk, which is live\n")
                .contains("    62.6 KiB              1,001 times main.recurse (/src/main.recurse.go:7)")
                .contains("    also main.f2, main.f3, main.f4, main.f5\n")
                .contains("    960.0 MiB not looked at\n");
        assertThat(text(dump, true)).contains("main.f5 (").doesNotContain("    also ");
    }

    @Test
    void linesFitAHundredColumns() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        String name = "example.com/a/very/long/path/to/some/module/internal/x.(*Server).handleEverything.func1";
        for (int i = 0; i < 2000; i++) {
            dump.goroutine(thread(i, name));
            List<GhostFrame> ghosts = new ArrayList<>(List.of(ghost(name, 900, -1, 1, Chain.LIVE)));
            for (int k = 0; k < 9; k++) {
                ghosts.add(ghost(name + k, 100, -1, -1, Chain.BROKEN));
            }
            dump.ghosts.put((long) i, new GhostFrames(ghosts, 8000, 8000));
        }
        assertThat(text(dump, false).lines())
                .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(100))
                .anySatisfy(line -> assertThat(line).contains("in 2,000 of 2,000, called by ", ", which is live"));
    }

    @Test
    void goroutinesWithNothingLeftSayNothing() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        dump.goroutine(thread(5, "main.walk"));
        assertThat(text(dump, false)).doesNotContain("left in free stack");
    }

    @Test
    void jsonTellsWhoCalledAndHowThatIsKnown() throws IOException {
        FakeGoDump dump = new FakeGoDump();
        dump.goroutine(thread(5, "main.walk"));
        dump.ghosts.put(
                5L,
                new GhostFrames(
                        List.of(
                                ghost("main.leaf", 500, 1, -1, Chain.LIVE),
                                ghost("main.root", 300, -1, 1, Chain.LIVE),
                                new GhostFrame(
                                        new StackFrame("main.in", null, 0, false, 0, true, false),
                                        100,
                                        -1,
                                        -1,
                                        Chain.BROKEN)),
                        8024,
                        8000));
        assertThat(json(dump))
                .contains("\"ghost_frames\":[{\"function\":\"main.leaf\",\"file\":\"/src/main.leaf.go\",\"line\":7,"
                        + "\"frame_bytes\":64,\"inlined\":false,\"bytes_below\":500,\"linked\":true,"
                        + "\"chain\":\"live\",\"caller\":1,\"live_caller\":null}")
                .contains("\"caller\":null,\"live_caller\":\"main.walk\"}")
                .contains("{\"function\":\"main.in\",\"file\":null,\"line\":null,\"frame_bytes\":0,\"inlined\":true,"
                        + "\"bytes_below\":100,\"linked\":false,\"chain\":\"broken\",\"caller\":null,"
                        + "\"live_caller\":null}],\"ghost_bytes_scanned\":8000}");
        try (HeapSnapshot heap = dump.open()) {
            StringWriter text = new StringWriter();
            ThreadsReport.of(heap, false).writeJson(text);
            assertThat(text.toString()).doesNotContain("ghost");
        }
    }
}
