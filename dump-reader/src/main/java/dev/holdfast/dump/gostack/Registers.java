package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryReader;
import java.util.List;

/** Registers of a thread, general ones by their DWARF numbers; immutable. */
final class Registers {
    /** Where {@code user_regs_struct} has the registers of DWARF numbers 0 to 15. */
    private static final int[] AMD64 = {10, 12, 11, 5, 13, 14, 4, 19, 9, 8, 7, 6, 3, 2, 1, 0};

    /** Where {@code gregset_t} has them. */
    private static final int[] AMD64_CONTEXT = {13, 12, 14, 11, 9, 8, 10, 15, 0, 1, 2, 3, 4, 5, 6, 7};

    private static final int AMD64_PC = 16;
    private static final int AMD64_FS_BASE = 21;

    /** Offset of the registers in {@code ucontext_t}. */
    private static final int AMD64_CONTEXT_AT = 40;

    private static final int ARM64_CONTEXT_AT = 184;
    private static final int ARM64_REGISTERS = 31;

    private final Machine machine;
    private final long[] general;
    private final long pc;
    private final long threadBase;

    private Registers(Machine machine, long[] general, long pc, long threadBase) {
        this.machine = machine;
        this.general = general;
        this.pc = pc;
        this.threadBase = threadBase;
    }

    /** Registers as a core dump has them, all 0 where it has too few. */
    static Registers of(Machine machine, List<Long> dumped) {
        if (machine == Machine.AMD64) {
            long[] general = new long[AMD64.length];
            if (dumped.size() <= AMD64_FS_BASE) {
                return new Registers(machine, general, 0, 0);
            }
            for (int i = 0; i < general.length; i++) {
                general[i] = dumped.get(AMD64[i]);
            }
            return new Registers(machine, general, dumped.get(AMD64_PC), dumped.get(AMD64_FS_BASE));
        }
        long[] general = new long[ARM64_REGISTERS + 1];
        if (dumped.size() < general.length + 1) {
            return new Registers(machine, general, 0, 0);
        }
        for (int i = 0; i < general.length; i++) {
            general[i] = dumped.get(i);
        }
        return new Registers(machine, general, dumped.get(general.length), 0);
    }

    /** Registers as the kernel saves them before it runs a signal handler. */
    static Registers ofContext(Machine machine, MemoryReader reader, long context) {
        if (machine == Machine.AMD64) {
            long[] general = new long[AMD64_CONTEXT.length];
            for (int i = 0; i < general.length; i++) {
                general[i] = reader.word(context + AMD64_CONTEXT_AT + 8L * AMD64_CONTEXT[i]);
            }
            return new Registers(machine, general, reader.word(context + AMD64_CONTEXT_AT + 8L * AMD64_PC), 0);
        }
        long[] general = new long[ARM64_REGISTERS + 1];
        for (int i = 0; i < general.length; i++) {
            general[i] = reader.word(context + ARM64_CONTEXT_AT + 8L * i);
        }
        long pc = reader.word(context + ARM64_CONTEXT_AT + 8L * general.length);
        return new Registers(machine, general, pc, 0);
    }

    long pc() {
        return pc;
    }

    long sp() {
        return general[machine == Machine.AMD64 ? 7 : 31];
    }

    /** Where a call returns to on machines that have a register for it, else 0. */
    long link() {
        return machine == Machine.AMD64 ? 0 : general[30];
    }

    /** The register that holds the current {@code g} in Go code. */
    long goroutine() {
        return general[machine == Machine.AMD64 ? 14 : 28];
    }

    /** Base of the thread's own storage, 0 where unknown. */
    long threadBase() {
        return threadBase;
    }

    int count() {
        return general.length;
    }

    long general(int number) {
        return general[number];
    }
}
