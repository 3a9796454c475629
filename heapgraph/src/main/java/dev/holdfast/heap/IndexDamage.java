package dev.holdfast.heap;

import dev.holdfast.dump.DumpFormatException;
import java.io.UncheckedIOException;

/** What is said of an index that contradicts itself. */
final class IndexDamage {
    private IndexDamage() {}

    /** The failure of opening it. */
    static DumpFormatException of(String file, long offset, String what) {
        return new DumpFormatException(
                file,
                -1,
                "the index is damaged at offset " + offset + " (" + what + "); make it again with --save-index");
    }

    /** The failure of a value that is looked at later. */
    static UncheckedIOException later(String file, long offset, String what) {
        return new UncheckedIOException(of(file, offset, what));
    }
}
