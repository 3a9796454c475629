package dev.holdfast.dump.io;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Warnings;
import dev.holdfast.testkit.FuzzTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gzip files, HotSpot's chains of members and others; the first byte says how strictly they are read. */
public final class GzipFuzzer {
    /** More than any seed unpacks to; a bomb of 64 KB could unpack to 64 MB. */
    private static final int MOST_READ = 1 << 20;

    private static @Nullable Path file;

    private GzipFuzzer() {}

    /** Where the fuzzer starts. */
    public static List<byte[]> seeds() {
        try {
            byte[] a = GzipFile.content(3000, 1);
            byte[] b = GzipFile.content(400, 2);
            return List.of(
                    new GzipFile().plain((byte) 0).ordinary(a).bytes(),
                    new GzipFile().plain((byte) 1).ordinary(a, b).bytes(),
                    new GzipFile().plain((byte) 0).hotSpot(a, b, a).bytes(),
                    new GzipFile().plain((byte) 1).hotSpot(a, new byte[0], b).bytes(),
                    new GzipFile().plain((byte) 0).hotSpot(a).ordinary(b).bytes(),
                    new GzipFile()
                            .plain((byte) 2)
                            .hotSpot(a, b)
                            .plain(new byte[20])
                            .bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loads what is to be fuzzed, so that no input pays for it. */
    public static void fuzzerInitialize() {
        FuzzTarget.of(GzipFuzzer.class).warmUp();
    }

    /** Unpacks all, from the start and from the end. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        Path path = file();
        try (var out = Files.newOutputStream(path)) {
            out.write(input, 1, input.length - 1);
        }
        DumpOptions options = DumpOptions.DEFAULT
                .withThreads(1)
                .withStrict((input[0] & 1) != 0)
                .withWorkDir(path.getParent());
        try (ByteSource source = Sources.open(path, options, new Warnings(), Progress.NONE)) {
            byte[] block = new byte[(int) Math.min(MOST_READ, source.size())];
            int n = source.read(0, block, 0, block.length);
            if (n != block.length) {
                throw new AssertionError(n + " of " + block.length + " bytes");
            }
            for (long at = source.size() - 1; at > 0 && at > source.size() - 5000; at -= 997) {
                source.read(at, block, 0, Math.min(block.length, 10));
            }
            source.read(source.size(), block, 0, Math.min(block.length, 1));
        } catch (DumpFormatException | InsufficientResourcesException e) {
            if (e.getMessage() == null || !e.getMessage().contains(path.toString())) {
                throw new AssertionError("names no file", e);
            }
        }
    }

    private static Path file() throws IOException {
        if (file == null) {
            Path folder = Files.createTempDirectory("holdfast-fuzz");
            folder.toFile().deleteOnExit();
            file = folder.resolve("fuzzed.gz");
            Objects.requireNonNull(file).toFile().deleteOnExit();
        }
        return Objects.requireNonNull(file);
    }
}
