package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpInfo;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Warnings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one of a file's dumps that is read, and what is said of it however it is read. Constant.
 *
 * @param file the file as the user named it
 * @param layout of the whole file
 * @param number 1-based
 */
record ChosenDump(String file, FileLayout layout, int number) {
    /**
     * The dump asked for, else the last.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    static ChosenDump of(String file, FileLayout layout, DumpOptions options, Warnings warnings) {
        int count = layout.dumps.size();
        int number = options.dumpNumber().orElse(count);
        if (number > count) {
            throw new IllegalArgumentException("dump " + number + " was asked for, but " + file + " has " + count);
        }
        if (count > 1 && options.dumpNumber().isEmpty()) {
            warnings.note(
                    "several-dumps",
                    -1,
                    "the file has " + count + " dumps; this is the last, --dump-number chooses another",
                    count);
        }
        return new ChosenDump(file, layout, number);
    }

    FileLayout.Dump dump() {
        return layout.dumps.get(number - 1);
    }

    /** What the dump is. */
    DumpInfo info(@Nullable String runtime, long fileBytes, long dumpBytes) {
        List<Long> offsets = new ArrayList<>();
        for (FileLayout.Dump one : layout.dumps) {
            offsets.add(one.offset);
        }
        return new DumpInfo(
                file,
                "hprof",
                layout.version,
                runtime,
                layout.takenAtMillis == 0 ? null : Instant.ofEpochMilli(layout.takenAtMillis),
                layout.idBytes,
                fileBytes,
                dumpBytes,
                offsets,
                number);
    }

    /**
     * Checks, once objects are counted, that there are some and that the dump was written to its end.
     *
     * @param size of the file when uncompressed
     */
    void checkCounted(long objects, long size, Warnings warnings) throws DumpFormatException {
        if (objects == 0) {
            throw new DumpFormatException(file, dump().offset, "no object could be read from the dump");
        }
        if (!dump().complete) {
            warnings.note("no-end", size, "the dump has no end record; it may be incomplete", 1);
        }
    }
}
