/** Bytes of a dump by position, whatever wraps them, and what passes over them share: workers, damage, growing columns. */
@NullMarked
package dev.holdfast.dump.io;

import org.jspecify.annotations.NullMarked;
