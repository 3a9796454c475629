package dev.holdfast.heap;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ThreadWaits;
import dev.holdfast.testkit.EveryRecord;
import dev.holdfast.testkit.FuzzTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Saved indexes, reopened without their dump. */
public final class IndexFuzzer {
    private static @Nullable Path file;

    private IndexFuzzer() {}

    private static synchronized Path file() throws IOException {
        Path known = file;
        if (known == null) {
            Path folder = Files.createTempDirectory("holdfast-fuzz");
            folder.toFile().deleteOnExit();
            known = folder.resolve("fuzzed.index");
            known.toFile().deleteOnExit();
            file = known;
        }
        return known;
    }

    /** Where the fuzzer starts: the index of a small dump. */
    public static List<byte[]> seeds() {
        try {
            Path dump = Files.write(file().resolveSibling("seed.hprof"), EveryRecord.dump(8));
            dump.toFile().deleteOnExit();
            try (HeapSnapshot heap =
                    Holdfast.open(dump, HostileDump.LENIENT, SnapshotOptions.DEFAULT.withThreads(1), Progress.NONE)) {
                heap.saveIndex(file());
                return List.of(Files.readAllBytes(file()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loads what is to be fuzzed, so that no input pays for it. */
    public static void fuzzerInitialize() {
        FuzzTarget.of(IndexFuzzer.class).warmUp();
    }

    /** Reopens and walks the graph. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Path path = file();
        // In place: a mapping of the input before may still be there, and must not become shorter.
        Files.deleteIfExists(path);
        Files.write(path, input);
        try (HeapSnapshot heap = Holdfast.reopen(path)) {
            ObjectGraph graph = heap.graph();
            for (int node = 0; node < Math.min(graph.nodeCount(), 1000); node++) {
                for (long e = graph.firstReference(node); e < graph.endReference(node); e++) {
                    graph.target(e);
                }
                if (heap.reachable(node)) {
                    heap.dominators().retainedSize(node);
                }
            }
            DumpFile dump = heap.dump();
            ThreadWaits waits = dump.waits();
            for (int thread = 0; thread < Math.min(dump.threads().size(), 1000); thread++) {
                waits.kind(thread);
                for (int i = 0; i < Math.min(waits.objectCount(thread), 1000); i++) {
                    waits.object(thread, i);
                }
                for (int i = 0; i < Math.min(waits.recordCount(thread), 1000); i++) {
                    waits.record(thread, i);
                }
            }
            heap.types();
            heap.totals();
            heap.warnings();
        } catch (DumpFormatException | InsufficientResourcesException e) {
            requireFile(e);
        } catch (UncheckedIOException e) {
            // Values are checked when they are looked at, where methods throw no IOException.
            if (!(e.getCause() instanceof DumpFormatException damage)) {
                throw e;
            }
            requireFile(damage);
        }
    }

    private static void requireFile(IOException e) {
        if (e.getMessage() == null || !e.getMessage().contains("fuzzed.index")) {
            throw new AssertionError("names no file", e);
        }
    }
}
