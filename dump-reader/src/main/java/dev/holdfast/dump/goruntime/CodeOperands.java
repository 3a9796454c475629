package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryReader;
import java.util.Set;
import java.util.TreeSet;

/**
 * Addresses that the code of a function refers to.
 *
 * <p>No disassembler: it looks for the forms in which Go's compiler refers to variables, at every byte of amd64 code, so it
 * may find addresses that are none. Whoever asks must check what lies there.
 */
final class CodeOperands {
    /** Longest function that is looked at; the runtime's are below 16 KiB. */
    private static final int LONGEST = 1 << 16;

    private final MemoryReader reader;
    private final Machine machine;

    CodeOperands(MemoryReader reader, Machine machine) {
        this.reader = reader;
        this.machine = machine;
    }

    /** All addresses that the code in a range refers to. */
    Set<Long> in(long entry, long end) {
        Set<Long> found = new TreeSet<>(Long::compareUnsigned);
        int length = (int) Math.max(0, Math.min(end - entry, LONGEST));
        if (!reader.readable(entry, length)) {
            return found;
        }
        byte[] code = reader.bytes(entry, length);
        if (machine == Machine.AMD64) {
            amd64(code, entry, found);
        } else {
            arm64(code, entry, found);
        }
        return found;
    }

    /**
     * An operand relative to the program counter has a ModRM byte of mode 0 and register 5, then 4 bytes of distance from
     * the end of the instruction (Intel SDM vol. 2, 2.2.1.6): behind them there may be a constant of 1, 2 or 4 bytes,
     * which depends on the opcode before.
     */
    private static void amd64(byte[] code, long entry, Set<Long> found) {
        for (int i = 1; i + 5 <= code.length; i++) {
            if ((code[i] & 0xc7) != 0x05) {
                continue;
            }
            int opcode = code[i - 1] & 0xff;
            boolean two = i >= 2 && code[i - 2] == 0x0f;
            boolean word = i >= 2 && code[i - 2] == 0x66 || i >= 3 && code[i - 3] == 0x66;
            int constant = constant(opcode, two, word, code[i] >> 3 & 7);
            if (constant >= 0) {
                found.add(entry + i + 5 + constant + int32(code, i + 1));
            }
        }
    }

    /** Bytes of the constant behind an operand in memory, or -1 for an opcode that is not looked for. */
    private static int constant(int opcode, boolean two, boolean word, int extension) {
        if (two) {
            switch (opcode) {
                case 0xba: // bt and others by a constant
                    return 1;
                case 0x10: // movups, movss, movsd
                case 0x11:
                case 0x28:
                case 0x29:
                case 0x2e: // ucomisd
                case 0x2f:
                case 0x58: // addsd to divsd
                case 0x59:
                case 0x5c:
                case 0x5e:
                case 0x6f: // movdqu
                case 0x7f:
                case 0xaf: // imul
                case 0xb0: // cmpxchg
                case 0xb1:
                case 0xb6: // movzx, movsx
                case 0xb7:
                case 0xbe:
                case 0xbf:
                case 0xc0: // xadd
                case 0xc1:
                    return 0;
                default:
                    return -1;
            }
        }
        switch (opcode) {
            case 0x80: // arithmetic and cmp with a constant
            case 0x83:
            case 0xc6: // mov of a constant
            case 0x6b: // imul
            case 0xc1: // shifts
                return 1;
            case 0x81:
            case 0xc7:
            case 0x69:
                return word ? 2 : 4;
            case 0xf6: // test has a constant, not and neg do not
                return extension <= 1 ? 1 : 0;
            case 0xf7:
                return extension > 1 ? 0 : word ? 2 : 4;
            case 0x63: // movsxd
            case 0x84: // test
            case 0x85:
            case 0x86: // xchg
            case 0x87:
            case 0x88: // mov
            case 0x89:
            case 0x8a:
            case 0x8b:
            case 0x8d: // lea
            case 0xfe: // inc, dec
            case 0xff:
                return 0;
            default:
                // add, or, adc, sbb, and, sub, xor, cmp between memory and a register
                return opcode < 0x40 && (opcode & 7) < 4 ? 0 : -1;
        }
    }

    private static int int32(byte[] code, int at) {
        return code[at] & 0xff | (code[at + 1] & 0xff) << 8 | (code[at + 2] & 0xff) << 16 | code[at + 3] << 24;
    }

    /**
     * ADRP gives the page, an ADD or a load or store the rest (Arm ARM C6.2.10, C6.2.4, C4.1). Go's compiler puts the
     * second right behind the first.
     */
    private static void arm64(byte[] code, long entry, Set<Long> found) {
        long[] pages = new long[32];
        int[] since = new int[32];
        for (int i = 0; i + 4 <= code.length; i += 4) {
            int word = int32(code, i);
            if ((word & 0x9f000000) == 0x90000000) {
                long distance = (long) (word << 8 >> 13) << 2 | word >>> 29 & 3;
                pages[word & 31] = (entry + i & ~0xfffL) + (distance << 12);
                since[word & 31] = i + 4;
                continue;
            }
            int base = word >>> 5 & 31;
            if (since[base] == 0 || i + 4 - since[base] > 32) {
                continue;
            }
            int number = word >>> 10 & 0xfff;
            if ((word & 0xffc00000) == 0x91000000) { // ADD of 64 bits with an unshifted constant
                found.add(pages[base] + number);
            } else if ((word & 0x3b000000) == 0x39000000) { // load or store with an unsigned offset
                int scale = word >>> 30;
                if ((word & 0x04000000) != 0 && (word & 0x00800000) != 0) {
                    scale = 4; // 128-bit register
                }
                found.add(pages[base] + ((long) number << scale));
            }
            if ((word & 31) == base) {
                since[base] = 0;
            }
        }
    }
}
