package dev.holdfast.roots;

import java.util.List;

/**
 * What ate the memory: the suspects, or why there is none.
 *
 * @param suspects at most three, those that may be leaks first, then by size
 * @param reason why no more is said
 * @param largest what comes next, largest first; for those who want to know although nothing stands out
 */
public record Verdict(List<Suspect> suspects, Reason reason, List<Suspect> largest) {
    /** Why there is no suspect. */
    public enum Reason {
        /** There is one. */
        SUSPECTS,
        /** The heap is too small to have eaten any memory. */
        SMALL,
        /** Most of the dump is unreachable. */
        GARBAGE,
        /** No owner holds much of it. */
        SPREAD,
        /** What is large is no leak. */
        HARMLESS
    }
}
