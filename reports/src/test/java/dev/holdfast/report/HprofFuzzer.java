package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.dump.hprof.HprofFormat;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.testkit.Compression;
import dev.holdfast.testkit.EveryRecord;
import dev.holdfast.testkit.FuzzInput;
import dev.holdfast.testkit.FuzzTarget;
import dev.holdfast.testkit.HprofWriter;
import dev.holdfast.testkit.WastefulHeap;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** HPROF dumps through the whole program to the profiles and the report; bits of the input's first byte are options. */
public final class HprofFuzzer {
    private static final int STRICT = 1;
    private static final int MAT = 2;
    private static final int STRONG = 4;
    private static final int MOST_READS = 64;

    private HprofFuzzer() {}

    /** Where the fuzzer starts. */
    public static List<byte[]> seeds() {
        return List.of(
                FuzzInput.after(0, EveryRecord.dump(4)),
                FuzzInput.after(STRICT, EveryRecord.dump(8)),
                FuzzInput.after(MAT, EveryRecord.dump(8)),
                FuzzInput.after(STRONG, EveryRecord.dump(4, HprofWriter.V1_0_1, Compression.NONE)),
                // Strings, numbers and collections, which only the census of waste looks into.
                FuzzInput.after(
                        0, WastefulHeap.make(WastefulHeap.Kind.JDK17_BITS32, 1).dump()));
    }

    /** Loads what is to be fuzzed, so that no input pays for it. */
    public static void fuzzerInitialize() {
        FuzzTarget.of(HprofFuzzer.class).warmUp();
    }

    /** Opens, profiles, sums up, reports, reads objects. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] dump = Arrays.copyOfRange(input, 1, input.length);
        DumpOptions reading = DumpOptions.DEFAULT
                .withThreads(1)
                .withStrict((input[0] & STRICT) != 0)
                .withMat((input[0] & MAT) != 0);
        SnapshotOptions graph = SnapshotOptions.DEFAULT
                .withThreads(1)
                .withMemory(SnapshotOptions.Memory.HEAP)
                .withReferences(
                        (input[0] & STRONG) != 0 ? SnapshotOptions.References.STRONG : SnapshotOptions.References.ALL);
        try (HeapSnapshot heap =
                HeapSnapshot.open(HprofFormat.open(dump, "fuzzed.hprof", reading), graph, Progress.NONE)) {
            ProfileSet set = ProfileSet.of(heap, ProfileLimits.DEFAULT, Progress.NONE);
            StringWriter text = new StringWriter();
            PrintWriter out = new PrintWriter(text);
            ProfileSummary.of(heap, set, Path.of("profiles")).writeText(out);
            HeapReport report = HeapReport.of(heap, Progress.NONE);
            report.writeText(out);
            report.writeJson(text);
            report.writeHtml(text);
            read(heap);
        } catch (DumpFormatException | InsufficientResourcesException e) {
            if (e.getMessage() == null || !e.getMessage().contains("fuzzed.hprof")) {
                throw new AssertionError("names no file", e);
            }
        }
    }

    private static void read(HeapSnapshot heap) throws IOException {
        ObjectGraph graph = heap.graph();
        DumpFile dump = heap.dump();
        int step = 1 + graph.objectCount() / MOST_READS;
        for (int object = 0; object < graph.objectCount(); object += step) {
            long address = graph.addressOf(object);
            dump.read(address);
            dump.read(address + 1);
            dump.readReferences(address, 100);
            dump.readElements(address, 0, 100);
            dump.typeOfClassObject(address);
            for (long e = graph.firstReference(object); e < graph.endReference(object); e++) {
                if (graph.slot(e) != ReferenceSink.UNNAMED_SLOT) {
                    dump.referenceName(address, graph.typeOf(object), graph.slot(e));
                }
            }
        }
        dump.threads();
        dump.info();
        dump.layoutInfo();
    }
}
