package dev.holdfast.dump.io;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.Warnings;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A stream seen through gzip, all members of it. Damage ends the stream: what came before it counts, and it is reported.
 * Used by one thread.
 */
public final class GzipStream extends InputStream {
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final String name;
    private final boolean strict;
    private final Warnings warnings;
    private long position;

    private GzipStream(InputStream in, String name, boolean strict, Warnings warnings) throws IOException {
        this.in = new GZIPInputStream(new Patient(in), BUFFER);
        this.name = name;
        this.strict = strict;
        this.warnings = warnings;
    }

    /** The stream itself, or what it unpacks to if its first two bytes say that it is packed. */
    public static InputStream of(InputStream in, String name, boolean strict, Warnings warnings) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        buffered.mark(2);
        byte[] magic = buffered.readNBytes(2);
        buffered.reset();
        boolean packed = magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
        return packed ? new GzipStream(buffered, name, strict, warnings) : buffered;
    }

    /**
     * Says that there is more while there is: {@link GZIPInputStream} takes a pipe that has nothing at the moment, between
     * two members, for one that has ended.
     */
    private static final class Patient extends FilterInputStream {
        Patient(InputStream in) {
            super(in);
        }

        @Override
        public int available() throws IOException {
            in.mark(1);
            int next = in.read();
            in.reset();
            return next < 0 ? 0 : 1;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            int n = in.read(target, offset, length);
            position += Math.max(0, n);
            return n;
        } catch (EOFException e) {
            return end(GzipProblem.TRUNCATED);
        } catch (ZipException e) {
            return end(GzipProblem.DAMAGED);
        }
    }

    private int end(GzipProblem problem) throws DumpFormatException {
        String text = "what the pipe unpacks to ends here: " + problem.text();
        if (strict) {
            throw new DumpFormatException(name, position, text);
        }
        warnings.loss(problem.code(), position, text, 1);
        return -1;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
