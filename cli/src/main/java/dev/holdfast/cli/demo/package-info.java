/** The program with a leak that {@code holdfast demo} dumps. */
@NullMarked
package dev.holdfast.cli.demo;

import org.jspecify.annotations.NullMarked;
