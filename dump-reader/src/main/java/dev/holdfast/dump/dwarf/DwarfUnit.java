package dev.holdfast.dump.dwarf;

/**
 * A unit of Go code: a package, or its assembler files.
 *
 * @param name path of the package; a package's assembler files have a unit of the same name
 * @param producer compiler with version and flags, such as {@code Go cmd/compile go1.26.1; -N -l regabi}
 */
public record DwarfUnit(String name, String producer) {}
