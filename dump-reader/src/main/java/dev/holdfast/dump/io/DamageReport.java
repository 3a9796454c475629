package dev.holdfast.dump.io;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.Warnings;
import org.jspecify.annotations.Nullable;

/** Where damage goes: into the warnings when lenient, up as an exception when strict. Thread-safe. */
public final class DamageReport {
    /** Keeps nothing; for reading again what was reported before. */
    public static final DamageReport SILENT = new DamageReport("", false, null);

    private final String file;
    private final boolean strict;
    private final @Nullable Warnings warnings;

    /**
     * Reports of one file.
     *
     * @param file the file as the user named it
     * @param strict whether a loss is an error
     * @param warnings where the rest goes
     */
    public DamageReport(String file, boolean strict, @Nullable Warnings warnings) {
        this.file = file;
        this.strict = strict;
        this.warnings = warnings;
    }

    /** Something is lost or contradictory. */
    public void loss(String code, long offset, String text, long count) throws DumpFormatException {
        if (strict) {
            throw new DumpFormatException(file, offset, text);
        }
        if (warnings != null) {
            warnings.loss(code, offset, text, count);
        }
    }

    /** Unusual, but nothing is lost. */
    public void note(String code, long offset, String text, long count) {
        if (warnings != null) {
            warnings.note(code, offset, text, count);
        }
    }
}
