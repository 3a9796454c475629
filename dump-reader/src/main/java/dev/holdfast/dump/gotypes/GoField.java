package dev.holdfast.dump.gotypes;

/**
 * A field of a struct; immutable.
 *
 * @param name as declared
 * @param offset in bytes from the start of the struct
 * @param embedded whether it is embedded
 * @param reference to its type, see {@link GoTypes#resolve}
 */
public record GoField(String name, long offset, boolean embedded, long reference) {}
