package dev.holdfast.dump.io;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.Warnings;
import java.io.IOException;

/** Where damage to a gzip file goes: into the warnings when lenient, up as an exception when strict. Thread-safe. */
final class GzipDamage {
    private final FileSource file;
    private final boolean strict;
    private final Warnings warnings;

    GzipDamage(FileSource file, boolean strict, Warnings warnings) {
        this.file = file;
        this.strict = strict;
        this.warnings = warnings;
    }

    /** Reports a problem at an offset in the compressed file. */
    void report(GzipProblem problem, long offset, long count) throws DumpFormatException {
        if (strict) {
            throw new DumpFormatException(file.name(), offset, problem.text());
        }
        warnings.loss(problem.code(), offset, problem.text(), count);
    }

    /** Reports bytes that belong to no member; zeros are padding, which even strict reading takes. */
    void unread(long from, long to) throws IOException {
        if (from >= to) {
            return;
        }
        if (isZero(from, to)) {
            warnings.note(GzipProblem.PADDING.code(), from, GzipProblem.PADDING.text(), to - from);
        } else {
            report(GzipProblem.UNREAD, from, to - from);
        }
    }

    private boolean isZero(long from, long to) throws IOException {
        byte[] buffer = new byte[(int) Math.min(to - from, 64 << 10)];
        for (long at = from; at < to; at += buffer.length) {
            int n = file.read(at, buffer, 0, (int) Math.min(to - at, buffer.length));
            for (int i = 0; i < n; i++) {
                if (buffer[i] != 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
