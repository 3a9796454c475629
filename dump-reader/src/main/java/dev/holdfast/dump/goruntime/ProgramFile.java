package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.elf.MemoryImage;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.io.IOException;
import java.util.List;

/**
 * What a Go program's file says without a core; immutable.
 *
 * @param memory its memory before it starts
 * @param layout of the runtime in it
 * @param functions all of its functions; none where the table cannot be read
 */
public record ProgramFile(MemoryImage memory, RuntimeLayout layout, FunctionTable functions) {
    /**
     * Reads a program's file.
     *
     * @param bias what its addresses are moved by
     */
    public static ProgramFile of(ElfFile executable, Dwarf dwarf, long bias) throws IOException {
        MemoryImage memory = MemoryImage.ofProgram(executable, bias);
        RuntimeLayout layout = new DwarfLayout(dwarf, executable, bias);
        List<ModuleData> modules;
        try {
            modules = new Modules(memory.reader(), layout.struct("runtime.moduledata"))
                    .from(layout.address("runtime.firstmoduledata"));
        } catch (MissingMemoryException | UnknownLayoutException e) {
            modules = List.of();
        }
        FunctionTable functions =
                new FunctionTable(modules.stream().map(ModuleData::code).toList(), memory.reader());
        return new ProgramFile(memory, layout, functions);
    }
}
