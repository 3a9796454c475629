package dev.holdfast.heap;

import dev.holdfast.dump.DumpFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * By what a file is known again: its length, and SHA-256 of its first and last parts and some between. A whole dump would
 * take a second a gigabyte to read; parts tell dumps of one program apart, as heaps differ almost everywhere.
 *
 * @param length bytes of the file as it is on disk
 * @param hash hexadecimal, of {@link #PARTS} parts of {@link #PART_BYTES} bytes, or of all of a smaller file
 */
record DumpFingerprint(long length, String hash) {
    private static final int PART_BYTES = 1 << 16;
    private static final int PARTS = 16;

    static DumpFingerprint of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = channel.size();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            if (length <= (long) PARTS * PART_BYTES) {
                digest(channel, 0, length, digest);
            } else {
                for (int part = 0; part < PARTS; part++) {
                    digest(channel, (length - PART_BYTES) / (PARTS - 1) * part, PART_BYTES, digest);
                }
                digest(channel, length - PART_BYTES, PART_BYTES, digest);
            }
            return new DumpFingerprint(length, HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void digest(FileChannel channel, long from, long bytes, MessageDigest digest) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(PART_BYTES);
        long end = from + bytes;
        for (long at = from; at < end; ) {
            buffer.clear().limit((int) Math.min(PART_BYTES, end - at));
            int read = channel.read(buffer, at);
            if (read < 0) {
                throw new IOException("it became shorter while it was read");
            }
            digest.update(buffer.flip());
            at += read;
        }
    }

    void write(IndexOutput out) {
        out.number(length);
        out.text(hash);
    }

    static DumpFingerprint read(IndexInput in) throws DumpFormatException {
        return new DumpFingerprint(in.number(), in.text());
    }
}
