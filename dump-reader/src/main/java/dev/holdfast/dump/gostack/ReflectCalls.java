package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;

/**
 * Frames of calls that reflection made: their arguments differ from call to call.
 *
 * <p>{@code reflect.makeFuncStub} and {@code reflect.methodValueCall} keep what they were called for in the lowest word of
 * their frame: {@code fn}, {@code stack *bitvector{n i32, bytes}}, {@code argLen}; three words above it is a byte that says
 * whether the results are there yet. The registers' contents lie at the top of the frame, as {@code abi.RegArgs}.
 */
final class ReflectCalls {
    private static final int WORD = 8;
    private static final int MOST_WORDS = 1 << 20;

    /** Bytes of {@code abi.RegArgs}: integers, floats, pointers, a bit for each. */
    private static final int AMD64_REGISTERS = 272;

    private static final int AMD64_POINTERS_AT = 192;
    private static final int AMD64_POINTERS = 9;
    private static final int ARM64_REGISTERS = 392;
    private static final int ARM64_POINTERS_AT = 256;
    private static final int ARM64_POINTERS = 16;

    private ReflectCalls() {}

    static boolean is(GoFrame frame) {
        String name = frame.function().name();
        return name.equals("reflect.makeFuncStub") || name.equals("reflect.methodValueCall");
    }

    /** Gives the arguments that are pointers. */
    static boolean arguments(MemoryReader reader, GoFrame frame, boolean linkRegister, StackMaps.Words words) {
        if (!is(frame) || !started(frame, linkRegister)) {
            return true;
        }
        try {
            long map = reader.word(context(reader, frame, linkRegister) + WORD);
            long count = argumentWords(reader, frame, linkRegister);
            StackMaps.bits(reader, reader.word(map + WORD), count, frame.argp(), words);
            return true;
        } catch (MissingMemoryException e) {
            return false;
        }
    }

    /** Words of arguments, and of results once they are there. */
    static long argumentWords(MemoryReader reader, GoFrame frame, boolean linkRegister) {
        if (!is(frame) || !started(frame, linkRegister)) {
            return 0;
        }
        try {
            long context = context(reader, frame, linkRegister);
            if (reader.word(context) != frame.function().entry()) {
                return 0;
            }
            long words = reader.i32(reader.word(context + WORD));
            boolean results = reader.u8(first(frame, linkRegister) + 4 * WORD) != 0;
            if (!results) {
                words = Math.min(words, reader.word(context + 2 * WORD) >>> 3);
            }
            return words < 0 || words > MOST_WORDS ? 0 : words;
        } catch (MissingMemoryException e) {
            return 0;
        }
    }

    /** The object on the stack that holds the registers. */
    static StackObject registers(GoFrame frame, boolean linkRegister) {
        int size = linkRegister ? ARM64_REGISTERS : AMD64_REGISTERS;
        int at = linkRegister ? ARM64_POINTERS_AT : AMD64_POINTERS_AT;
        int count = linkRegister ? ARM64_POINTERS : AMD64_POINTERS;
        long start = frame.varp() - size;
        return new StackObject(start, size, frame.index(), 0, StackObject.RANGE, at, at + WORD * count);
    }

    private static boolean started(GoFrame frame, boolean linkRegister) {
        return first(frame, linkRegister) - (linkRegister ? frame.fp() : frame.fp() - WORD) < 0;
    }

    private static long first(GoFrame frame, boolean linkRegister) {
        return frame.sp() + (linkRegister ? WORD : 0);
    }

    private static long context(MemoryReader reader, GoFrame frame, boolean linkRegister) {
        return reader.word(first(frame, linkRegister));
    }
}
