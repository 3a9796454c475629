package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.util.function.LongConsumer;

/** Recognises calls in machine code; for one thread. */
final class CallInstructions {
    /** No call. */
    static final long NONE = -1;

    /** A call of what a register or memory says. */
    static final long INDIRECT = 0;

    private final MemoryReader reader;
    private final boolean arm64;

    CallInstructions(MemoryReader reader, Machine machine) {
        this.reader = reader;
        arm64 = machine == Machine.ARM64;
    }

    /**
     * Where the call leads behind which an address lies, or {@link #INDIRECT}, or {@link #NONE} if there is no call before it.
     *
     * @param entry of the function: code before it is another's
     */
    long target(long returnAddress, long entry) {
        try {
            return arm64 ? arm64(returnAddress, entry) : amd64(returnAddress, entry);
        } catch (MissingMemoryException e) {
            return NONE;
        }
    }

    /** BL has 26 bits of distance in words, BLR a register (Arm ARM C6.2.34, C6.2.35). */
    private long arm64(long at, long entry) {
        if ((at & 3) != 0 || at - 4 - entry < 0) {
            return NONE;
        }
        int word = reader.i32(at - 4);
        if ((word & 0xfc000000) == 0x94000000) {
            return at - 4 + ((long) (word << 6 >> 6) << 2);
        }
        return (word & 0xfffffc1f) == 0xd63f0000 ? INDIRECT : NONE;
    }

    /** E8 with a distance of 4 bytes, or FF /2 (Intel SDM vol. 2A, CALL). */
    private long amd64(long at, long entry) {
        if (at - 5 - entry >= 0 && reader.u8(at - 5) == 0xe8) {
            return at + reader.i32(at - 4);
        }
        for (int length = 2; length <= 7 && at - length - entry >= 0; length++) {
            if (reader.u8(at - length) == 0xff && length == indirectLength(reader.u8(at - length + 1), at - length)) {
                return INDIRECT;
            }
        }
        return NONE;
    }

    /** Length of FF with that ModRM byte if it is a near call, without prefixes; else 0 (SDM vol. 2A, tables 2-2, 2-3). */
    private int indirectLength(int modrm, long at) {
        if ((modrm >> 3 & 7) != 2) {
            return 0;
        }
        int mode = modrm >> 6;
        int register = modrm & 7;
        if (mode == 3) {
            return 2;
        }
        int length = register == 4 ? 3 : 2;
        switch (mode) {
            case 1:
                return length + 1;
            case 2:
                return length + 4;
            default:
                boolean far = register == 5 || register == 4 && (reader.u8(at + 2) & 7) == 5;
                return far ? length + 4 : length;
        }
    }

    /**
     * Where the code of a function may call to: addresses, and {@link #INDIRECT} if it calls through a register.
     *
     * <p>On amd64 it looks at every byte, so it also finds what is no call but a part of another instruction.
     *
     * @param code from the function's entry on
     * @param found takes each
     */
    void targets(byte[] code, long entry, LongConsumer found) {
        for (int i = 0; i + 4 <= code.length; i += arm64 ? 4 : 1) {
            int word = int32(code, i);
            if (arm64) {
                if ((word & 0xfc000000) == 0x94000000) {
                    found.accept(entry + i + ((long) (word << 6 >> 6) << 2));
                } else if ((word & 0xfffffc1f) == 0xd63f0000) {
                    found.accept(INDIRECT);
                }
            } else if ((word & 0xff) == 0xe8 && i + 5 <= code.length) {
                found.accept(entry + i + 5 + int32(code, i + 1));
            } else if ((word & 0xf8ff) == 0xd0ff) {
                // Go's compiler has no other form than that of a register.
                found.accept(INDIRECT);
            }
        }
    }

    private static int int32(byte[] code, int at) {
        return code[at] & 0xff | (code[at + 1] & 0xff) << 8 | (code[at + 2] & 0xff) << 16 | code[at + 3] << 24;
    }
}
