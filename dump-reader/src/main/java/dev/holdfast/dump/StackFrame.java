package dev.holdfast.dump;

import org.jspecify.annotations.Nullable;

/**
 * A frame of a call stack.
 *
 * @param function class and method, such as {@code java.lang.Thread.run}
 * @param file source file, or null
 * @param line source line, or 0 where unknown
 * @param nativeCode whether it runs native code
 */
public record StackFrame(String function, @Nullable String file, int line, boolean nativeCode) {}
