/** Go heap dumps as {@code runtime/debug.WriteHeapDump} writes them. */
@NullMarked
package dev.holdfast.dump.goheapdump;

import org.jspecify.annotations.NullMarked;
