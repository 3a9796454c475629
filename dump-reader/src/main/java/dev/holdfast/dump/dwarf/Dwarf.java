package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.elf.ElfFile;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The debugging information of a program; entries are read when asked for. Thread-safe. */
public final class Dwarf {
    /** Reads the index of a program's debugging information, or null if it has none. */
    public static @Nullable Dwarf open(ElfFile executable, Warnings warnings) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The type whose entry lies at an offset. */
    public DwarfType type(long offset) {
        throw new UnsupportedOperationException();
    }

    /** Offset of the first type of that name, or -1. */
    public long typeNamed(String name) {
        throw new UnsupportedOperationException();
    }

    /** Offset of the type that has this run-time descriptor (see {@link DwarfType#goRuntimeType}), or -1. */
    public long typeOfDescriptor(long goRuntimeType) {
        throw new UnsupportedOperationException();
    }

    /** All package variables. */
    public List<DwarfVariable> globals() {
        throw new UnsupportedOperationException();
    }

    /** The package variable of that name, or null. */
    public @Nullable DwarfVariable global(String name) {
        throw new UnsupportedOperationException();
    }

    /** A constant by name. */
    public OptionalLong constant(String name) {
        throw new UnsupportedOperationException();
    }

    /** The function that contains a program counter as linked, with its variables, or null. */
    public @Nullable DwarfFunction function(long pc) {
        throw new UnsupportedOperationException();
    }
}
