package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.elf.MemoryReader;

/**
 * Finds the runtime's record of the program's own module where no symbol names it.
 *
 * <p>Its first word is the address of the table of functions, which has a magic number; what follows must agree with that
 * and with itself, so nothing else passes for it.
 */
final class ModuleSearch {
    /** Go 1.18, Go 1.20 (debug/gosym, pclntab). */
    private static final int MAGIC_118 = 0xfffffff0;

    private static final int MAGIC_120 = 0xfffffff1;

    private static final long LARGEST_SECTION = 1L << 40;

    private final ElfFile executable;
    private final MemoryReader reader;
    private final long bias;
    private final StructLayout layout;

    ModuleSearch(ElfFile executable, MemoryReader reader, long bias, StructLayout layout) {
        this.executable = executable;
        this.reader = reader;
        this.bias = bias;
        this.layout = layout;
    }

    /** Address of {@code runtime.firstmoduledata} in the process, or 0. */
    long find() {
        ElfFile.Section section = executable.section(".go.module"); // since Go 1.26
        if (section != null && isModule(section.address() + bias)) {
            return section.address() + bias;
        }
        for (ElfFile.Segment segment : executable.segments()) {
            if (segment.type() == ElfFile.SEGMENT_LOAD && segment.writable()) {
                long start = segment.address() + bias + 7 & ~7L;
                long end = start + Math.min(segment.fileSize(), executable.size()) - layout.size();
                for (long at = start; at < end; at += 8) {
                    if (isModule(at)) {
                        return at;
                    }
                }
            }
        }
        return 0;
    }

    private boolean isModule(long at) {
        if (!reader.readable(at, layout.size())) {
            return false;
        }
        long table = reader.word(at + layout.offset("pcHeader"));
        if (table == 0 || (table & 7) != 0 || !reader.readable(table, 8)) {
            return false;
        }
        int magic = reader.i32(table);
        int quantum = executable.machine() == ElfFile.Machine.AMD64 ? 1 : 4;
        return (magic == MAGIC_118 || magic == MAGIC_120)
                && reader.u8(table + 6) == quantum
                && reader.u8(table + 7) == 8
                && slice(at, "funcnametab")
                && slice(at, "pctab")
                && slice(at, "ftab")
                && ascends(at, "text", "minpc")
                && ascends(at, "minpc", "maxpc")
                && ascends(at, "maxpc", "etext")
                && ascends(at, "data", "edata")
                && ascends(at, "bss", "ebss")
                && ascends(at, "types", "etypes");
    }

    private boolean slice(long at, String field) {
        long length = reader.word(at + layout.offset(field) + 8);
        return reader.word(at + layout.offset(field)) != 0
                && length > 0
                && length < LARGEST_SECTION
                && length == reader.word(at + layout.offset(field) + 16);
    }

    private boolean ascends(long at, String low, String high) {
        long from = reader.word(at + layout.offset(low));
        return from != 0 && Long.compareUnsigned(from, reader.word(at + layout.offset(high))) <= 0;
    }
}
