package dev.holdfast.dump.hprof;

import static dev.holdfast.testkit.HprofType.BOOLEAN;
import static dev.holdfast.testkit.HprofType.INT;
import static dev.holdfast.testkit.HprofType.OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StackSpace;
import dev.holdfast.testkit.CommittedDump;
import dev.holdfast.testkit.FakeClass;
import dev.holdfast.testkit.FakeInstance;
import dev.holdfast.testkit.FakeLayout;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.JvmHistogram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stacks of virtual threads, against the JVM's histogram and against chunks of known size. */
class StackChunksTest {
    private static final String CHUNK = "jdk.internal.vm.StackChunk";

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @EnumSource(names = {"JDK25", "JDK25_COMPACT"})
    void stacksOfVirtualThreadsAreAllTheStackChunksThatTheJvmCounts(CommittedDump dump) throws IOException {
        check(dump.copyTo(folder), Objects.requireNonNull(dump.settled().get(CHUNK)));
    }

    @Test
    void stacksOfManyVirtualThreadsAreAllTheStackChunksThatTheJvmCounts() throws IOException {
        Assumptions.assumeTrue(Fixtures.java().isPresent(), Fixtures.REASON);
        Path java = Fixtures.java().orElseThrow();
        JvmHistogram.Row row;
        try (GZIPInputStream in =
                new GZIPInputStream(Files.newInputStream(java.resolve("vthreads25.histo-full.txt.gz")))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            row = Objects.requireNonNull(
                    JvmHistogram.parseAll(text).get(0).rows().get(CHUNK));
        }
        check(java.resolve("vthreads25.hprof.gz"), row);
    }

    private static void check(Path file, JvmHistogram.Row chunks) throws IOException {
        long bytes = 0;
        long threads = 0;
        for (DumpThread thread : threads(file, DumpOptions.DEFAULT)) {
            if (thread.kind() == DumpThread.Kind.PLATFORM) {
                assertThat(thread.stackBytes()).as(thread.name()).isEqualTo(-1);
            } else if (thread.stackBytes() > 0) {
                threads++;
                bytes += thread.stackBytes();
                assertThat(Objects.requireNonNull(thread.stack()).used())
                        .as(thread.name())
                        .isPositive()
                        .isLessThan(thread.stackBytes());
            }
        }
        assertThat(new JvmHistogram.Row(threads, bytes)).isEqualTo(chunks);
    }

    @Test
    void aStackIsTheChainOfItsChunksAndAMountedThreadHasNone() throws IOException {
        HeapBuilder builder = new HeapBuilder(8, FakeLayout.JDK25);
        Chunks made = new Chunks(builder);
        FakeInstance older = made.chunk(100, 10, null);
        FakeInstance newer = made.chunk(33, 40, older);
        FakeInstance negative = made.chunk(-5, 3, null);
        made.thread("parked", false, newer, null);
        made.thread("never ran", false, null, null);
        made.thread("mounted", true, older, builder.thread("carrier").object());
        made.thread("forged", false, negative, null);
        FakeInstance loop = made.chunk(1, 0, null);
        loop.set("parent", loop);
        made.thread("loop", false, loop, null);
        Path file = folder.resolve("chunks.hprof");
        builder.toFile(file);

        List<DumpThread> threads = threads(
                file, DumpOptions.DEFAULT.withLayout("header=12,reference=4,alignment=8,rule=jdk15,arrays=jdk22"));
        // Before the words come 12 bytes of header, three int and a reference, and the VM's own fields; see sizes.md.
        StackSpace empty = Objects.requireNonNull(named(threads, "forged").stack());
        assertThat(empty.used() + empty.free()).isZero();
        long head = empty.rest();
        // Two bits a word, in words of 64.
        assertThat(named(threads, "parked").stack())
                .isEqualTo(new StackSpace(8 * (10 + 33), 8 * 90, 2 * head + 8 * 4 + 8 * 2));
        assertThat(named(threads, "never ran").stack()).isEqualTo(new StackSpace(0, 0, 0));
        assertThat(named(threads, "never ran").carrier()).isZero();
        assertThat(named(threads, "mounted").stack()).isNull();
        assertThat(named(threads, "mounted").carrier())
                .isEqualTo(named(threads, "carrier").address());
        assertThat(named(threads, "carrier").stack()).isNull();
        assertThat(named(threads, "loop").stackBytes()).isPositive();
    }

    /** The classes of virtual threads as far as their stacks need them. */
    private static final class Chunks {
        private final HeapBuilder builder;
        private final FakeClass chunk;
        private final FakeClass continuation;
        private final FakeClass virtual;

        Chunks(HeapBuilder builder) {
            this.builder = builder;
            chunk = builder.classNamed(CHUNK)
                    .field("parent", OBJECT)
                    .field("size", INT)
                    .field("sp", INT)
                    .field("bottom", INT);
            continuation = builder.classNamed("jdk.internal.vm.Continuation")
                    .field("tail", OBJECT)
                    .field("mounted", BOOLEAN);
            FakeClass base = builder.classNamed("java.lang.BaseVirtualThread").extending(builder.javaLangThread());
            virtual = builder.classNamed("java.lang.VirtualThread")
                    .extending(base)
                    .field("cont", OBJECT)
                    .field("carrierThread", OBJECT)
                    .field("state", INT);
        }

        FakeInstance chunk(int size, int sp, @Nullable FakeInstance parent) {
            FakeInstance made = builder.instance(chunk).set("size", size).set("sp", sp);
            return parent == null ? made : made.set("parent", parent);
        }

        void thread(String name, boolean mounted, @Nullable FakeInstance tail, @Nullable FakeInstance carrier) {
            FakeInstance cont = builder.instance(continuation).set("mounted", mounted);
            FakeInstance thread =
                    builder.instance(virtual).set("name", builder.string(name)).set("cont", cont);
            if (tail != null) {
                cont.set("tail", tail);
            }
            if (carrier != null) {
                thread.set("carrierThread", carrier);
            }
            builder.thread(thread);
        }
    }

    private static List<DumpThread> threads(Path file, DumpOptions options) throws IOException {
        try (DumpFile dump = DumpFile.open(file, options, Progress.NONE)) {
            CollectedDump.of(dump);
            return dump.threads();
        }
    }

    private static DumpThread named(List<DumpThread> threads, String name) {
        return threads.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no thread " + name));
    }
}
