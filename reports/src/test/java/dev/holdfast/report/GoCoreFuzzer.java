package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.testkit.FuzzTarget;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's structures in the core of a Go program, types, stacks and what goroutines wait for included: an input is a
 * list of words to change in a committed core, from which its heap is then opened and reported on.
 */
public final class GoCoreFuzzer {
    private static @Nullable PatchedCore patched;

    private GoCoreFuzzer() {}

    private static synchronized PatchedCore core() {
        PatchedCore known = patched;
        if (known == null) {
            try {
                known = new PatchedCore(GoFixtures.named("1.26.11-kernel").orElseThrow());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            patched = known;
        }
        return known;
    }

    /** Only which code an input reaches guides the fuzzer: numbers that the code compares are no bytes of the input. */
    public static String instrumentation() {
        return "cov";
    }

    /** Where the fuzzer starts: one change in each area, and room for eight that change nothing yet. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(new byte[0]);
        seeds.add(new byte[96]);
        for (int area = 0; area < Math.min(256, core().areas()); area++) {
            seeds.add(ByteBuffer.allocate(12)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) area)
                    .put((byte) (area % 8))
                    .putShort((short) (area * 3))
                    .putLong(area * 0x0101L)
                    .array());
        }
        return seeds;
    }

    /** Loads what is to be fuzzed, so that no input pays for it. */
    public static void fuzzerInitialize() {
        FuzzTarget.of(GoCoreFuzzer.class).run(new byte[0]);
    }

    /** Opens the core with the changes, reads what else there is, and reports: verdict, leaked goroutines, waste. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        PatchedCore core = core();
        SnapshotOptions graph = SnapshotOptions.DEFAULT.withThreads(1).withMemory(SnapshotOptions.Memory.HEAP);
        long[] before = core.change(input);
        try (HeapSnapshot heap = HeapSnapshot.open(core.open(), graph, Progress.NONE)) {
            DumpFile dump = heap.dump();
            for (int object = 0; object < heap.graph().objectCount(); object += 499) {
                dump.read(heap.graph().addressOf(object));
                dump.readReferences(heap.graph().addressOf(object), 100);
                dump.readElements(heap.graph().addressOf(object), 0, 10);
                dump.evidence(object);
            }
            List<DumpThread> threads = dump.threads();
            for (int i = 0; i < Math.min(threads.size(), 24); i++) {
                dump.ghostFrames(threads.get(i));
            }
            dump.recordedProfiles();
            dump.memoryClasses();
            dump.stackMemory();
            dump.runtimeFacts();
            dump.allocationSites();
            dump.identities();
            dump.info();
            HeapReport report = HeapReport.of(heap, Progress.NONE);
            StringWriter text = new StringWriter();
            report.writeText(new PrintWriter(text));
            report.writeJson(text);
            report.writeHtml(text);
        } catch (DumpFormatException | InsufficientResourcesException e) {
            if (e.getMessage() == null || e.getMessage().contains("null")) {
                throw new AssertionError("says nothing", e);
            }
        } finally {
            core.undo(input, before);
        }
    }
}
