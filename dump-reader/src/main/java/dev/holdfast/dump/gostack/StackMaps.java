package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.pclntab.FunctionTable;
import dev.holdfast.dump.pclntab.GoFunction;

/** Which words of a frame hold pointers, by the maps that the compiler made for each call. For one thread. */
final class StackMaps {
    /** Words of the largest frame that the compiler allows (a quarter of a gigabyte). */
    private static final int MOST_BITS = 1 << 25;

    private static final int WORD = 8;

    private final FunctionTable functions;
    private final MemoryReader reader;
    private final boolean linkRegister;

    /** Takes the words of a frame. */
    interface Words {
        /** A word that the map marks, at this address. */
        void word(long address);
    }

    StackMaps(FunctionTable functions, MemoryReader reader, boolean linkRegister) {
        this.functions = functions;
        this.reader = reader;
        this.linkRegister = linkRegister;
    }

    /**
     * The words that are pointers among local variables and arguments.
     *
     * @return whether the maps were there that had to be
     */
    boolean pointers(GoFrame frame, Words words) {
        if (frame.continpc() == 0) {
            return true;
        }
        GoFunction function = frame.function();
        int index = -1;
        if (frame.continpc() != function.entry()) {
            index = functions.pcData(function, FunctionTable.STACK_MAP_INDEX, frame.continpc() - 1);
        }
        // In the prologue there is no index: the first map is that of the entry.
        index = Math.max(index, 0);
        boolean whole = true;
        if (frame.varp() - frame.sp() > (linkRegister ? 2 * WORD : 0)) {
            whole = map(functions.functionData(function, FunctionTable.LOCAL_MAPS), index, frame.varp(), true, words);
        }
        int args = function.args();
        if (args == GoFunction.UNKNOWN_ARGUMENTS) {
            return whole && ReflectCalls.arguments(reader, frame, linkRegister, words);
        }
        if (args > 0) {
            whole &= map(
                    functions.functionData(function, FunctionTable.ARGUMENT_MAPS), index, frame.argp(), false, words);
        }
        return whole;
    }

    /** Bytes of arguments and results on the stack. */
    long argumentBytes(GoFrame frame) {
        int args = frame.function().args();
        return args == GoFunction.UNKNOWN_ARGUMENTS
                ? WORD * ReflectCalls.argumentWords(reader, frame, linkRegister)
                : Math.max(args, 0);
    }

    private boolean map(long table, int index, long base, boolean below, Words words) {
        if (table == 0) {
            return false;
        }
        try {
            int maps = reader.i32(table);
            int bits = reader.i32(table + 4);
            if (maps <= 0 || bits < 0 || bits > MOST_BITS) {
                return false;
            }
            if (bits == 0) {
                return true;
            }
            if (index >= maps) {
                return false;
            }
            long start = below ? base - (long) WORD * bits : base;
            bits(reader, table + 8 + (long) index * ((bits + 7) / 8), bits, start, words);
            return true;
        } catch (MissingMemoryException e) {
            return false;
        }
    }

    /** Gives the words whose bits are set. */
    static void bits(MemoryReader reader, long mask, long bits, long start, Words words) {
        for (long i = 0; i < bits; i += 8) {
            int b = reader.u8(mask + (i >>> 3));
            for (int k = 0; b != 0 && i + k < bits; k++, b >>>= 1) {
                if ((b & 1) != 0) {
                    words.word(start + WORD * (i + k));
                }
            }
        }
    }
}
