package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.Warnings;

/** Where damage goes: into the warnings when lenient, up as an exception when strict. Thread-safe. */
final class DamageReport {
    private final String file;
    private final boolean strict;
    private final Warnings warnings;

    DamageReport(String file, boolean strict, Warnings warnings) {
        this.file = file;
        this.strict = strict;
        this.warnings = warnings;
    }

    /** Something is lost or contradictory. */
    void loss(String code, long offset, String text, long count) throws DumpFormatException {
        if (strict) {
            throw new DumpFormatException(file, offset, text);
        }
        warnings.loss(code, offset, text, count);
    }

    /** Unusual, but nothing is lost. */
    void note(String code, long offset, String text, long count) {
        warnings.note(code, offset, text, count);
    }

    Warnings warnings() {
        return warnings;
    }

    String file() {
        return file;
    }
}
