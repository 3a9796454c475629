package dev.holdfast.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A gzip stream of independent members of at most 1 MiB uncompressed bytes; {@link #flush()} ends the current member early. HotSpot flushes its
 * buffer at each start of a segment, so does {@link HprofWriter}. The first member's header carries the comment
 * {@code HPROF BLOCKSIZE=1048576} (hprof.md 1.8). Not thread-safe.
 */
public final class HotSpotGzipOutput extends OutputStream {
    /** Most uncompressed bytes of one member. */
    public static final int BLOCK_SIZE = 1 << 20;

    private static final int NO_FLAGS = 0;
    private static final int HAS_COMMENT = 0x10;

    private final OutputStream out;
    private final byte[] block = new byte[BLOCK_SIZE];
    private int used;
    private boolean commentWritten;

    public HotSpotGzipOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
        if (used == BLOCK_SIZE) {
            endMember();
        }
        block[used++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (used == BLOCK_SIZE) {
                endMember();
            }
            int step = Math.min(left, BLOCK_SIZE - used);
            System.arraycopy(source, from, block, used, step);
            used += step;
            from += step;
            left -= step;
        }
    }

    /** Ends the current member, if it holds anything. */
    @Override
    public void flush() throws IOException {
        if (used > 0) {
            endMember();
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        flush();
        out.close();
    }

    private void endMember() throws IOException {
        int flags = commentWritten ? NO_FLAGS : HAS_COMMENT;
        out.write(new byte[] {0x1f, (byte) 0x8b, 8, (byte) flags, 0, 0, 0, 0, 4, 0});
        if (!commentWritten) {
            out.write(("HPROF BLOCKSIZE=" + BLOCK_SIZE + "\0").getBytes(StandardCharsets.US_ASCII));
            commentWritten = true;
        }
        Deflater deflater = new Deflater(1, true);
        try {
            deflater.setInput(block, 0, used);
            deflater.finish();
            byte[] chunk = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
        } finally {
            deflater.end();
        }
        CRC32 crc = new CRC32();
        crc.update(block, 0, used);
        writeLittleEndian((int) crc.getValue());
        writeLittleEndian(used);
        used = 0;
    }

    private void writeLittleEndian(int value) throws IOException {
        out.write(value);
        out.write(value >>> 8);
        out.write(value >>> 16);
        out.write(value >>> 24);
    }
}
