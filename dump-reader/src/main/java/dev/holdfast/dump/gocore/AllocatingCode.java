package dev.holdfast.dump.gocore;

import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.dump.pclntab.FunctionTable;
import dev.holdfast.dump.pclntab.GoFunction;
import java.util.HashMap;
import java.util.Map;

/**
 * What type the code allocated where the memory profile saw an allocation, for programs that say nothing else of their
 * variables.
 *
 * <p>Calls of {@code runtime.newobject}, {@code makeslice}, {@code growslice} and, since Go 1.27, {@code mallocgc...} are
 * preceded by the loading of the type's address into the register of an argument. Only the last such instruction with no
 * call in between is read, and the type has to fit the slot. For one thread; remembers each record's answer.
 */
final class AllocatingCode {
    /** The runtime's own functions stand above the allocating one: at most these. */
    private static final int FRAMES = 6;

    private static final int LONGEST_GAP = 40;

    /** Since Go 1.20 the type is the fifth argument when a slice grows. */
    private static final int GROWN = 4;

    private static final Site NONE = new Site(0, false);

    private final GoProgram program;
    private final FunctionTable functions;
    private final MemoryReader reader;
    private final Map<Long, Site> known = new HashMap<>();

    /**
     * What is allocated at a place of the code.
     *
     * @param type descriptor of the type, 0 if unknown
     * @param slice whether it is an array of such values
     */
    record Site(long type, boolean slice) {}

    AllocatingCode(GoProgram program, FunctionTable functions) {
        this.program = program;
        this.functions = functions;
        this.reader = program.reader();
    }

    /** What a record of the memory profile allocates. */
    Site of(long bucket) {
        return known.computeIfAbsent(bucket, this::read);
    }

    private Site read(long bucket) {
        StructLayout layout = program.layout().struct("runtime.bucket");
        try {
            long frames = Math.min(FRAMES, reader.word(bucket + layout.offset("nstk")));
            for (long i = 0; i < frames; i++) {
                Site site = before(reader.word(bucket + layout.size() + 8 * i));
                if (site.type != 0) {
                    return site;
                }
            }
        } catch (MissingMemoryException e) {
            return NONE;
        }
        return NONE;
    }

    /** The type that the call before a return address allocates. */
    private Site before(long pc) {
        boolean amd64 = program.executable().machine() == Machine.AMD64;
        long call = pc - (amd64 ? 5 : 4);
        long target;
        if (amd64) {
            target = reader.u8(call) == 0xe8 ? pc + reader.i32(call + 1) : 0;
        } else {
            int word = reader.i32(call);
            target = (word & 0xfc000000) == 0x94000000 ? call + ((long) (word << 6) >> 4) : 0;
        }
        GoFunction callee = target == 0 ? null : functions.function(target);
        if (callee == null || callee.entry() != target) {
            return NONE;
        }
        String name = callee.name();
        boolean slice = name.equals("runtime.growslice") || name.startsWith("runtime.makeslice");
        int argument = -1;
        if (name.equals("runtime.newobject") || slice) {
            argument = name.equals("runtime.growslice") && program.version().atLeast(20) ? GROWN : 0;
        } else if (name.startsWith("runtime.mallocgc")) {
            argument = 1;
        }
        return argument < 0 ? NONE : new Site(amd64 ? amd64(call, argument) : arm64(call, argument), slice);
    }

    /**
     * {@code LEA type, register} and then what else the call needs: the last such instruction before it. That its operand
     * is one of the program's types is what tells it from bytes that only look like it.
     */
    private long amd64(long call, int argument) {
        int modrm = argument == 0 ? 0x05 : argument == 1 ? 0x1d : 0x35; // RAX, RBX, RSI
        for (long lea = call - 7; lea >= call - 7 - LONGEST_GAP; lea--) {
            if (reader.u8(lea) == 0xe8 && functions.function(lea + 5 + reader.i32(lea + 1)) != null) {
                return 0; // another call
            }
            if (reader.u8(lea) == 0x48 && reader.u8(lea + 1) == 0x8d && reader.u8(lea + 2) == modrm) {
                long type = lea + 7 + reader.i32(lea + 3);
                return isType(type) ? type : 0;
            }
        }
        return 0;
    }

    /** {@code ADRP} and {@code ADD} into the register, then what else the call needs, but no branch. */
    private long arm64(long call, int argument) {
        for (long add = call - 4; add >= call - 4 - LONGEST_GAP; add -= 4) {
            int word = reader.i32(add);
            int page = reader.i32(add - 4);
            boolean pair = (word & 0xffc00000) == 0x91000000
                    && (word & 31) == argument
                    && (word >>> 5 & 31) == argument
                    && (page & 0x9f000000) == 0x90000000
                    && (page & 31) == argument;
            if (pair) {
                long distance = (long) (page << 8 >> 13) << 2 | page >>> 29 & 3;
                long type = (add - 4 & ~0xfffL) + (distance << 12) + (word >>> 10 & 0xfff);
                return isType(type) ? type : 0;
            }
            if ((word & 0x1c000000) == 0x14000000) { // branches and calls
                return 0;
            }
        }
        return 0;
    }

    private boolean isType(long address) {
        return program.modules().stream()
                .anyMatch(module -> Long.compareUnsigned(address, module.types()) >= 0
                        && Long.compareUnsigned(address, module.endTypes()) < 0);
    }
}
