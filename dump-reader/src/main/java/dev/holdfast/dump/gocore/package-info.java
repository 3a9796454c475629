/** Core dumps of Go programs: joins what the runtime's structures, the types and the stacks say into one dump. */
@NullMarked
package dev.holdfast.dump.gocore;

import org.jspecify.annotations.NullMarked;
