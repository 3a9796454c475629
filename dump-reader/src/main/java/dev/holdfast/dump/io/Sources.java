package dev.holdfast.dump.io;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Warnings;
import java.io.IOException;
import java.nio.file.Path;

/** Opens a dump's bytes, seeing through gzip. */
public final class Sources {
    private Sources() {}

    /**
     * Opens a file by content: plain, gzip of independent members (random access without unpacking), or any other gzip
     * (unpacked once into a scratch file).
     *
     * @param options where a scratch file may go, for how many readers, and whether damage to the gzip file is an error
     * @throws IOException if the file cannot be read or the scratch file cannot be written
     */
    public static ByteSource open(Path file, DumpOptions options, Warnings warnings, Progress progress)
            throws IOException {
        FileSource plain = FileSource.open(file);
        try {
            byte[] magic = new byte[2];
            if (plain.read(0, magic, 0, 2) < 2 || magic[0] != 0x1f || magic[1] != (byte) 0x8b) {
                return plain;
            }
            GzipDamage damage = new GzipDamage(plain, options.strict(), warnings);
            GzipMembers members = GzipMembers.open(plain, options.threads(), options.workDir(), damage, progress);
            if (members != null) {
                return members;
            }
            FileSource unpacked = GzipSpool.unpack(plain, options.workDir(), damage, progress);
            plain.close();
            return unpacked;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }
}
