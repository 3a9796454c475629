package dev.holdfast.heap;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The options that shaped the numbers of an index: another heap would have come of others.
 *
 * @param mat whether it was counted as Eclipse Memory Analyzer does
 * @param references which references count
 * @param layout the layout that was given instead of inferred, or null
 * @param profileNow whether recorded profiles count what was not published
 * @param executable the program that was named for a core, or null
 */
record IndexOptions(
        boolean mat,
        SnapshotOptions.References references,
        @Nullable String layout,
        boolean profileNow,
        @Nullable DumpFingerprint executable) {
    private static final SnapshotOptions.References[] REFERENCES = SnapshotOptions.References.values();

    static IndexOptions of(DumpOptions reading, SnapshotOptions graph) throws IOException {
        Path program = reading.executable();
        return new IndexOptions(
                reading.mat(),
                graph.references(),
                reading.layout(),
                reading.profileNow(),
                program == null ? null : DumpFingerprint.of(program));
    }

    void write(IndexOutput out) {
        out.flag(mat);
        out.number(references.ordinal());
        out.text(layout);
        out.flag(profileNow);
        out.flag(executable != null);
        if (executable != null) {
            executable.write(out);
        }
    }

    static IndexOptions read(IndexInput in) throws DumpFormatException {
        return new IndexOptions(
                in.flag(),
                in.constant(REFERENCES),
                in.optionalText(),
                in.flag(),
                in.flag() ? DumpFingerprint.read(in) : null);
    }

    /**
     * Refuses options of which another heap would have come.
     *
     * @throws IllegalArgumentException with what to do instead
     */
    void check(String file, DumpOptions reading, SnapshotOptions graph) throws IOException {
        same(file, mat, reading.mat(), "--mat");
        boolean strong = references == SnapshotOptions.References.STRONG;
        same(file, strong, graph.references() == SnapshotOptions.References.STRONG, "--references strong");
        same(file, profileNow, reading.profileNow(), "--profile-now");
        if (!Objects.equals(layout, reading.layout())) {
            throw new IllegalArgumentException(
                    file + ": the index was made " + (layout == null ? "without --layout" : "with --layout " + layout)
                            + "; do the same, or make another");
        }
        Path program = reading.executable();
        if (program != null && !DumpFingerprint.of(program).equals(executable)) {
            throw new IllegalArgumentException(file + ": the index was made "
                    + (executable == null ? "without naming a program" : "with another program than " + program)
                    + "; do the same, or make another");
        }
    }

    private static void same(String file, boolean made, boolean given, String option) {
        if (made != given) {
            throw new IllegalArgumentException(file + ": the index was made " + (made ? "with " : "without ") + option
                    + "; " + (made ? "give it too" : "leave it away") + ", or make another index");
        }
    }

    /** How the dump is read so that it gives the same heap. */
    DumpOptions reading(DumpOptions given, int dumpNumber) {
        return new DumpOptions(
                given.strict(),
                mat,
                OptionalInt.of(dumpNumber),
                given.threads(),
                given.workDir(),
                given.executable(),
                profileNow,
                layout);
    }
}
