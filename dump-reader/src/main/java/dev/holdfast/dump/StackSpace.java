package dev.holdfast.dump;

/**
 * How the memory of one stack is used, in bytes; the three add up to all of it.
 *
 * @param free below the leaf's frame: room to grow, with whatever earlier calls left there
 * @param used by the frames that were walked
 * @param rest what belongs to no frame: the end of the stack that a runtime leaves alone, headers, and, where the walk broke
 *     off, all that it did not reach
 */
public record StackSpace(long free, long used, long rest) {
    /** All memory of the stack. */
    public long bytes() {
        return free + used + rest;
    }
}
