package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.StructLayout;

/**
 * Where a stack lies; immutable.
 *
 * @param low its lowest address
 * @param high the address behind it
 */
record StackBounds(long low, long high) {
    /** A goroutine without a stack. */
    static final StackBounds NONE = new StackBounds(0, 0);

    /** The runtime stops a program whose stacks grow beyond twice 10^9 bytes (runtime.maxstackceiling). */
    private static final long LARGEST = 1L << 31;

    /** The stack of a {@code runtime.g}; none if the address is 0. */
    static StackBounds of(MemoryReader reader, StructLayout g, long address) {
        return address == 0
                ? NONE
                : new StackBounds(
                        reader.word(address + g.offset("stack.lo")), reader.word(address + g.offset("stack.hi")));
    }

    /** Whether a runtime could have made it. */
    boolean plausible() {
        return high - low >= 0 && high - low <= LARGEST;
    }

    long bytes() {
        return high - low;
    }

    boolean contains(long address) {
        return address - low >= 0 && address - low < high - low;
    }
}
