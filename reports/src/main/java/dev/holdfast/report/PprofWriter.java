package dev.holdfast.report;

import dev.holdfast.heap.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes profiles as files: gzip'd, reproducible, and either the whole file or none. Stateless. */
public final class PprofWriter {
    /** Where RFC 1952 has the time (4 bytes from here) and the operating system. */
    private static final int GZIP_MTIME = 4;

    private static final int GZIP_OS = 9;
    private static final byte GZIP_OS_UNKNOWN = (byte) 255;

    private PprofWriter() {}

    /**
     * Writes the profile to a file, replacing one that is there; a reader never sees half a profile, and a full disk leaves
     * the old file as it was ({@link WholeFile}).
     */
    public static void write(Profile profile, Path file) throws IOException {
        byte[] bytes = gzip(profile);
        WholeFile.write(file, part -> Files.write(part, bytes));
    }

    /** The bytes that {@link #write} puts into a file. */
    public static byte[] gzip(Profile profile) {
        return gzip(profile.toByteArray());
    }

    private static byte[] gzip(byte[] raw) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(raw.length / 3 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed, 1 << 16)) {
            gzip.write(raw);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        byte[] bytes = compressed.toByteArray();
        // JDKs have differed in these two (16 changed the system from 0 to 255).
        for (int i = GZIP_MTIME; i < GZIP_MTIME + 4; i++) {
            bytes[i] = 0;
        }
        bytes[GZIP_OS] = GZIP_OS_UNKNOWN;
        return bytes;
    }
}
