package dev.holdfast.dump.io;

import java.io.IOException;
import java.io.InputStream;

/**
 * A stream that can be read once, as a source: positions may go back by 3 MiB, which no single record but an array needs,
 * and forward at will, which skips.
 *
 * <p>The size is {@link #UNKNOWN} until the end was read. Used by one thread. Memory: 6 MiB.
 */
public final class PipeSource implements ByteSource {
    /** The size before the end was seen; no position comes near it. */
    public static final long UNKNOWN = 1L << 61;

    private static final int WINDOW = 6 << 20;
    private static final int KEPT = WINDOW / 2;

    private final String name;
    private final InputStream in;
    private final byte[] window = new byte[WINDOW];
    /** Position of the window's first byte, and how many bytes it holds. */
    private long base;

    private int filled;
    private long size = UNKNOWN;

    /** Of a stream; {@code name} is what errors will show. */
    public PipeSource(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return size;
    }

    /** Whether the stream has so many bytes; reads on until it knows. */
    @Override
    public boolean reaches(long position) throws IOException {
        while (base + filled < position && size == UNKNOWN) {
            fill();
        }
        return position <= base + filled;
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) throws IOException {
        if (position < base) {
            throw new IOException(
                    name + ": a record is too long to be read from a pipe; save the dump to a file first");
        }
        int done = 0;
        while (done < length && reaches(position + done + 1)) {
            int within = (int) (position + done - base);
            int n = Math.min(length - done, filled - within);
            System.arraycopy(window, within, target, offset + done, n);
            done += n;
        }
        return done;
    }

    private void fill() throws IOException {
        if (filled == WINDOW) {
            System.arraycopy(window, WINDOW - KEPT, window, 0, KEPT);
            base += WINDOW - KEPT;
            filled = KEPT;
        }
        int n = in.read(window, filled, Math.min(WINDOW - filled, 1 << 20));
        if (n < 0) {
            size = base + filled;
        } else {
            filled += n;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
