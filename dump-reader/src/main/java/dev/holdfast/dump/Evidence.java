package dev.holdfast.dump;

/** How it is known of which type an object is, best first. */
public enum Evidence {
    /** The dump says so: the object's class, a type descriptor beside the object or in an interface that holds it. */
    EXACT,
    /** Declared types of the variables and fields that lead to it say so. */
    INFERRED,
    /** Nothing says so. */
    NONE
}
