package dev.holdfast.dump.gostack;

/**
 * A thread of the operating system as the runtime knows it ({@code runtime.m}); immutable.
 *
 * @param address of its {@code runtime.m}
 * @param processId its number as the process saw it
 * @param system its {@code g0}
 * @param systemLow lowest address of the system stack
 * @param systemHigh address behind it
 * @param signal its {@code gsignal}, or 0
 * @param signalLow lowest address of the signal stack
 * @param signalHigh address behind it
 * @param current the goroutine that it runs, or 0
 * @param currentLow lowest address of that one's stack
 * @param currentHigh address behind it
 * @param vdsoPc where it called the kernel's own library, if {@code vdsoSp} is not 0
 * @param vdsoSp stack pointer there, or 0
 */
record SystemThread(
        long address,
        long processId,
        long system,
        long systemLow,
        long systemHigh,
        long signal,
        long signalLow,
        long signalHigh,
        long current,
        long currentLow,
        long currentHigh,
        long vdsoPc,
        long vdsoSp) {

    boolean onSystemStack(long sp) {
        return within(sp, systemLow, systemHigh);
    }

    boolean onSignalStack(long sp) {
        return within(sp, signalLow, signalHigh);
    }

    boolean onGoroutineStack(long sp) {
        return within(sp, currentLow, currentHigh);
    }

    /** Whether the runtime's thread stands on one of its stacks. */
    boolean owns(long sp) {
        return onGoroutineStack(sp) || onSignalStack(sp) || onSystemStack(sp);
    }

    private static boolean within(long address, long low, long high) {
        return address - low >= 0 && address - low < high - low;
    }
}
