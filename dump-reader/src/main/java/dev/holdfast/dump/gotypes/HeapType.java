package dev.holdfast.dump.gotypes;

/**
 * A type as objects have it: a type, or any number of its values one behind the other; immutable.
 *
 * @param type of the object or of its elements
 * @param slice whether the object is a row of values that was allocated as a slice, or nobody knows as what
 */
public record HeapType(GoType type, boolean slice) {
    /** The name as profiles show it: {@code main.Node}, {@code []main.Node}. */
    public String name() {
        return slice ? "[]" + type.name() : type.name();
    }
}
