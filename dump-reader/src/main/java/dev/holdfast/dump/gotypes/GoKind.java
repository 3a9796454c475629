package dev.holdfast.dump.gotypes;

/** What a Go type is: {@code reflect.Kind} in its order, then what only the heap shows. */
public enum GoKind {
    /** Not known. */
    UNKNOWN(0),
    /** A truth value. */
    BOOL(1),
    /** A signed word. */
    INT(8),
    /** A signed byte. */
    INT8(1),
    /** Signed, 16 bits. */
    INT16(2),
    /** Signed, 32 bits. */
    INT32(4),
    /** Signed, 64 bits. */
    INT64(8),
    /** An unsigned word. */
    UINT(8),
    /** A byte. */
    UINT8(1),
    /** Unsigned, 16 bits. */
    UINT16(2),
    /** Unsigned, 32 bits. */
    UINT32(4),
    /** Unsigned, 64 bits. */
    UINT64(8),
    /** A word that may hold an address, which the collector does not follow. */
    UINTPTR(8),
    /** Floating point, 32 bits. */
    FLOAT32(4),
    /** Floating point, 64 bits. */
    FLOAT64(8),
    /** Two of 32 bits. */
    COMPLEX64(8),
    /** Two of 64 bits. */
    COMPLEX128(16),
    /** An array of fixed length. */
    ARRAY(-1),
    /** A pointer to a channel. */
    CHAN(8),
    /** A pointer to a closure. */
    FUNC(8),
    /** A type word and a pointer. */
    INTERFACE(16),
    /** A pointer to a map. */
    MAP(8),
    /** A pointer. */
    POINTER(8),
    /** Pointer, length, capacity. */
    SLICE(24),
    /** Pointer and length. */
    STRING(16),
    /** A struct. */
    STRUCT(-1),
    /** A pointer to anything. */
    UNSAFE_POINTER(8),
    /** Bytes of strings. */
    TEXT(1),
    /** What a channel points to. */
    CHANNEL_OBJECT(-1),
    /** What a map points to. */
    MAP_OBJECT(-1),
    /** A table of a Swiss map. */
    MAP_TABLE(-1),
    /** What a function value points to. */
    CLOSURE(-1);

    private static final GoKind[] ALL = values();

    private final int size;

    GoKind(int size) {
        this.size = size;
    }

    /** Bytes of every type of this kind on a machine of 64 bits, or -1 where they differ. */
    int size() {
        return size;
    }

    /** The kind of a number of {@code reflect.Kind}, or {@link #UNKNOWN}. */
    static GoKind of(int number) {
        return number > 0 && number <= UNSAFE_POINTER.ordinal() ? ALL[number] : UNKNOWN;
    }

    /** Whether its values are a single pointer that the collector follows. */
    boolean isPointerWord() {
        return this == POINTER || this == MAP || this == CHAN || this == FUNC || this == UNSAFE_POINTER;
    }
}
