package dev.holdfast.dump.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A note: who wrote it, what it is, and its bytes.
 *
 * @param name the owner's name without the zero byte
 * @param type by the owner's numbering
 * @param offset of the note in its file
 * @param contents little-endian, from index 0
 */
record ElfNote(String name, int type, long offset, ByteBuffer contents) {
    private static final int HEADER = 12;

    /** Whether it has that owner and type. */
    boolean is(String owner, int number) {
        return type == number && name.equals(owner);
    }

    /** Notes one after the other, and whether they end where the bytes end. */
    record Notes(List<ElfNote> list, boolean complete) {}

    /**
     * Reads notes until one does not fit.
     *
     * @param offset where the bytes are in their file
     * @param alignment of names and contents; 4 but for {@code NT_GNU_PROPERTY} segments, whose 8 count for contents
     */
    static Notes read(ByteBuffer bytes, long offset, long alignment) {
        List<ElfNote> notes = new ArrayList<>();
        long at = 0;
        long align = alignment == 8 ? 8 : 4;
        while (bytes.limit() - at >= HEADER) {
            int start = (int) at;
            long nameLength = bytes.getInt(start) & 0xffffffffL;
            long length = bytes.getInt(start + 4) & 0xffffffffL;
            long contents = at + up(HEADER + nameLength, align);
            if (contents + length > bytes.limit()) {
                return new Notes(notes, false);
            }
            String name = ElfText.at(bytes.slice(start + HEADER, (int) nameLength), 0);
            notes.add(new ElfNote(
                    name,
                    bytes.getInt(start + 8),
                    offset + at,
                    bytes.slice((int) contents, (int) length).order(ByteOrder.LITTLE_ENDIAN)));
            at = contents + up(length, align);
        }
        return new Notes(notes, true);
    }

    private static long up(long value, long align) {
        return value + align - 1 & -align;
    }
}
