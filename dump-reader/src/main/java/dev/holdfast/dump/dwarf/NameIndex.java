package dev.holdfast.dump.dwarf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Entries by name, as hashes with offsets: 8 bytes an entry, for names are read again when asked for.
 *
 * <p>Immutable. Of entries of one name the first in the file is found.
 */
final class NameIndex {
    private final Units units;
    private final long[] hashesAndOffsets;

    NameIndex(Units units, long[] hashesAndOffsets) {
        this.units = units;
        this.hashesAndOffsets = hashesAndOffsets;
        Arrays.sort(hashesAndOffsets);
    }

    static long pack(int hash, int offset) {
        return (long) hash << 32 | offset;
    }

    /** Offset of the first entry of that name, or -1. */
    long find(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int hash = Cursor.hash(text);
        int at = Arrays.binarySearch(hashesAndOffsets, pack(hash, 0));
        if (at < 0) {
            at = -at - 1;
        }
        Entry entry = new Entry();
        for (; at < hashesAndOffsets.length && (int) (hashesAndOffsets[at] >> 32) == hash; at++) {
            int offset = (int) hashesAndOffsets[at];
            units.read(entry, offset);
            Cursor cursor = entry.isNull() ? null : entry.stringCursor(Attribute.NAME);
            if (cursor != null && cursor.stringIs(text)) {
                return offset;
            }
        }
        return -1;
    }
}
