package dev.holdfast.roots;

import org.jspecify.annotations.Nullable;

/**
 * An object on a path from a root.
 *
 * @param object its node
 * @param via the reference by which the object before it leads here; null for the first
 */
public record PathStep(int object, @Nullable String via) {}
