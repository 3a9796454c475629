package dev.holdfast.heap;

import dev.holdfast.dump.DumpFormatException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what {@link IndexOutput} encoded. Nothing is taken at its word: a count is checked against the bytes that are
 * left before anything is allocated for it. Used by one thread.
 */
final class IndexInput {
    private final String file;
    private final long offset;
    private final ByteBuffer in;
    private final List<String> texts = new ArrayList<>();

    /**
     * Decodes from the buffer's beginning.
     *
     * @param offset where that is in the file, for messages
     */
    IndexInput(String file, long offset, ByteBuffer in) {
        this.file = file;
        this.offset = offset;
        this.in = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads one thing. */
    interface Reader<T> {
        T read() throws DumpFormatException;
    }

    long number() throws DumpFormatException {
        try {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte next = in.get();
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        } catch (BufferUnderflowException e) {
            throw damaged("it ends within a number");
        }
        throw damaged("a number of more than 64 bits");
    }

    /** A number from {@code low} to {@code high}. */
    int between(long low, long high, String what) throws DumpFormatException {
        return in(signed(), low, high, what);
    }

    /** A number from 0 to {@code high}, which was written as one that is not negative. */
    int upTo(long high, String what) throws DumpFormatException {
        return in(number(), 0, high, what);
    }

    private int in(long value, long low, long high, String what) throws DumpFormatException {
        if (value < low || value > high) {
            throw damaged(what + " " + value + ", not " + low + " to " + high);
        }
        return (int) value;
    }

    long signed() throws DumpFormatException {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }

    int integer() throws DumpFormatException {
        return between(Integer.MIN_VALUE, Integer.MAX_VALUE, "number");
    }

    boolean flag() throws DumpFormatException {
        return upTo(1, "flag") == 1;
    }

    long word() throws DumpFormatException {
        if (in.remaining() < Long.BYTES) {
            throw damaged("it ends within an address");
        }
        return in.getLong();
    }

    /** How many things follow, of at least so many bytes each. */
    int count(int bytesEach) throws DumpFormatException {
        return upTo(in.remaining() / Math.max(1, bytesEach), "count");
    }

    String text() throws DumpFormatException {
        String text = optionalText();
        if (text == null) {
            throw damaged("a name is missing");
        }
        return text;
    }

    @Nullable
    String optionalText() throws DumpFormatException {
        int number = upTo(texts.size() + 1L, "text");
        if (number == 0) {
            return null;
        }
        if (number <= texts.size()) {
            return texts.get(number - 1);
        }
        long header = number();
        boolean wide = (header & 1) != 0;
        long length = header >>> 1;
        if (length > in.remaining() / (wide ? 2 : 1)) {
            throw damaged("a text of " + length + " characters");
        }
        char[] units = new char[(int) length];
        for (int i = 0; i < units.length; i++) {
            units[i] = wide ? in.getChar() : (char) (in.get() & 0xff);
        }
        String text = new String(units);
        texts.add(text);
        return text;
    }

    <E extends Enum<E>> E constant(E[] values) throws DumpFormatException {
        return values[upTo(values.length - 1L, "constant")];
    }

    <T> List<T> list(int bytesEach, Reader<T> reader) throws DumpFormatException {
        int count = count(bytesEach);
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(reader.read());
        }
        return list;
    }

    long[] words() throws DumpFormatException {
        long[] words = new long[count(Long.BYTES)];
        for (int i = 0; i < words.length; i++) {
            words[i] = word();
        }
        return words;
    }

    DumpFormatException damaged(String what) {
        return IndexDamage.of(file, offset + in.position(), what);
    }
}
