package dev.holdfast.dump.goruntime;

/**
 * Which words of a type are pointers, repeated through a slot; immutable and thread-safe.
 *
 * <p>An array has the mask of its elements, so that a mask is as large as the largest struct, not as the largest array.
 */
final class TypeMask {
    /** No word is a pointer. */
    static final TypeMask NONE = new TypeMask(1, new long[1]);

    private final int words;
    private final long[] bits;
    private final boolean all;

    /**
     * Takes ownership of the bits.
     *
     * @param words after how many words the mask repeats
     * @param bits one bit a word, those beyond {@code words} clear
     */
    TypeMask(int words, long[] bits) {
        this.words = words;
        this.bits = bits;
        this.all = words == 1 && bits[0] == 1;
    }

    int words() {
        return words;
    }

    /** Bits of 64 words of a slot. */
    long bits(long firstWord) {
        if (all) {
            return -1;
        }
        long result = 0;
        int at = (int) (firstWord % words);
        for (int have = 0; have < 64; ) {
            int n = Math.min(64 - have, words - at);
            long part = bits[at >>> 6] >>> at;
            if ((at & 63) != 0 && (at >>> 6) + 1 < bits.length) {
                part |= bits[(at >>> 6) + 1] << 64 - (at & 63);
            }
            if (n < 64) {
                part &= (1L << n) - 1;
            }
            result |= part << have;
            have += n;
            at = 0;
        }
        return result;
    }
}
