package dev.holdfast.dump.dwarf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes sections by hand. */
final class DwarfBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    int size() {
        return out.size();
    }

    DwarfBytes u8(int value) {
        out.write(value);
        return this;
    }

    DwarfBytes number(long value, int width) {
        for (int i = 0; i < width; i++) {
            out.write((int) (value >> 8 * i));
        }
        return this;
    }

    DwarfBytes u16(int value) {
        return number(value, 2);
    }

    DwarfBytes u32(long value) {
        return number(value, 4);
    }

    DwarfBytes u64(long value) {
        return number(value, 8);
    }

    DwarfBytes uleb(long value) {
        long left = value;
        while (left < 0 || left > 0x7f) {
            out.write((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
        return this;
    }

    DwarfBytes sleb(long value) {
        long left = value;
        while (left < -64 || left > 63) {
            out.write((int) (left & 0x7f | 0x80));
            left >>= 7;
        }
        out.write((int) (left & 0x7f));
        return this;
    }

    DwarfBytes string(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return u8(0);
    }

    DwarfBytes bytes(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    DwarfBytes append(DwarfBytes other) {
        out.writeBytes(other.out.toByteArray());
        return this;
    }

    /** An abbreviation: pairs of attribute and form. */
    DwarfBytes abbreviation(long code, int tag, boolean children, int... attributesAndForms) {
        uleb(code).uleb(tag).u8(children ? 1 : 0);
        for (int value : attributesAndForms) {
            uleb(value);
        }
        return u8(0).u8(0);
    }

    byte[] array() {
        return out.toByteArray();
    }

    ByteBuffer buffer() {
        return buffer(array());
    }

    static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A unit of that version whose entries follow; returns it with its header. */
    static DwarfBytes unit(int version, boolean wide, DwarfBytes entries) {
        DwarfBytes rest = new DwarfBytes().u16(version);
        int offset = wide ? 8 : 4;
        if (version >= 5) {
            rest.u8(1).u8(8).number(0, offset);
        } else {
            rest.number(0, offset).u8(8);
        }
        rest.append(entries);
        DwarfBytes unit = new DwarfBytes();
        if (wide) {
            unit.u32(0xffffffffL).u64(rest.size());
        } else {
            unit.u32(rest.size());
        }
        return unit.append(rest);
    }

    /** Where the first entry of the first unit lies. */
    static int first(int version, boolean wide) {
        return (wide ? 12 : 4) + 2 + (wide ? 8 : 4) + 1 + (version >= 5 ? 1 : 0);
    }
}
