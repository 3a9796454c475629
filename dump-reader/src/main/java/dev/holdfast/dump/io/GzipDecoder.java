package dev.holdfast.dump.io;

import java.io.Closeable;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks members of a gzip file, one at a time, and checks each against the CRC-32 and the size in its trailer
 * (RFC 1952, 2.3.1).
 *
 * <p>Throws nothing for damage: it gives what unpacks and then says what is wrong. Not thread-safe; costs its input
 * buffer and zlib's window.
 */
final class GzipDecoder implements Closeable {
    private static final int TRAILER = 8;

    private final FileSource file;
    private final byte[] input;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    /** Offset in the file of the first byte in the input buffer, and how many are there. */
    private long base;

    private int filled;
    /** Where the file, or what may be read of it, ends. */
    private long limit;

    private boolean ended;
    private @Nullable GzipProblem problem;

    /** A decoder of a file's first {@code limit} bytes. */
    GzipDecoder(FileSource file, long limit, int buffer) {
        this.file = file;
        this.limit = limit;
        this.input = new byte[buffer];
    }

    /** Begins a member that ends before the limit; false if there is no whole header at that offset. */
    boolean start(long offset, long end) throws IOException {
        limit = end;
        return start(offset);
    }

    /** Begins a member; false if there is no whole header at that offset. */
    boolean start(long offset) throws IOException {
        inflater.reset();
        crc.reset();
        ended = false;
        problem = null;
        // Many members fit into one buffer: only what is not there is read.
        int from = (int) Math.max(0, Math.min(offset - base, filled));
        GzipHeader header = offset < base ? null : GzipHeader.parse(input, from, filled);
        if (header == null) {
            from = 0;
            fill(offset);
            header = GzipHeader.parse(input, 0, filled);
        }
        if (header == null) {
            return false;
        }
        inflater.setInput(input, from + header.length(), filled - from - header.length());
        return true;
    }

    /** Unpacks at least one byte; 0 at the end of the member or at damage, see {@link #problem()}. */
    int read(byte[] target, int offset, int length) throws IOException {
        while (!ended && problem == null) {
            long before = inflater.getBytesWritten();
            int n;
            try {
                n = inflater.inflate(target, offset, length);
            } catch (DataFormatException e) {
                n = (int) (inflater.getBytesWritten() - before);
                problem = GzipProblem.DAMAGED;
            }
            crc.update(target, offset, n);
            if (n > 0) {
                return n;
            }
            if (inflater.finished()) {
                ended = true;
                problem = checkTrailer();
            } else if (inflater.needsInput() && problem == null) {
                fill(base + filled);
                if (filled == 0) {
                    problem = GzipProblem.TRUNCATED;
                }
                inflater.setInput(input, 0, filled);
            }
        }
        return 0;
    }

    /** Unpacks up to so many bytes and no more. */
    int readFully(byte[] target, int size) throws IOException {
        int done = 0;
        while (done < size) {
            int n = read(target, done, size - done);
            if (n == 0) {
                break;
            }
            done += n;
        }
        return done;
    }

    /** Unpacks a whole member that should have so many bytes; it is a {@link GzipProblem#SIZE} if there are more. */
    int readMember(byte[] target, int size) throws IOException {
        int done = readFully(target, size);
        if (problem == null && read(new byte[1], 0, 1) > 0) {
            problem = GzipProblem.SIZE;
        }
        return done;
    }

    /** What is wrong with the part of the member that was read; null if nothing. */
    @Nullable
    GzipProblem problem() {
        return problem;
    }

    /** Whether the end of the compressed data was reached, so that {@link #position()} is the end of the member. */
    boolean ended() {
        return ended;
    }

    /** The offset in the file up to which bytes were used. */
    long position() {
        long used = base + filled - inflater.getRemaining();
        return ended ? Math.min(used + TRAILER, limit) : used;
    }

    private void fill(long offset) throws IOException {
        base = offset;
        filled = file.read(offset, input, 0, (int) Math.min(input.length, Math.max(0, limit - offset)));
    }

    private @Nullable GzipProblem checkTrailer() throws IOException {
        long at = base + filled - inflater.getRemaining();
        byte[] trailer = new byte[TRAILER];
        if (limit - at < TRAILER || file.read(at, trailer, 0, TRAILER) < TRAILER) {
            return GzipProblem.TRUNCATED;
        }
        if (GzipHeader.littleEndian(trailer, 0) != crc.getValue()) {
            return GzipProblem.CHECKSUM;
        }
        long size = inflater.getBytesWritten() & 0xffff_ffffL;
        return GzipHeader.littleEndian(trailer, 4) == size ? null : GzipProblem.SIZE;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
