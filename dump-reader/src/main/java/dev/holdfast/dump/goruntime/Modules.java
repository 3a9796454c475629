package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.pclntab.CodeModule;
import java.util.ArrayList;
import java.util.List;

/** Reads the runtime's records of modules. */
final class Modules {
    /** A program has one module and one for each plugin. */
    private static final int MOST = 1024;

    private final MemoryReader reader;
    private final StructLayout layout;

    Modules(MemoryReader reader, StructLayout layout) {
        this.reader = reader;
        this.layout = layout;
    }

    /** All modules from the first on, those that were refused when loaded left out. */
    List<ModuleData> from(long first) {
        List<ModuleData> modules = new ArrayList<>();
        long at = first;
        for (int i = 0; i < MOST && at != 0; i++) {
            if (reader.u8(at + layout.offset("bad")) == 0) {
                modules.add(read(at));
            }
            at = word(at, "next");
        }
        return modules;
    }

    private ModuleData read(long at) {
        boolean links = layout.has("typelinks");
        return new ModuleData(
                at,
                code(at),
                word(at, "data"),
                word(at, "edata"),
                word(at, "bss"),
                word(at, "ebss"),
                word(at, "types"),
                word(at, "etypes"),
                reader.word(at + layout.offset("gcdatamask.bytedata")),
                reader.i32(at + layout.offset("gcdatamask.n")),
                reader.word(at + layout.offset("gcbssmask.bytedata")),
                reader.i32(at + layout.offset("gcbssmask.n")),
                links ? word(at, "typelinks") : 0,
                links ? count(word(at, "typelinks", 8)) : 0);
    }

    private CodeModule code(long at) {
        return new CodeModule(
                word(at, "pcHeader"),
                word(at, "funcnametab"),
                word(at, "cutab"),
                word(at, "filetab"),
                word(at, "pctab"),
                word(at, "pclntable"),
                word(at, "ftab"),
                count(word(at, "ftab", 8) - 1),
                word(at, "text"),
                word(at, "etext"),
                layout.has("gofunc") ? word(at, "gofunc") : 0,
                layout.has("rodata") ? word(at, "rodata") : word(at, "types"));
    }

    private static int count(long length) {
        return (int) Math.max(0, Math.min(length, Integer.MAX_VALUE));
    }

    private long word(long at, String field) {
        return reader.word(at + layout.offset(field));
    }

    private long word(long at, String field, int further) {
        return reader.word(at + layout.offset(field) + further);
    }
}
