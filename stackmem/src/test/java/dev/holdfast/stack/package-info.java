@NullMarked
package dev.holdfast.stack;

import org.jspecify.annotations.NullMarked;
