package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormat;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.io.ByteSource;
import dev.holdfast.dump.io.BytesSource;
import dev.holdfast.dump.io.Sources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Heap dumps by {@code runtime/debug.WriteHeapDump}; the only public class of the package. */
public final class GoHeapDumpFormat implements DumpFormat {
    /** All that programs of Go 1.7 and newer write; the record kinds of older ones mean something else. */
    private static final String HEADER = "go1.7 heap dump\n";

    private static final String ANY_VERSION = "go1.";
    private static final String BEHIND_VERSION = " heap dump\n";

    /** For {@link java.util.ServiceLoader}. */
    public GoHeapDumpFormat() {}

    @Override
    public String name() {
        return "go-heapdump";
    }

    @Override
    public boolean recognises(byte[] head) {
        String text = new String(head, 0, Math.min(head.length, HEADER.length()), StandardCharsets.ISO_8859_1);
        return text.startsWith(ANY_VERSION) && text.endsWith(BEHIND_VERSION);
    }

    @Override
    public DumpFile open(Path file, DumpOptions options, Progress progress) throws IOException {
        Warnings warnings = new Warnings();
        ByteSource source = Sources.open(file, options, warnings, progress);
        return open(source, Files.size(file), options, warnings);
    }

    /** Opens a dump in memory; for tests that try thousands of damaged ones. */
    public static DumpFile open(byte[] dump, String name, DumpOptions options) throws IOException {
        return open(new BytesSource(name, dump), dump.length, options, new Warnings());
    }

    private static DumpFile open(ByteSource source, long fileBytes, DumpOptions options, Warnings warnings)
            throws IOException {
        try {
            byte[] header = new byte[HEADER.length()];
            int read = source.read(0, header, 0, header.length);
            String text = new String(header, 0, read, StandardCharsets.ISO_8859_1);
            if (!text.equals(HEADER)) {
                throw new DumpFormatException(
                        source.name(), 0, "heap dumps of Go 1.7 and newer can be read, not \"" + text.trim() + "\"");
            }
            if (options.dumpNumber().orElse(1) != 1) {
                throw new IllegalArgumentException("dump "
                        + options.dumpNumber().getAsInt() + " was asked for, but " + source.name() + " has one");
            }
            return GoHeapDumpFile.open(source, fileBytes, header.length, options, warnings);
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }
}
