package dev.holdfast.dump.dwarf;

import java.util.List;

/**
 * A type as the debugging information describes it; immutable.
 *
 * @param offset where its entry lies in {@code .debug_info}, its identity
 * @param kind what it is
 * @param name as Go's compiler writes it, with full package paths; may be empty
 * @param size in bytes
 * @param fields of a struct, in order; else empty
 * @param element offset of the type it points to, is an array of, or is another name for; -1 if none ({@code unsafe.Pointer})
 * @param count elements of an array, else 0
 * @param goKind Go's {@code reflect.Kind} without flags, or 0
 * @param goRuntimeType offset of the run-time type descriptor from the module's {@code types}, or 0
 * @param goKey offset of the key type of a map, or -1
 * @param goElem offset of the element type of a map, channel or slice, or -1
 * @param goDictionaryIndex entry of the dictionary ({@code .dict}) of a generic function that holds the descriptor of the
 *     type argument for which this shape stands, or -1
 */
public record DwarfType(
        long offset,
        Kind kind,
        String name,
        long size,
        List<Field> fields,
        long element,
        long count,
        int goKind,
        long goRuntimeType,
        long goKey,
        long goElem,
        int goDictionaryIndex) {

    /** What a type is. */
    public enum Kind {
        /** Numbers, booleans. */
        BASE,
        /** A pointer. */
        POINTER,
        /** A struct; strings, slices, interfaces, maps' and channels' insides too. */
        STRUCT,
        /** An array of fixed length. */
        ARRAY,
        /** Another name for a type: named types that are no structs, maps, channels, functions, interfaces. */
        TYPEDEF,
        /** A function's signature. */
        FUNCTION,
        /** Anything else. */
        OTHER
    }

    /**
     * A field of a struct.
     *
     * @param name as declared
     * @param offset in bytes from the start of the struct
     * @param type offset of its type
     * @param embedded whether it is embedded
     */
    public record Field(String name, long offset, long type, boolean embedded) {}
}
