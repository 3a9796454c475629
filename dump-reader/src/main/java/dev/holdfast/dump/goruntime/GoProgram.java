package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.elf.CoreFile;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.elf.MemoryImage;
import dev.holdfast.dump.elf.MemoryReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dumped Go program: its memory, its executable, and how to read the runtime's structures in it; immutable.
 *
 * @param core the core dump with registers and notes
 * @param executable the program
 * @param memory the process's memory
 * @param bias what a position-independent program's addresses are moved by, else 0
 * @param version release of Go
 * @param dwarf debugging information, or null
 * @param layout of the runtime
 * @param modules the program itself, then plugins
 * @param warnings what could not be taken at face value
 */
public record GoProgram(
        CoreFile core,
        ElfFile executable,
        MemoryImage memory,
        long bias,
        GoVersion version,
        @Nullable Dwarf dwarf,
        RuntimeLayout layout,
        List<ModuleData> modules,
        Warnings warnings) {

    /** A reader of its memory, for one thread. */
    public MemoryReader reader() {
        return memory.reader();
    }
}
