package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;

/** The pointer words of all modules' package variables, as the collector scans them. */
public final class GlobalPointers {
    private final GoProgram program;

    /** Of a program. */
    public GlobalPointers(GoProgram program) {
        this.program = program;
    }

    /** Receives pointer words. */
    public interface Visitor {
        /**
         * A word that is not null.
         *
         * @param module the module whose variable it is in
         * @param address where the word is
         * @param value the pointer
         */
        void pointer(ModuleData module, long address, long value);
    }

    /** Hands over all words that are not null, ascending by address within a module; returns how many could not be read. */
    public long visit(Visitor visitor) {
        MemoryReader reader = program.reader();
        long lost = 0;
        for (ModuleData module : program.modules()) {
            lost += visit(
                    reader, module, module.data(), module.endData(), module.dataMask(), module.dataMaskBits(), visitor);
            lost += visit(
                    reader, module, module.bss(), module.endBss(), module.bssMask(), module.bssMaskBits(), visitor);
        }
        return lost;
    }

    private static long visit(
            MemoryReader reader, ModuleData module, long start, long end, long mask, int maskBits, Visitor visitor) {
        long words = Math.min(Math.max(0, end - start >>> 3), maskBits);
        long lost = 0;
        for (long word = 0; word < words; word++) {
            long at = start + 8 * word;
            try {
                int bits = reader.u8(mask + (word >>> 3));
                if (bits == 0) {
                    word |= 7;
                } else if ((bits >>> (word & 7) & 1) != 0) {
                    long value = reader.word(at);
                    if (value != 0) {
                        visitor.pointer(module, at, value);
                    }
                }
            } catch (MissingMemoryException e) {
                lost++;
            }
        }
        return lost;
    }
}
