package dev.holdfast.dump.elf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Texts that end with a zero byte. */
final class ElfText {
    private ElfText() {}

    /** The text at a place; empty if there is none. Ends where the table ends if nothing else ends it. */
    static String at(ByteBuffer table, long offset, int most) {
        if (offset < 0 || offset >= table.limit()) {
            return "";
        }
        return text(table, (int) offset, end(table, (int) offset, most));
    }

    /** Where the text that starts at a place ends; no further than so many bytes. */
    static int end(ByteBuffer table, int offset, int most) {
        int end = offset;
        int limit = (int) Math.min(table.limit(), (long) offset + most);
        while (end < limit && table.get(end) != 0) {
            end++;
        }
        return end;
    }

    static String text(ByteBuffer table, int start, int end) {
        byte[] bytes = new byte[end - start];
        table.get(start, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
