package dev.holdfast.dump.goruntime;

/**
 * A structure, field or variable of the runtime that this program does not have under that name.
 *
 * <p>Unchecked: whoever needs it decides whether that is a release too new, damage, or a feature that is not there.
 */
public final class UnknownLayoutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The structure, field or variable of that name is unknown. */
    public UnknownLayoutException(String name) {
        super("the program does not say where " + name + " lies", null, false, false);
    }
}
