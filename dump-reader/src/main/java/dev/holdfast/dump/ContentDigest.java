package dev.holdfast.dump;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A number that stands for bytes, so that contents can be compared without being kept.
 *
 * <p>64 bits made by multiplying to 128 bits and folding, eight bytes a step. Of ten million different contents two share
 * a number with a probability of 3 in a million; whoever compares should compare lengths too. Not for secrets: whoever
 * knows the method can make two contents with one number. Stateless.
 */
public final class ContentDigest {
    /** Where every content begins. */
    public static final long START = 0x9e3779b97f4a7c15L;

    private static final long STEP = 0xd6e8feb86659fd93L;
    private static final long END = 0xa0761d6478bd642fL;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private ContentDigest() {}

    /**
     * Goes on with more bytes.
     *
     * @param state {@link #START}, or what came of the bytes before, of which there were a multiple of eight
     */
    public static long add(long state, byte[] bytes, int from, int length) {
        long h = state;
        int at = from;
        int end = from + length;
        for (; at + 8 <= end; at += 8) {
            h = mix(h ^ (long) LONG.get(bytes, at), STEP);
        }
        if (at < end) {
            long rest = 0;
            for (int i = at; i < end; i++) {
                rest = rest << 8 | bytes[i] & 0xff;
            }
            h = mix(h ^ rest, STEP);
        }
        return h;
    }

    /**
     * Ends a content; never 0.
     *
     * @param length of all of it, which tells contents apart that end in different numbers of zeros
     */
    public static long end(long state, long length) {
        long h = mix(state ^ length, END);
        return h == 0 ? 1 : h;
    }

    /** The digest of a digest and a number that belongs to it. */
    public static long with(long digest, long number) {
        return end(digest, number);
    }

    private static long mix(long a, long b) {
        return Math.multiplyHigh(a, b) ^ a * b;
    }
}
