package dev.holdfast.dump.gostack;

/**
 * A thread of the operating system as the runtime knows it ({@code runtime.m}); immutable.
 *
 * @param address of its {@code runtime.m}
 * @param processId its number as the process saw it
 * @param system its {@code g0}
 * @param systemStack the stack of that one
 * @param signal its {@code gsignal}, or 0
 * @param signalStack the stack of that one
 * @param current the goroutine that it runs, or 0
 * @param currentStack the stack of that one
 * @param vdsoPc where it called the kernel's own library, if {@code vdsoSp} is not 0
 * @param vdsoSp stack pointer there, or 0
 */
record SystemThread(
        long address,
        long processId,
        long system,
        StackBounds systemStack,
        long signal,
        StackBounds signalStack,
        long current,
        StackBounds currentStack,
        long vdsoPc,
        long vdsoSp) {

    /** Whether the runtime's thread stands on one of its stacks. */
    boolean owns(long sp) {
        return currentStack.contains(sp) || signalStack.contains(sp) || systemStack.contains(sp);
    }
}
