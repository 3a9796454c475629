package dev.holdfast.roots;

/**
 * Roots of one name.
 *
 * @param root their name
 * @param objects how many objects they hold directly; a root object holds itself
 * @param retainedBytes of a holder its retained size, of root objects the sum of theirs
 */
public record RootGroup(RootName root, long objects, long retainedBytes) {}
