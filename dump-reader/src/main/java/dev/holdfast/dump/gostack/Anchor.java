package dev.holdfast.dump.gostack;

import org.jspecify.annotations.Nullable;

/**
 * Where the walk over a goroutine's stack begins.
 *
 * @param pc program counter
 * @param sp stack pointer
 * @param link link register, or 0
 * @param systemCall whether it is where a system call was entered
 * @param registers of the thread that was running the goroutine, null if it had stopped by itself
 */
record Anchor(
        long pc,
        long sp,
        long link,
        boolean systemCall,
        @Nullable Registers registers) {
    /** No stack. */
    static final Anchor NONE = new Anchor(0, 0, 0, false, null);
}
