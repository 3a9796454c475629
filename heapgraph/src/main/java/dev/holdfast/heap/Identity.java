package dev.holdfast.heap;

/**
 * Two figures that must be equal, computed in different ways.
 *
 * @param name what is compared
 * @param expected the one
 * @param actual the other
 */
public record Identity(String name, long expected, long actual) {
    /** Whether they are equal. */
    public boolean holds() {
        return expected == actual;
    }
}
