package dev.holdfast.dump.dwarf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes of an expression. */
record Block(ByteBuffer bytes) {
    static Block of(ByteBuffer section, long start, long length) {
        if (length < 0 || length > section.limit() - start) {
            throw new DamagedDwarfException("an expression is cut off by the end of its section");
        }
        return new Block(section.slice((int) start, (int) length).order(ByteOrder.LITTLE_ENDIAN));
    }

    Cursor cursor() {
        return new Cursor(bytes, 0);
    }
}
