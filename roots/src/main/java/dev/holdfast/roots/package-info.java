/** Naming and grouping of roots, paths and suspects. */
@NullMarked
package dev.holdfast.roots;

import org.jspecify.annotations.NullMarked;
