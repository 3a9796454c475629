/** The census of wasted memory. */
@NullMarked
package dev.holdfast.report.waste;

import org.jspecify.annotations.NullMarked;
