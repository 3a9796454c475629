package dev.holdfast.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that remembers why writing failed.
 *
 * <p>A {@code PrintWriter} swallows errors, so a table cut short by a full disk would look complete. A reader that went away
 * ({@code holdfast histogram | head}) is no failure. Not thread-safe.
 */
final class StandardStream extends FilterOutputStream {
    private @Nullable IOException failure;

    StandardStream(OutputStream out) {
        super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            remember(e);
            throw e;
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    private void remember(IOException e) {
        if (failure == null && !"Broken pipe".equals(e.getMessage())) {
            failure = e;
        }
    }

    /** The first failure other than a reader that went away, or null. */
    @Nullable
    IOException failure() {
        return failure;
    }
}
