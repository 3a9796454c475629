package dev.holdfast.heap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Encodes what is small of an index: numbers in as few bytes as they need, each text once. Used by one thread. */
final class IndexOutput {
    private byte[] bytes = new byte[1 << 12];
    private int size;
    private final Map<String, Integer> texts = new HashMap<>();

    /** A number that is most often small and not negative. */
    void number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** A number that may be negative. */
    void signed(long value) {
        number(value << 1 ^ value >> 63);
    }

    void flag(boolean value) {
        number(value ? 1 : 0);
    }

    /** An address or any other number of 64 bits. */
    void word(long value) {
        room(Long.BYTES);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(size, value);
        size += Long.BYTES;
    }

    /** A text, or null; any sequence of UTF-16 units comes out as it went in. */
    void text(@Nullable String value) {
        if (value == null) {
            number(0);
            return;
        }
        int next = texts.size() + 1;
        Integer known = texts.putIfAbsent(value, next);
        if (known != null) {
            number(known);
            return;
        }
        number(next);
        boolean wide = value.chars().anyMatch(unit -> unit > 0xff);
        number((long) value.length() << 1 | (wide ? 1 : 0));
        room(2L * value.length());
        for (int i = 0; i < value.length(); i++) {
            bytes[size++] = (byte) value.charAt(i);
            if (wide) {
                bytes[size++] = (byte) (value.charAt(i) >>> 8);
            }
        }
    }

    /** How many there are, then each. */
    <T> void list(List<T> values, Consumer<T> each) {
        number(values.size());
        values.forEach(each);
    }

    /** How many there are, then each. */
    void words(long[] values) {
        number(values.length);
        for (long value : values) {
            word(value);
        }
    }

    private void room(long more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(
                    bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(2L * bytes.length, size + more)));
            if (size + more > bytes.length) {
                throw new CapacityException("names and threads of more than 2 GiB cannot be put into an index");
            }
        }
    }

    /** What was encoded. */
    ByteBuffer encoded() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }
}
