package dev.holdfast.dump.gostack;

import dev.holdfast.dump.pclntab.GoFunction;

/**
 * A physical frame of a goroutine's stack; immutable.
 *
 * @param index 0 for the leaf
 * @param function whose frame it is
 * @param pc where it stands, or where the call below returns to
 * @param sp lowest address of the frame
 * @param fp the caller's stack pointer; the canonical frame address of the debugging information
 * @param varp end of the local variables
 * @param argp start of arguments and results on the stack
 * @param continpc where it goes on, 0 if it never will, so that nothing in it is alive
 * @param trap whether the program counter is the instruction itself and no return address
 * @param conservative whether the collector takes every word of it for a pointer
 * @param end the lowest address of the caller's frame
 */
public record GoFrame(
        int index,
        GoFunction function,
        long pc,
        long sp,
        long fp,
        long varp,
        long argp,
        long continpc,
        boolean trap,
        boolean conservative,
        long end) {

    /** Bytes of stack it takes. */
    public long bytes() {
        return end - sp;
    }

    /** A program counter within the instruction or call where it stands. */
    public long place() {
        return trap || pc == function.entry() ? pc : pc - 1;
    }
}
