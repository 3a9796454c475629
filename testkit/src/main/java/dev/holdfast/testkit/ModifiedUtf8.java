package dev.holdfast.testkit;

import java.util.Arrays;

/** The JVM's modified UTF-8: NUL as C0 80, each char of a surrogate pair as three bytes. */
public final class ModifiedUtf8 {
    private ModifiedUtf8() {}

    /** The text's bytes. */
    public static byte[] encode(String text) {
        byte[] bytes = new byte[3 * text.length()];
        int used = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != 0 && c < 0x80) {
                bytes[used++] = (byte) c;
            } else if (c < 0x800) {
                bytes[used++] = (byte) (0xC0 + (c >> 6));
                bytes[used++] = (byte) (0x80 + (c & 0x3F));
            } else {
                bytes[used++] = (byte) (0xE0 + (c >> 12));
                bytes[used++] = (byte) (0x80 + ((c >> 6) & 0x3F));
                bytes[used++] = (byte) (0x80 + (c & 0x3F));
            }
        }
        return Arrays.copyOf(bytes, used);
    }
}
