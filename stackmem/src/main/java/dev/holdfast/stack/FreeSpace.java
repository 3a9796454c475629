package dev.holdfast.stack;

/**
 * Where a stack-memory profile shows the part of a goroutine's stack that no frame takes.
 *
 * <p>Each has been proposed for Go (golang/go#66566); none is right for all questions.
 */
public enum FreeSpace {
    /**
     * Below the function that the program started as a goroutine, beside what that calls: free space by kind of goroutine. What
     * the compiler put above it does not count.
     */
    ENTRY,
    /** Below the leaf, where it lies in memory. */
    LEAF,
    /** All together in one frame at the root. */
    ROOT,
    /** As the own value of a frame {@code [total]} around all stacks: the gap above a stack's frames. */
    TOTAL,
    /** Not at all, like all else that no frame takes: what two dumps are compared by. */
    USED,
    /** Each goroutine apart, by a label with its number; free space in a frame at the root. */
    GOROUTINE
}
