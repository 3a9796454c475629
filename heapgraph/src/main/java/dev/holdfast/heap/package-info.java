/** The object graph as primitive columns, and what is computed on it. */
@NullMarked
package dev.holdfast.heap;

import org.jspecify.annotations.NullMarked;
