/** Go's table of functions: names, source lines, inlined calls, frame sizes and stack maps by program counter. */
@NullMarked
package dev.holdfast.dump.pclntab;

import org.jspecify.annotations.NullMarked;
