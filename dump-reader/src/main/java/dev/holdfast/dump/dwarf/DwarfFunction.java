package dev.holdfast.dump.dwarf;

import java.util.List;

/**
 * A function with its parameters and variables, those of calls inlined into it included.
 *
 * @param name with its full package path
 * @param low first address of its code, as linked
 * @param high address behind it
 * @param variables in the order of the entries
 */
public record DwarfFunction(String name, long low, long high, List<Local> variables) {

    /**
     * A parameter or variable.
     *
     * @param name as declared; {@code &x} for one that escaped to the heap
     * @param function the function that declares it, which may be one that was inlined
     * @param type offset of its type
     * @param parameter whether it is a parameter or result
     * @param closureOffset offset in the closure for a captured variable, else -1
     * @param ranges where it has a place, in the order of the file; none if it was optimised away or is a constant
     * @param line of its declaration, or 0
     */
    public record Local(
            String name,
            String function,
            long type,
            boolean parameter,
            long closureOffset,
            List<Range> ranges,
            int line) {}

    /**
     * Places of a variable while the program counter is in a range.
     *
     * @param low first address, as linked
     * @param high address behind it
     * @param pieces parts of the variable in ascending order, without gaps
     */
    public record Range(long low, long high, List<Piece> pieces) {}

    /**
     * A part of a variable.
     *
     * @param kind where it is
     * @param value for the stack offset from the canonical frame address (the caller's stack pointer), number of a register as
     *     DWARF counts them (amd64 rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp, r8 to r15; arm64 x0 to x30, sp), address, or 0
     * @param size in bytes; 0 for all that is left
     */
    public record Piece(Kind kind, long value, long size) {
        /** Where a part of a variable is. */
        public enum Kind {
            /** On the stack. */
            FRAME,
            /** Where the word at an offset on the stack points to: the variable escaped to the heap (Go 1.25 and later). */
            INDIRECT,
            /** In a register. */
            REGISTER,
            /** At an address as linked. */
            ADDRESS,
            /** Nowhere: optimised away. */
            NONE
        }
    }
}
