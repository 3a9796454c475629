package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.elf.ElfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The sections of debugging information, unpacked; a section that the program does not have is empty.
 *
 * <p>Go's linker packs them, so they are in memory: for cmd/go (12 MB of packed sections) 40 MB.
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

    static Sections of(ElfFile file) throws IOException {
        return new Sections(
                section(file, ".debug_info"),
                section(file, ".debug_abbrev"),
                section(file, ".debug_str"),
                section(file, ".debug_line_str"),
                section(file, ".debug_str_offsets"),
                section(file, ".debug_addr"),
                section(file, ".debug_loc"),
                section(file, ".debug_loclists"),
                section(file, ".debug_ranges"),
                section(file, ".debug_rnglists"));
    }

    private static ByteBuffer section(ElfFile file, String name) throws IOException {
        return file.contents(name).slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
