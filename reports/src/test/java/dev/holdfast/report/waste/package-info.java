/** Tests of the census of waste. */
@NullMarked
package dev.holdfast.report.waste;

import org.jspecify.annotations.NullMarked;
