package dev.holdfast.dump.pclntab;

import org.jspecify.annotations.Nullable;

/**
 * A place in the source: where a function stands, or where it calls the place before.
 *
 * @param function as Go prints it, such as {@code net/http.(*conn).serve}, type arguments as {@code [...]}
 * @param symbol the function's name as the table has it, since Go 1.21 with type arguments, as profiles have it
 * @param file as the compiler was given it, or null
 * @param line in the file, or 0 where unknown
 * @param startLine line of the function itself, or 0 where unknown (before Go 1.20)
 * @param inlined whether the function was inlined into the place that follows
 * @param wrapper whether the compiler made the function, so that the runtime leaves it out of call stacks
 * @param pc the program counter that the file and line were looked up for, within the call
 */
public record CodePlace(
        String function,
        String symbol,
        @Nullable String file,
        int line,
        int startLine,
        boolean inlined,
        boolean wrapper,
        long pc) {}
