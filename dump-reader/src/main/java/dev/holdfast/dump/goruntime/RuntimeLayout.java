package dev.holdfast.dump.goruntime;

import java.util.OptionalLong;

/**
 * Where the runtime keeps its variables and how its structures look, in this one program.
 *
 * <p>From the debugging information where there is any, so that one code path serves all releases; else from tables of
 * fixed layouts. Immutable and thread-safe.
 */
public interface RuntimeLayout {
    /**
     * A structure by its full name, such as {@code runtime.mspan}.
     *
     * @throws UnknownLayoutException if this release has none of that name
     */
    StructLayout struct(String name);

    /** Whether this release has the structure. */
    boolean hasStruct(String name);

    /**
     * Address of a variable in the process, such as {@code runtime.mheap_}.
     *
     * @throws UnknownLayoutException if this release has none of that name, or it is not known where
     */
    long address(String variable);

    /** Whether the address of the variable is known. */
    boolean hasAddress(String variable);

    /** A constant of the runtime, such as {@code runtime._KindSpecialFinalizer}; unused ones are not recorded. */
    OptionalLong constant(String name);
}
