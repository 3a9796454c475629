package dev.holdfast.dump.dwarf;

/**
 * A package variable.
 *
 * @param name with its full package path, such as {@code net/http.DefaultClient}
 * @param address as linked: a position-independent program adds its bias
 * @param type offset of its type
 */
public record DwarfVariable(String name, long address, long type) {}
