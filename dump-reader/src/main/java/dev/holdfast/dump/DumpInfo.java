package dev.holdfast.dump;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a dump is.
 *
 * @param file the file as the user named it
 * @param format the format's name, such as {@code hprof}
 * @param formatVersion the format's version as the file states it
 * @param runtime the program's runtime, such as {@code OpenJDK 64-Bit Server VM 17.0.15+6}, or null where unknown
 * @param takenAt when the dump was taken, or null
 * @param identifierBytes width of an identifier in the file
 * @param fileBytes size of the file on disk
 * @param dumpBytes size of the file when uncompressed
 * @param dumps offsets of the dumps in the file
 * @param dumpNumber which of them is read, 1-based
 */
public record DumpInfo(
        String file,
        String format,
        String formatVersion,
        @Nullable String runtime,
        @Nullable Instant takenAt,
        int identifierBytes,
        long fileBytes,
        long dumpBytes,
        List<Long> dumps,
        int dumpNumber) {}
