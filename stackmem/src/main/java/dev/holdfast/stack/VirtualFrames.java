package dev.holdfast.stack;

import dev.holdfast.dump.StackFrame;

/** Frames of a profile that stand for stack memory without a function. Stateless. */
public final class VirtualFrames {
    /** Free space of goroutines' stacks. */
    public static final StackFrame FREE = named("runtime._FreeStack");

    /** The end of goroutines' stacks, which the runtime leaves alone, with {@code runtime.goexit}. */
    public static final StackFrame BASE = named("runtime._StackBase");

    /** What could not be unwound, and what the dump does not explain. */
    public static final StackFrame UNKNOWN = named("runtime._StackUnknown");

    /** Stacks of the runtime itself. */
    public static final StackFrame SYSTEM = named("runtime._StackSystem");

    /** Stacks kept with goroutines that have ended. */
    public static final StackFrame DEAD = named("runtime._StackDead");

    /** Free stacks. */
    public static final StackFrame UNUSED = named("runtime._StackFree");

    /** Around all goroutines' stacks, see {@link FreeSpace#TOTAL}. */
    public static final StackFrame TOTAL = named("[total]");

    private VirtualFrames() {}

    /** A frame of that name. */
    static StackFrame named(String name) {
        return new StackFrame(name, null, 0, false);
    }
}
