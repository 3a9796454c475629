package dev.holdfast.dump;

/** How strongly an object is held, strongest first; the best path from a root decides. */
public enum Strength {
    /** Through ordinary references only. */
    STRONG,
    /** Through the referent of a soft reference at best. */
    SOFT,
    /** Through the referent of a weak reference at best. */
    WEAK,
    /** Only because its finalizer has not run. */
    FINALIZER,
    /** Through the referent of a phantom reference at best. */
    PHANTOM;

    /** The word used in output. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
