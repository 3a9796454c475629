package dev.holdfast.heap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The text of strings as each release lays them out: a {@code char[]} that several strings may share (up to 7u5), one of
 * their own (up to 8), or a {@code byte[]} of Latin-1 or UTF-16 (since 9); and Android's.
 */
final class StringText {
    /** Characters read at a time; what a damaged length promises is never allocated ahead. */
    private static final int BLOCK = 1 << 13;

    private StringText() {}

    /** The first characters of a string, or null if the object is none or has no array. */
    static @Nullable String of(HeapSnapshot heap, int object, int limit) throws IOException {
        ObjectFields fields = new ObjectFields(heap);
        if (!fields.type(object).name().equals("java.lang.String")) {
            return null;
        }
        int value = fields.reference(object, "value");
        if (value < 0 || limit < 0) {
            return null;
        }
        String array = fields.type(value).name();
        if (array.equals("char[]")) {
            return chars(fields, object, value, limit);
        }
        if (!array.equals("byte[]")) {
            return null;
        }
        return fields.number(object, "coder", 0) == 1 ? utf16(fields, value, limit) : latin1(fields, value, limit);
    }

    private static String chars(ObjectFields fields, int object, int value, int limit) throws IOException {
        long length = fields.length(value);
        long from = 0;
        if (fields.has(object, "offset")) {
            from = Math.max(0, fields.number(object, "offset", 0));
            length = Math.min(length - from, Math.max(0, fields.number(object, "count", length)));
        }
        StringBuilder text = new StringBuilder();
        for (long end = from + Math.min(length, limit); from < end; ) {
            long[] block = fields.elements(value, from, (int) Math.min(BLOCK, end - from));
            if (block.length == 0) {
                break;
            }
            for (long c : block) {
                text.append((char) c);
            }
            from += block.length;
        }
        return text.toString();
    }

    private static String latin1(ObjectFields fields, int value, int limit) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < limit) {
            long[] block = fields.elements(value, text.length(), Math.min(BLOCK, limit - text.length()));
            if (block.length == 0) {
                break;
            }
            for (long b : block) {
                text.append((char) (b & 0xff));
            }
        }
        return text.toString();
    }

    private static String utf16(ObjectFields fields, int value, int limit) throws IOException {
        // The array is copied raw in the processor's byte order; this constant says which that is.
        boolean bigEndian = fields.staticNumber("java.lang.StringUTF16", "HI_BYTE_SHIFT", 0) == 8;
        StringBuilder text = new StringBuilder();
        while (text.length() < limit) {
            int wanted = Math.min(BLOCK, limit - text.length());
            long[] block = fields.elements(value, 2L * text.length(), 2 * wanted);
            for (int i = 0; i + 1 < block.length; i += 2) {
                int first = (int) (block[i] & 0xff);
                int second = (int) (block[i + 1] & 0xff);
                text.append((char) (bigEndian ? first << 8 | second : second << 8 | first));
            }
            if (block.length < 2) {
                break;
            }
        }
        return text.toString();
    }
}
