package dev.holdfast.dump.dwarf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A position in a section, from which numbers are read; belongs to one thread. */
final class Cursor {
    /**
     * Longest name that is kept, in bytes. Names of anonymous structs and of instantiated generic types reach some
     * thousands; a forged one could be as long as the section.
     */
    static final int LONGEST_NAME = 1 << 16;

    private final ByteBuffer bytes;
    private final int limit;
    int position;

    Cursor(ByteBuffer bytes, long position) {
        this.bytes = bytes;
        this.limit = bytes.limit();
        seek(position);
    }

    void seek(long to) {
        if (to < 0 || to > limit) {
            throw new DamagedDwarfException("an offset points outside its section");
        }
        position = (int) to;
    }

    void skip(long count) {
        if (count < 0 || count > limit - position) {
            throw cut();
        }
        position += (int) count;
    }

    int u8() {
        if (position >= limit) {
            throw cut();
        }
        return bytes.get(position++) & 0xff;
    }

    int u16() {
        int at = position;
        skip(2);
        return bytes.getShort(at) & 0xffff;
    }

    long u32() {
        int at = position;
        skip(4);
        return bytes.getInt(at) & 0xffffffffL;
    }

    long u64() {
        int at = position;
        skip(8);
        return bytes.getLong(at);
    }

    /** A little-endian number of 1 to 8 bytes. */
    long unsigned(int width) {
        switch (width) {
            case 1:
                return u8();
            case 2:
                return u16();
            case 4:
                return u32();
            case 8:
                return u64();
            default:
                long value = 0;
                for (int i = 0; i < width; i++) {
                    value |= (long) u8() << 8 * i;
                }
                return value;
        }
    }

    /** An unsigned number in base 128 (DWARF 5, 7.6); bits beyond 64 are dropped. */
    long uleb() {
        int first = u8();
        if (first < 0x80) {
            return first;
        }
        long value = first & 0x7f;
        for (int shift = 7; ; shift += 7) {
            int next = u8();
            if (shift < 64) {
                value |= (long) (next & 0x7f) << shift;
            }
            if (next < 0x80) {
                return value;
            }
        }
    }

    /** A signed number in base 128 (DWARF 5, 7.6); bits beyond 64 are dropped. */
    long sleb() {
        long value = 0;
        int shift = 0;
        while (true) {
            int next = u8();
            if (shift < 64) {
                value |= (long) (next & 0x7f) << shift;
                shift += 7;
            }
            if (next < 0x80) {
                return shift < 64 && (next & 0x40) != 0 ? value | -1L << shift : value;
            }
        }
    }

    void skipLeb() {
        while (u8() >= 0x80) {
            // The byte was read.
        }
    }

    /** Passes a string that ends with a zero byte. */
    void skipString() {
        ByteBuffer from = bytes;
        int end = limit;
        int at = position;
        while (at < end) {
            if (from.get(at++) == 0) {
                position = at;
                return;
            }
        }
        throw cut();
    }

    /** A string that ends with a zero byte. */
    String string() {
        int start = position;
        skipString();
        byte[] text = new byte[Math.min(position - 1 - start, LONGEST_NAME)];
        bytes.get(start, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Hash of the string here; the same as {@link #hash(byte[])} of its bytes. */
    int hashOfString() {
        int hash = 0;
        for (int next = u8(); next != 0; next = u8()) {
            hash = 31 * hash + (byte) next;
        }
        return hash;
    }

    static int hash(byte[] text) {
        int hash = 0;
        for (byte next : text) {
            hash = 31 * hash + next;
        }
        return hash;
    }

    /** Whether the string here has these bytes. */
    boolean stringIs(byte[] text) {
        for (byte next : text) {
            if (next == 0 || (byte) u8() != next) {
                return false;
            }
        }
        return u8() == 0;
    }

    /** The bytes here, which are passed. */
    Block block(long length) {
        int start = position;
        skip(length);
        return Block.of(bytes, start, length);
    }

    private static DamagedDwarfException cut() {
        return new DamagedDwarfException("a value is cut off by the end of its section");
    }
}
