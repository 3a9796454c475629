package dev.holdfast.dump;

/**
 * How the memory of one stack, or of several together, is used, in bytes; the four add up to all of it.
 *
 * @param free below the leaf's frame: room to grow, with whatever earlier calls left there
 * @param used by frames
 * @param rest what belongs to no frame: headers, and the end of the stack that a runtime leaves alone
 * @param unknown what could not be walked
 */
public record StackSpace(long free, long used, long rest, long unknown) {
    /** No memory. */
    public static final StackSpace NOTHING = new StackSpace(0, 0, 0, 0);

    /** A stack that was walked to its end. */
    public StackSpace(long free, long used, long rest) {
        this(free, used, rest, 0);
    }

    /** All memory of the stack. */
    public long bytes() {
        return free + used + rest + unknown;
    }

    /** Both together. */
    public StackSpace plus(StackSpace more) {
        return new StackSpace(free + more.free, used + more.used, rest + more.rest, unknown + more.unknown);
    }
}
