package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormat;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.io.ByteSource;
import dev.holdfast.dump.io.BytesSource;
import dev.holdfast.dump.io.Sources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** HPROF heap dumps; the only public class of the package. */
public final class HprofFormat implements DumpFormat {
    static final String MAGIC = "JAVA PROFILE ";

    /** For {@link java.util.ServiceLoader}. */
    public HprofFormat() {}

    @Override
    public String name() {
        return "hprof";
    }

    @Override
    public boolean recognises(byte[] head) {
        if (head.length < MAGIC.length()) {
            return false;
        }
        for (int i = 0; i < MAGIC.length(); i++) {
            if (head[i] != MAGIC.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public DumpFile open(Path file, DumpOptions options, Progress progress) throws IOException {
        Warnings warnings = new Warnings();
        ByteSource source = Sources.open(file, options, warnings, progress);
        return open(source, Files.size(file), options, warnings, progress);
    }

    @Override
    public StreamedTotals stream(InputStream in, String name, DumpOptions options, Progress progress)
            throws IOException {
        return new StreamedPipe(name, options, progress).count(in);
    }

    /** Opens a dump in memory; for tests that try thousands of damaged ones. */
    public static DumpFile open(byte[] dump, String name, DumpOptions options) throws IOException {
        return open(new BytesSource(name, dump), dump.length, options, new Warnings(), Progress.NONE);
    }

    private static DumpFile open(
            ByteSource source, long fileBytes, DumpOptions options, Warnings warnings, Progress progress)
            throws IOException {
        try {
            FileLayout layout = TopLevelScan.scan(source, options.strict(), warnings, progress);
            return new HprofFile(source, fileBytes, layout, options, warnings);
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }
}
