package dev.holdfast.roots;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the text of {@code java.lang.String} objects of any release; immutable, thread-safe. */
final class StringTexts {
    /** Names are shorter; no string is read beyond this many characters. */
    static final int MAX_CHARACTERS = 1 << 16;

    private final DumpFile dump;
    private final List<DumpType> types;

    StringTexts(DumpFile dump) {
        this.dump = dump;
        this.types = dump.types();
    }

    /** The text, or null if there is no string at the address. */
    @Nullable
    String read(long address) {
        try {
            return tryRead(address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable String tryRead(long address) throws IOException {
        RecordedObject string = address == 0 ? null : dump.read(address);
        if (string == null || !types.get(string.type()).name().equals("java.lang.String")) {
            return null;
        }
        long value = string.reference("value");
        RecordedObject array = value == 0 ? null : dump.read(value);
        if (array == null) {
            return null;
        }
        if (types.get(array.type()).name().equals("char[]")) {
            // JDK 5, 6 and 7 up to update 5 share arrays between strings (hprof.md 5.1).
            long from = number(string, "offset", 0);
            long count = Math.min(number(string, "count", array.elementCount()), array.elementCount() - from);
            return ofChars(dump.readElements(value, from, (int) Math.max(0, Math.min(count, MAX_CHARACTERS))));
        }
        return number(string, "coder", 0) == 1
                ? ofUtf16(dump.readElements(value, 0, 2 * MAX_CHARACTERS))
                : ofLatin1(dump.readElements(value, 0, MAX_CHARACTERS));
    }

    /** The first elements of a primitive array. */
    long[] elements(long address, int count) {
        try {
            return dump.readElements(address, 0, count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of bytes, one a character. */
    static String ofLatin1(long[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (long b : bytes) {
            text.append((char) (b & 0xff));
        }
        return text.toString();
    }

    /** The text of bytes, two a character, the lower first, as little-endian machines have them. */
    static String ofUtf16(long[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length / 2);
        for (int i = 0; i + 1 < bytes.length; i += 2) {
            text.append((char) ((bytes[i] & 0xff) | (bytes[i + 1] & 0xff) << 8));
        }
        return text.toString();
    }

    /** The text of characters. */
    static String ofChars(long[] chars) {
        StringBuilder text = new StringBuilder(chars.length);
        for (long c : chars) {
            text.append((char) c);
        }
        return text.toString();
    }

    private static long number(RecordedObject object, String field, long otherwise) {
        FieldValue value = object.field(field);
        return value == null ? otherwise : value.bits();
    }
}
