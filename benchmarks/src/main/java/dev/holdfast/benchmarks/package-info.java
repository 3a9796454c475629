/** JMH benchmarks of the kernels, and the programs that make the large dumps; not published. */
@NullMarked
package dev.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
