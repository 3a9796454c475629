package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.io.ByteSource;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over a heap dump: variable-length numbers, strings, memory by position; used by one thread. Its buffer is at
 * most 256 KiB, whatever lengths the file claims.
 */
final class DumpInput {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int LONGEST_NUMBER = 10;
    private static final int FULL_FILL = 1 << 18;
    private static final int FIRST_FILL = 1 << 12;

    /** Names of types that the compiler writes out in full are long; nothing is longer than this. */
    private static final int LONGEST_STRING = 1 << 16;

    private final ByteSource source;
    private final long end;
    private byte[] buffer = {};
    private int at;
    private int limit;
    /** Offset in the source of the buffer's first byte. */
    private long base;

    private int nextFill = FIRST_FILL;

    DumpInput(ByteSource source, long position) {
        this.source = source;
        this.end = source.size();
        this.base = position;
    }

    long position() {
        return base + at;
    }

    long end() {
        return end;
    }

    void seek(long position) {
        long within = position - base;
        if (within >= 0 && within <= limit) {
            at = (int) within;
            return;
        }
        base = position;
        at = 0;
        limit = 0;
        nextFill = FIRST_FILL;
    }

    /** Skips bytes that the file must have. */
    void skip(long bytes) throws IOException {
        if (bytes < 0 || bytes > end - position()) {
            throw broken("a length of " + Long.toUnsignedString(bytes) + " bytes leads behind the end of the file");
        }
        seek(position() + bytes);
    }

    /** The next byte, or -1 at the end of the file; does not move. */
    int peek() throws IOException {
        return at < limit || fill(1) ? buffer[at] & 0xff : -1;
    }

    long number() throws IOException {
        if (limit - at < LONGEST_NUMBER) {
            fill(LONGEST_NUMBER);
        }
        long value = 0;
        for (int i = 0, shift = 0; i < LONGEST_NUMBER; i++, shift += 7) {
            if (at + i >= limit) {
                throw broken("the file ends within a number");
            }
            byte b = buffer[at + i];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                at += i + 1;
                return value;
            }
        }
        throw broken("a number has more than ten bytes");
    }

    boolean flag() throws IOException {
        long value = number();
        if (value != 0 && value != 1) {
            throw broken("a yes or no is " + Long.toUnsignedString(value));
        }
        return value == 1;
    }

    String string() throws IOException {
        long length = number();
        if (length < 0 || length > LONGEST_STRING || length > end - position()) {
            throw broken("a string of " + Long.toUnsignedString(length) + " bytes");
        }
        int bytes = (int) length;
        if (limit - at < bytes) {
            fill(bytes);
        }
        String text = new String(buffer, at, bytes, StandardCharsets.UTF_8);
        at += bytes;
        return text;
    }

    /** A word of memory at a position that the file has. */
    long wordAt(long position) throws IOException {
        seek(position);
        if (limit - at < Long.BYTES && !fill(Long.BYTES)) {
            throw broken("the file ends within a word");
        }
        return (long) LONG.get(buffer, at);
    }

    DumpFormatException broken(String what) {
        return new DumpFormatException(source.name(), position(), what);
    }

    private boolean fill(int bytes) throws IOException {
        int rest = limit - at;
        int capacity = (int) Math.min(Math.max(nextFill, bytes), end - position());
        if (capacity <= rest) {
            return rest >= bytes;
        }
        if (buffer.length < capacity) {
            byte[] larger = new byte[capacity];
            System.arraycopy(buffer, at, larger, 0, rest);
            buffer = larger;
        } else {
            System.arraycopy(buffer, at, buffer, 0, rest);
        }
        base += at;
        at = 0;
        limit = rest;
        int n = source.read(base + rest, buffer, rest, capacity - rest);
        if (n < capacity - rest) {
            throw new IOException(source.name() + ": the file has become shorter while it was read");
        }
        limit = capacity;
        nextFill = Math.min(FULL_FILL, nextFill * 8);
        return limit >= bytes;
    }
}
