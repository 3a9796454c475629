package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import java.util.BitSet;

/**
 * Runs the collector's little language for the pointer bits of large types (up to Go 1.23).
 *
 * <p>A byte {@code 0nnnnnnn} is followed by n bits, 0 ends the program; {@code 1nnnnnnn} repeats the last n bits, as often as
 * the number says that follows; n = 0 there means that n is a number that follows too.
 */
final class PointerProgram {
    private PointerProgram() {}

    /**
     * The bits that a program makes.
     *
     * @param program its address, where its length stands
     * @param limit no more bits than this
     */
    static BitSet run(MemoryReader reader, long program, int limit) {
        BitSet bits = new BitSet();
        long at = program + 4;
        int made = 0;
        while (made < limit) {
            int instruction = reader.u8(at++);
            int n = instruction & 0x7f;
            if (instruction < 0x80) {
                if (n == 0) {
                    break;
                }
                for (int i = 0; i < n && made < limit; i++) {
                    bits.set(made++, (reader.u8(at + (i >>> 3)) >>> (i & 7) & 1) != 0);
                }
                at += (n + 7) >>> 3;
                continue;
            }
            long length = n;
            if (n == 0) {
                length = number(reader, at);
                at += digits(reader, at);
            }
            long times = number(reader, at);
            at += digits(reader, at);
            if (length <= 0 || length > made) {
                break;
            }
            long end = Math.min(limit, made + Math.min(limit, times) * length);
            for (; made < end; made++) {
                bits.set(made, bits.get(made - (int) length));
            }
        }
        return bits;
    }

    private static long number(MemoryReader reader, long at) {
        long value = 0;
        for (int i = 0; i < 5; i++) {
            int b = reader.u8(at + i);
            value |= (b & 0x7fL) << 7 * i;
            if (b < 0x80) {
                break;
            }
        }
        return value;
    }

    private static int digits(MemoryReader reader, long at) {
        int n = 1;
        while (n < 5 && reader.u8(at + n - 1) >= 0x80) {
            n++;
        }
        return n;
    }
}
