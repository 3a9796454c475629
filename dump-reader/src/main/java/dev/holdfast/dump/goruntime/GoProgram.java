package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.elf.CoreFile;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.elf.MemoryImage;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dumped Go program: its memory, its executable, and how to read the runtime's structures in it; immutable.
 *
 * @param file the core dump
 * @param core its registers and notes
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
        ElfFile file,
        CoreFile core,
        ElfFile executable,
        MemoryImage memory,
        long bias,
        GoVersion version,
        @Nullable Dwarf dwarf,
        RuntimeLayout layout,
        List<ModuleData> modules,
        Warnings warnings)
        implements Closeable {

    /**
     * Opens a core dump with its program.
     *
     * @param options may name the program, else the core has to lead to it
     * @throws DumpFormatException if it is no core of a Go program, the program is missing or another one,
     *     or the release of Go is too old
     */
    public static GoProgram open(Path core, DumpOptions options, Warnings warnings) throws IOException {
        return ProgramOpening.open(core, options, warnings);
    }

    /**
     * The same program read again after the mapped files were changed: only what the memory does not say is kept, as are the
     * files and their debugging information. For tests that change some words thousands of times.
     *
     * @throws DumpFormatException if the runtime's records can no longer be read
     */
    public GoProgram again(Warnings other) throws DumpFormatException {
        return ProgramOpening.again(this, other);
    }

    /** A reader of its memory, for one thread. */
    public MemoryReader reader() {
        return memory.reader();
    }

    /** Its functions; a new table each time, which remembers what it was asked. */
    public FunctionTable functions() {
        return new FunctionTable(modules.stream().map(ModuleData::code).toList(), reader());
    }

    @Override
    public void close() throws IOException {
        try (file) {
            executable.close();
        }
    }
}
