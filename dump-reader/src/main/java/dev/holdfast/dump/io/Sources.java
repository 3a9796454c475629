package dev.holdfast.dump.io;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Warnings;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens a dump's bytes, seeing through gzip. */
public final class Sources {
    private Sources() {}

    /**
     * Opens a file by content: plain, gzip of independent members (random access without unpacking), or any other gzip
     * (unpacked once into a scratch file).
     *
     * @param workDir where a scratch file may go; null means the system's temporary folder
     * @throws IOException if the file cannot be read or the scratch file cannot be written
     */
    public static ByteSource open(Path file, @Nullable Path workDir, int threads, Warnings warnings, Progress progress)
            throws IOException {
        FileSource plain = FileSource.open(file);
        try {
            byte[] magic = new byte[2];
            if (plain.read(0, magic, 0, 2) < 2 || magic[0] != 0x1f || magic[1] != (byte) 0x8b) {
                return plain;
            }
            GzipMembers members = GzipMembers.open(plain, threads, warnings);
            if (members != null) {
                return members;
            }
            FileSource unpacked = GzipSpool.unpack(plain, workDir, warnings, progress);
            plain.close();
            return unpacked;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }
}
