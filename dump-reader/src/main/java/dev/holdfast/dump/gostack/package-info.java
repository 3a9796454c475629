/** Goroutines of a dumped Go program, their stacks unwound, and what the collector would scan in them. */
@NullMarked
package dev.holdfast.dump.gostack;

import org.jspecify.annotations.NullMarked;
