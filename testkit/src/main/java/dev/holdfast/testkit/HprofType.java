package dev.holdfast.testkit;

/** The value types of the HPROF format with their codes. */
public enum HprofType {
    /** Element type 1: "array object", used only inside the old profiling agent. */
    ARRAY_OBJECT(1, 0),
    /** A reference: as wide as an identifier, whatever the heap used. */
    OBJECT(2, 0),
    BOOLEAN(4, 1),
    CHAR(5, 2),
    FLOAT(6, 4),
    DOUBLE(7, 8),
    BYTE(8, 1),
    SHORT(9, 2),
    INT(10, 4),
    LONG(11, 8);

    private final int code;
    private final int width;

    HprofType(int code, int width) {
        this.code = code;
        this.width = width;
    }

    /** The type's code in the file. */
    public int code() {
        return code;
    }

    /** Bytes of one value in the file; a reference takes {@code idSize}. */
    public int width(int idSize) {
        return width == 0 ? idSize : width;
    }

    /** True for the eight primitive types. */
    public boolean isPrimitive() {
        return width != 0;
    }

    /** The array class's internal name, such as {@code [I}; only for primitive types. */
    public String arrayClassName() {
        return switch (this) {
            case BOOLEAN -> "[Z";
            case CHAR -> "[C";
            case FLOAT -> "[F";
            case DOUBLE -> "[D";
            case BYTE -> "[B";
            case SHORT -> "[S";
            case INT -> "[I";
            case LONG -> "[J";
            case OBJECT, ARRAY_OBJECT -> throw new IllegalArgumentException("not primitive: " + this);
        };
    }
}
