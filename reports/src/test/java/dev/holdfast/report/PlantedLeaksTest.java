package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.RootKind;
import dev.holdfast.roots.Suspect;
import dev.holdfast.roots.Suspect.Judgement;
import dev.holdfast.roots.Verdict;
import dev.holdfast.testkit.JvmHistogram;
import dev.holdfast.testkit.LiveJvm;
import dev.holdfast.testkit.PlantedLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Leaks planted in a JVM, each in a dump of its own: the first suspect names holder, field, path and bytes. Objects and bytes
 * are those of the JVM's own histogram; what the point retains is what is not reached without it.
 */
class PlantedLeaksTest {
    private static final String PLANTED = PlantedLeaks.class.getName() + "$";

    @TempDir
    static Path folder;

    @BeforeAll
    static void plant() {
        LiveJvm.current().plantLeaks(folder);
    }

    private interface Check {
        void of(JudgedHeap heap, Suspect first);
    }

    private static void check(String scene, String type, Check check) throws IOException {
        JvmHistogram histogram = JvmHistogram.parse(Files.readString(folder.resolve(scene + ".txt")));
        JvmHistogram.Row planted = Objects.requireNonNull(histogram.rows().get(PLANTED + type));
        assertThat(planted.objects()).isEqualTo(PlantedLeaks.OBJECTS);
        try (JudgedHeap heap = JudgedHeap.open(folder.resolve(scene + ".hprof"))) {
            String text = heap.text();
            assertThat(heap.verdict().suspects()).as(text).hasSize(1);
            Suspect first = heap.first();
            Suspect.Amount elements = Objects.requireNonNull(first.elements());
            assertThat(elements.name()).as(text).isEqualTo(PLANTED + type);
            assertThat(elements.objects()).as(text).isEqualTo(planted.objects());
            assertThat(elements.shallowBytes()).as(text).isEqualTo(planted.bytes());
            assertThat(elements.retainedBytes()).as(text).isEqualTo(planted.bytes());
            Suspect.Point point = Objects.requireNonNull(first.point());
            assertThat(point.node()).as(text).isNotNegative();
            assertThat(first.retainedBytes())
                    .as(text)
                    .isEqualTo(point.retainedBytes())
                    .isEqualTo(heap.retainedWithout(point.node()));
            assertThat(text)
                    .contains(
                            Quantities.count(planted.objects()) + " " + PLANTED + type,
                            Quantities.bytes(planted.bytes()),
                            Quantities.bytes(first.retainedBytes()))
                    .doesNotContain("0x");
            assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
            check.of(heap, first);
        }
    }

    @Test
    void aStaticMapIsNamedByClassAndField() throws IOException {
        check("static-map", "Session", (heap, first) -> {
            assertThat(first.judgement()).isEqualTo(Judgement.SUSPECT);
            assertThat(first.owner().staticClass()).isEqualTo(PLANTED + "Sessions");
            assertThat(first.owner().staticField()).isEqualTo("byId");
            assertThat(JudgedHeap.path(first))
                    .endsWith("class " + PLANTED + "Sessions > static byId java.util.HashMap");
            assertThat(heap.text()).contains("the static field byId of class");
        });
    }

    @Test
    void aThreadLocalIsNamedByThreadAndField() throws IOException {
        check("thread-local", "Request", (heap, first) -> {
            assertThat(first.judgement()).isEqualTo(Judgement.SUSPECT);
            assertThat(first.owner().kind()).isEqualTo(RootKind.THREAD);
            assertThat(first.owner().name()).isEqualTo("request-worker");
            assertThat(first.owner().threadLocal()).isEqualTo(PLANTED + "Context.CURRENT");
            assertThat(JudgedHeap.path(first))
                    .contains("threadLocals java.lang.ThreadLocal$ThreadLocalMap")
                    .endsWith("value java.util.ArrayList");
            assertThat(heap.text()).contains("thread \"request-worker\" as the value of the thread local");
        });
    }

    @Test
    void aClassLoaderIsNamedWithTheThreadThatKeepsIt() throws IOException {
        check("class-loader", "PluginState", (heap, first) -> {
            assertThat(first.judgement()).isEqualTo(Judgement.SUSPECT);
            assertThat(first.owner().kind()).isEqualTo(RootKind.THREAD);
            assertThat(first.owner().name()).isEqualTo("plugin-worker");
            assertThat(first.owner().loader()).isEqualTo(PLANTED + "PluginLoader \"shop-plugin\"");
            assertThat(first.owner().staticClass()).isEqualTo(PLANTED + "Plugin");
            assertThat(first.owner().staticField()).isEqualTo("STATES");
            assertThat(JudgedHeap.path(first))
                    .contains("contextClassLoader " + PLANTED + "PluginLoader")
                    .endsWith("class " + PLANTED + "Plugin > static STATES java.util.ArrayList");
            assertThat(heap.text()).contains("\"shop-plugin\", which thread \"plugin-worker\" keeps");
        });
    }

    @Test
    void aListOfListenersIsNamedByTheObjectThatHasIt() throws IOException {
        check("listeners", "Listener", (heap, first) -> {
            assertThat(first.judgement()).isEqualTo(Judgement.SUSPECT);
            assertThat(first.owner().staticClass()).isEqualTo(PLANTED + "EventBus");
            assertThat(first.owner().staticField()).isEqualTo("main");
            assertThat(JudgedHeap.path(first))
                    .endsWith("static main " + PLANTED + "EventBus > listeners java.util.ArrayList");
        });
    }

    @Test
    void aQueueWithoutBoundIsNamedByTheFrameThatHoldsIt() throws IOException {
        check("queue", "Job", (heap, first) -> {
            assertThat(first.judgement()).isEqualTo(Judgement.SUSPECT);
            assertThat(first.owner().kind()).isEqualTo(RootKind.THREAD);
            assertThat(first.owner().name()).isEqualTo("mailer");
            assertThat(first.owner().function()).isEqualTo(PlantedLeaks.class.getName() + ".deliver");
            assertThat(JudgedHeap.path(first))
                    .endsWith(PLANTED + "Mailer > queue java.util.concurrent.LinkedBlockingQueue");
        });
    }

    @Test
    void aCacheOfSoftReferencesIsSaidToBeNoLeak() throws IOException {
        check("soft-cache", "Image", (heap, first) -> {
            assertThat(heap.verdict().reason()).isEqualTo(Verdict.Reason.HARMLESS);
            assertThat(first.judgement()).isEqualTo(Judgement.SOFT_CACHE);
            assertThat(first.droppableBytes())
                    .isEqualTo(Objects.requireNonNull(first.elements()).retainedBytes());
            assertThat(first.owner().staticField()).isEqualTo("cache");
            assertThat(heap.text()).contains("Not a leak:", "cache of soft references");
        });
    }
}
