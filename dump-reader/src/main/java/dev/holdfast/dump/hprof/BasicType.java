package dev.holdfast.dump.hprof;

import dev.holdfast.dump.ValueType;

/** The type codes of fields and array elements (hprof.md 1.3). */
final class BasicType {
    /** Array object; only inside the old agent. */
    static final int ARRAY = 1;

    static final int OBJECT = 2;
    static final int BOOLEAN = 4;
    static final int CHAR = 5;
    static final int FLOAT = 6;
    static final int DOUBLE = 7;
    static final int BYTE = 8;
    static final int SHORT = 9;
    static final int INT = 10;
    static final int LONG = 11;

    private static final ValueType[] VALUE_TYPES = {
        null,
        ValueType.REFERENCE,
        ValueType.REFERENCE,
        null,
        ValueType.BOOLEAN,
        ValueType.CHAR,
        ValueType.FLOAT,
        ValueType.DOUBLE,
        ValueType.BYTE,
        ValueType.SHORT,
        ValueType.INT,
        ValueType.LONG
    };

    /** Width of each primitive by code. */
    private static final byte[] WIDTHS = {0, 0, 0, 0, 1, 2, 4, 8, 1, 2, 4, 8};

    private BasicType() {}

    static boolean known(int code) {
        return code > 0 && code < VALUE_TYPES.length && code != 3;
    }

    static boolean isReference(int code) {
        return code == ARRAY || code == OBJECT;
    }

    static boolean isPrimitive(int code) {
        return code >= BOOLEAN && code <= LONG;
    }

    /** Width in the dump. */
    static int bytes(int code, int idBytes) {
        return isReference(code) ? idBytes : WIDTHS[code];
    }

    static ValueType valueType(int code) {
        if (!known(code)) {
            throw new IllegalArgumentException("type code " + code);
        }
        return VALUE_TYPES[code];
    }
}
