package dev.holdfast.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Big-endian values into a stream through a 256 KiB buffer that can be held back and grown while a length is not yet known. Not thread-safe.
 */
final class BigEndianOutput {
    private static final int FLUSH_AT = 1 << 18;

    private final OutputStream out;
    private byte[] buffer = new byte[FLUSH_AT + 16];
    private int used;
    private long flushed;
    private boolean held;

    BigEndianOutput(OutputStream out) {
        this.out = out;
    }

    /** Bytes written so far, buffered ones included. */
    long position() {
        return flushed + used;
    }

    void u1(int value) {
        room(1);
        buffer[used++] = (byte) value;
    }

    void u2(int value) {
        room(2);
        buffer[used++] = (byte) (value >>> 8);
        buffer[used++] = (byte) value;
    }

    void u4(int value) {
        room(4);
        put4(used, value);
        used += 4;
    }

    void u8(long value) {
        room(8);
        put4(used, (int) (value >>> 32));
        put4(used + 4, (int) value);
        used += 8;
    }

    void bytes(byte[] source) {
        if (!held && source.length > FLUSH_AT) {
            drain();
            try {
                out.write(source);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            flushed += source.length;
            return;
        }
        room(source.length);
        System.arraycopy(source, 0, buffer, used, source.length);
        used += source.length;
    }

    /** Keeps everything written from here on in memory until {@link #release}, so that it can be patched. */
    void hold() {
        drain();
        held = true;
    }

    /** Replaces four bytes at an absolute position that is still held. */
    void patch4(long position, int value) {
        put4(Math.toIntExact(position - flushed), value);
    }

    void release() {
        held = false;
        if (used >= FLUSH_AT) {
            drain();
        }
    }

    /** Writes the buffer and flushes the stream, which ends a member of {@link HotSpotGzipOutput}. */
    void flush() {
        drain();
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close() {
        flush();
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void room(int count) {
        if (!held && used + count > FLUSH_AT) {
            drain();
        }
        if (used + count > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(used + count, Math.multiplyExact(buffer.length, 2)));
        }
    }

    private void drain() {
        try {
            out.write(buffer, 0, used);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        flushed += used;
        used = 0;
    }

    private void put4(int at, int value) {
        buffer[at] = (byte) (value >>> 24);
        buffer[at + 1] = (byte) (value >>> 16);
        buffer[at + 2] = (byte) (value >>> 8);
        buffer[at + 3] = (byte) value;
    }
}
