package dev.holdfast.dump.io;

import java.nio.charset.StandardCharsets;

/**
 * The header of a gzip member (RFC 1952).
 *
 * @param length bytes before the compressed data
 * @param comment the comment, empty if there is none
 */
record GzipHeader(int length, String comment) {
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    /** Reads a header at the start of the bytes; null if there is none or it does not fit. */
    static @org.jspecify.annotations.Nullable GzipHeader parse(byte[] bytes, int from, int to) {
        if (to - from < 10 || bytes[from] != 0x1f || bytes[from + 1] != (byte) 0x8b || bytes[from + 2] != 8) {
            return null;
        }
        int flags = bytes[from + 3];
        int at = from + 10;
        if ((flags & EXTRA) != 0) {
            if (to - at < 2) {
                return null;
            }
            at += 2 + ((bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8);
        }
        if ((flags & NAME) != 0) {
            at = afterZero(bytes, at, to);
        }
        String comment = "";
        if ((flags & COMMENT) != 0) {
            int start = at;
            at = afterZero(bytes, at, to);
            if (at <= to && at > start) {
                comment = new String(bytes, start, at - 1 - start, StandardCharsets.ISO_8859_1);
            }
        }
        if ((flags & HEADER_CRC) != 0) {
            at += 2;
        }
        return at > to ? null : new GzipHeader(at - from, comment);
    }

    /** The unsigned number of four bytes, as trailers have them. */
    static long littleEndian(byte[] bytes, int at) {
        return (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xffL) << 24;
    }

    private static int afterZero(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != 0) {
            at++;
        }
        return at + 1;
    }
}
