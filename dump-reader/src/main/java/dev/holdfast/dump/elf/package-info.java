/** ELF files: executables, core dumps, and the memory of a process put together from both. */
@NullMarked
package dev.holdfast.dump.elf;

import org.jspecify.annotations.NullMarked;
