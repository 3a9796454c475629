package dev.holdfast.dump;

/**
 * A field as its class declares it.
 *
 * @param name as in the source
 * @param type what it holds
 */
public record DumpField(String name, ValueType type) {}
