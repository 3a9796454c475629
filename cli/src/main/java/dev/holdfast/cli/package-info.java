/** The command line; the only place that prints. */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
