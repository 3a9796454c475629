/** Reads HPROF heap dumps. */
@NullMarked
package dev.holdfast.dump.hprof;

import org.jspecify.annotations.NullMarked;
