package dev.holdfast.heap;

/**
 * An edge of a {@link TypeGraph}.
 *
 * @param source the type whose objects refer
 * @param target the type of what they refer to
 * @param references how many references there are
 */
public record TypeEdge(HeapType source, HeapType target, long references) {}
