/** Go's types from run-time descriptors and debugging information as one model, and which object is of which type. */
@NullMarked
package dev.holdfast.dump.gotypes;

import org.jspecify.annotations.NullMarked;
