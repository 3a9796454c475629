package dev.holdfast.dump;

/** What a field or an array element holds. */
public enum ValueType {
    /** A reference to an object. */
    REFERENCE("reference", 0),
    /** True or false. */
    BOOLEAN("boolean", 1),
    /** A UTF-16 code unit. */
    CHAR("char", 2),
    /** A 32-bit floating-point number. */
    FLOAT("float", 4),
    /** A 64-bit floating-point number. */
    DOUBLE("double", 8),
    /** A signed 8-bit integer. */
    BYTE("byte", 1),
    /** A signed 16-bit integer. */
    SHORT("short", 2),
    /** A signed 32-bit integer. */
    INT("int", 4),
    /** A signed 64-bit integer. */
    LONG("long", 8);

    private final String label;
    private final int bytes;

    ValueType(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** The language's name. */
    public String label() {
        return label;
    }

    /** Width in bytes; 0 for references, whose width is the runtime's choice. */
    public int bytes() {
        return bytes;
    }
}
