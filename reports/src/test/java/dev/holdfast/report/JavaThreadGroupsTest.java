package dev.holdfast.report;

import static dev.holdfast.testkit.HprofType.BYTE;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeFrame;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.FakeThread;
import dev.holdfast.testkit.HeapBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text of {@code threads} for JVMs. */
class JavaThreadGroupsTest {
    @TempDir
    private Path folder = Path.of("");

    private static List<String> lines(Path dump, boolean all) throws IOException {
        StringWriter text = new StringWriter();
        try (ProfiledHeap profiled = ProfiledHeap.open(dump);
                PrintWriter out = new PrintWriter(text)) {
            ThreadsReport.of(profiled.heap(), all).writeText(out);
        }
        return text.toString().lines().toList();
    }

    private Path made(HeapBuilder builder) {
        Path file = folder.resolve("heap.hprof");
        builder.toFile(file);
        return file;
    }

    @Test
    void virtualThreadsOfOneStackAreOneGroupAndTheirStacksAreSaid() throws IOException {
        List<String> lines = lines(CommittedDump.JDK25.copyTo(folder), false);
        assertThat(lines)
                .anyMatch(line -> line.matches("scene-virtual-#  3 virtual threads, unmounted, waiting \\(parked\\),"
                        + " retain [0-9.]+ KiB, stacks [0-9.]+ KiB \\([0-9.]+ KiB used\\)"))
                .anyMatch(line -> line.matches("\\d+ threads in \\d+ groups of one stack; bytes at a frame: .*"))
                .anyMatch(line ->
                        line.matches("3 virtual threads: 0 mounted, 3 not, whose stacks take [0-9.]+ KiB of the heap"))
                .anyMatch(line -> line.startsWith("1 virtual threads are objects only"))
                .endsWith("stacks of platform threads are native memory, which HPROF does not record");
    }

    @Test
    void threadsOfAPoolThatStandAlikeAreOneGroupWithTheSumsOfTheirFrames() throws IOException {
        HeapBuilder builder = new HeapBuilder();
        FakeClass work = builder.classNamed("Work");
        for (int i = 1; i <= 12; i++) {
            FakeThread thread = builder.thread("pool-1-thread-" + i).status(i <= 10 ? 0x291 : 0x5);
            FakeFrame at = thread.frame(work, "leaf", "Work.java", 1).local(builder.zeros(BYTE, 1024 - 16));
            for (int depth = 0; depth < 20; depth++) {
                at = at.caller(work, "deeper", "Work.java", 10 + depth);
            }
            at.local(builder.zeros(BYTE, 2048 - 16));
        }
        Path dump = made(builder);
        List<String> lines = lines(dump, false);
        assertThat(lines)
                .anyMatch(line -> line.startsWith("pool-#-thread-#  10 platform threads, waiting (parked), retain "))
                .anyMatch(line -> line.startsWith("pool-#-thread-#  2 platform threads, runnable, retain "))
                .containsOnlyOnce("    10.0 KiB  Work.leaf (Work.java:1)", "    20.0 KiB  Work.deeper (Work.java:29)")
                .contains("              21 frames in all (--frames shows them)")
                .doesNotContain("              Work.deeper (Work.java:28)")
                .anyMatch(line -> line.startsWith("12 threads in 2 groups of one stack"))
                .noneMatch(line -> line.contains("virtual threads"));
        assertThat(lines(dump, true)).contains("              Work.deeper (Work.java:28)");
    }

    @Test
    void aCarrierWithAVirtualThreadsFramesIsSaidToHaveThem() throws IOException {
        HeapBuilder builder = new HeapBuilder();
        FakeClass work = builder.classNamed("Work");
        FakeClass base = builder.classNamed("java.lang.BaseVirtualThread").extending(builder.javaLangThread());
        FakeClass virtual =
                builder.classNamed("java.lang.VirtualThread").extending(base).field("cont", OBJECT);
        FakeInstance mounted = builder.instance(virtual);
        builder.root(FakeRoot.JNI_GLOBAL, mounted);
        builder.thread("ForkJoinPool-1-worker-1")
                .frame(work, "request", "Work.java", 7)
                .local(builder.zeros(BYTE, 1024 - 16))
                .caller(builder.classNamed("jdk.internal.vm.Continuation"), "enter", "Continuation.java", 1)
                .caller(builder.classNamed("java.lang.VirtualThread$Runner"), "run", "VirtualThread.java", 1);
        assertThat(lines(made(builder), false))
                .anyMatch(line -> line.matches("ForkJoinPool-1-worker-1  #1 platform,"
                        + " with the frames of a virtual thread on top, runnable, retains .*"))
                .contains("     1.0 KiB  Work.request (Work.java:7)")
                .anyMatch(line -> line.startsWith(
                        "1 virtual threads are objects only: not started, ended," + " or of a JVM before 22"));
    }
}
