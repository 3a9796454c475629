package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.elf.ElfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The sections of debugging information, unpacked; a section that the program does not have is empty.
 *
 * <p>Go's linker packs them, so they are in memory: 9 MB for cmd/go with its 15 000
 * functions, about 100 MB for the largest servers.
 */
record Sections(
        ByteBuffer info,
        ByteBuffer abbrev,
        ByteBuffer str,
        ByteBuffer lineStr,
        ByteBuffer strOffsets,
        ByteBuffer addr,
        ByteBuffer loc,
        ByteBuffer loclists,
        ByteBuffer ranges,
        ByteBuffer rnglists) {

    /** Those of a program; one that cannot be unpacked counts as absent. */
    static Sections of(ElfFile file, Warnings warnings) throws IOException {
        return new Sections(
                section(file, warnings, ".debug_info"),
                section(file, warnings, ".debug_abbrev"),
                section(file, warnings, ".debug_str"),
                section(file, warnings, ".debug_line_str"),
                section(file, warnings, ".debug_str_offsets"),
                section(file, warnings, ".debug_addr"),
                section(file, warnings, ".debug_loc"),
                section(file, warnings, ".debug_loclists"),
                section(file, warnings, ".debug_ranges"),
                section(file, warnings, ".debug_rnglists"));
    }

    private static ByteBuffer section(ElfFile file, Warnings warnings, String name) throws IOException {
        try {
            return file.contents(name).slice().order(ByteOrder.LITTLE_ENDIAN);
        } catch (DumpFormatException e) {
            warnings.loss(Dwarf.DAMAGED, 0, String.valueOf(e.getMessage()), 1);
            return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
