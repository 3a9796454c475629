/** What the Go runtime keeps in memory: where its structures lie, spans and their heap bits, goroutines, its own records. */
@NullMarked
package dev.holdfast.dump.goruntime;

import org.jspecify.annotations.NullMarked;
