package dev.holdfast.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/** Writes profiles as files: gzip'd, reproducible, and either the whole file or none. Stateless. */
public final class PprofWriter {
    /** Where RFC 1952 has the time (4 bytes from here) and the operating system. */
    private static final int GZIP_MTIME = 4;

    private static final int GZIP_OS = 9;
    private static final byte GZIP_OS_UNKNOWN = (byte) 255;

    private PprofWriter() {}

    /**
     * Writes the profile to a file, replacing one that is there.
     *
     * <p>The bytes go to a new file in the same folder first, which then takes the name: a reader never sees half a
     * profile, and a full disk leaves the old file as it was.
     */
    public static void write(Profile profile, Path file) throws IOException {
        replace(file, gzip(profile.toByteArray()));
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

    /** Writes a file as a whole. */
    static void replace(Path file, byte[] bytes) throws IOException {
        PartFiles.removeAbandoned(file);
        Path part = writePart(file, bytes);
        try {
            try {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Not {@code createTempFile}: its files are readable by the owner only, and stay so under their new name. */
    private static Path writePart(Path file, byte[] bytes) throws IOException {
        for (int attempt = 0; ; attempt++) {
            Path part = PartFiles.of(file, attempt);
            try {
                Files.createFile(part);
            } catch (FileAlreadyExistsException e) {
                if (attempt < 100) {
                    continue;
                }
                throw e;
            }
            try {
                return Files.write(part, bytes, StandardOpenOption.WRITE);
            } catch (IOException | RuntimeException | Error e) {
                Files.deleteIfExists(part);
                throw e;
            }
        }
    }
}
