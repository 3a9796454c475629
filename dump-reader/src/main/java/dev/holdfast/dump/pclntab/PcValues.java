package dev.holdfast.dump.pclntab;

import dev.holdfast.dump.elf.MemoryReader;

/** Reads pc-value tables: runs of values, as differences of value and program counter in variable length. */
final class PcValues {
    /** What a table says of a program counter that it does not cover. */
    static final int NONE = -1;

    private PcValues() {}

    /**
     * The value at a program counter, or {@link #NONE}.
     *
     * @param table where the table lies
     * @param quantum least length of an instruction
     * @param offset of the program counter from the function's entry
     * @param limit no function is longer, so a damaged table ends there
     */
    static int at(MemoryReader reader, long table, int quantum, long offset, long limit) {
        long at = table;
        long pc = 0;
        int value = -1;
        boolean first = true;
        while (pc <= limit) {
            long delta = 0;
            for (int shift = 0; ; shift += 7) {
                int b = reader.u8(at++);
                if (shift < 35) {
                    delta |= (b & 0x7fL) << shift;
                }
                if (b < 0x80) {
                    break;
                }
                if (shift >= 35) {
                    return NONE;
                }
            }
            if (delta == 0 && !first) {
                return NONE;
            }
            first = false;
            int zigzag = (int) delta;
            value += (zigzag >>> 1) ^ -(zigzag & 1);
            long step = 0;
            for (int shift = 0; ; shift += 7) {
                int b = reader.u8(at++);
                if (shift < 35) {
                    step |= (b & 0x7fL) << shift;
                }
                if (b < 0x80) {
                    break;
                }
                if (shift >= 35) {
                    return NONE;
                }
            }
            if (step == 0) {
                return NONE;
            }
            pc += step * quantum;
            if (offset < pc) {
                return value;
            }
        }
        return NONE;
    }
}
