package dev.holdfast.dump.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

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
    private static final int MAX_NAME = 256;

    /** Whether it has that owner and type. */
    boolean is(String owner, int number) {
        return type == number && name.equals(owner);
    }

    /**
     * Reads notes until one does not fit; whether all did.
     *
     * @param offset where the bytes are in their file
     * @param alignment of names and contents; 4 but for {@code NT_GNU_PROPERTY} segments, whose 8 count for contents
     */
    static boolean each(ByteBuffer bytes, long offset, long alignment, Consumer<ElfNote> sink) {
        long at = 0;
        long align = alignment == 8 ? 8 : 4;
        while (bytes.limit() - at >= HEADER) {
            int start = (int) at;
            long nameLength = bytes.getInt(start) & 0xffffffffL;
            long length = bytes.getInt(start + 4) & 0xffffffffL;
            long contents = at + up(HEADER + nameLength, align);
            // Zeros are no note, but a hole in a sparse file: it would be read as millions.
            boolean hole = nameLength == 0 && length == 0 && bytes.getInt(start + 8) == 0;
            if (hole || contents + length > bytes.limit()) {
                return false;
            }
            String name = ElfText.at(bytes.slice(start + HEADER, (int) nameLength), 0, MAX_NAME);
            sink.accept(new ElfNote(
                    name,
                    bytes.getInt(start + 8),
                    offset + at,
                    bytes.slice((int) contents, (int) length).order(ByteOrder.LITTLE_ENDIAN)));
            at = contents + up(length, align);
        }
        return true;
    }

    private static long up(long value, long align) {
        return value + align - 1 & -align;
    }
}
