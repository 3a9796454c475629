/** Dump builders, oracles and decoders for tests. */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
