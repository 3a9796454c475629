/** Debugging information in DWARF 4 and 5 as Go's compiler writes it: types, variables, functions, constants. */
@NullMarked
package dev.holdfast.dump.dwarf;

import org.jspecify.annotations.NullMarked;
