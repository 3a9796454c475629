package dev.holdfast.dump;

/**
 * One line of a runtime's memory accounting.
 *
 * @param name the runtime's name, such as {@code /memory/classes/heap/objects:bytes}
 * @param bytes how much
 */
public record MemoryClass(String name, long bytes) {}
