package dev.holdfast.dump.hprof;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The objects of {@code jdk.internal.vm.StackChunk}, whose size is a field of theirs (hprof.md 2.4): sums of that field, for
 * every place where it can be, as the class that tells the place may be dumped later. Used by one thread.
 *
 * <p>A chunk takes its words and a bitmap of a bit or two a word. What rounding to the alignment adds depends on both
 * modulo 32 words, as for arrays.
 */
final class StackChunkTally {
    /** Bytes of field values looked at: its own fields come first and are fewer. */
    static final int LOOKED_AT = 64;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    /** Alignments of 256 bytes are 32 words. */
    private static final int WORDS = 32;

    private final long[] words = new long[LOOKED_AT / 4];
    /** By place, then by how many words share a word of the bitmap (32, 64): words with it, modulo {@link #WORDS}. */
    private final long[][][] remainders = new long[LOOKED_AT / 4][2][WORDS];

    private final long[][] bitmaps = new long[LOOKED_AT / 4][2];

    /** Adds a chunk whose values lie at an index. */
    void add(byte[] bytes, int values, long length) {
        for (int place = 0; place < words.length; place++) {
            long size = 4 * place + 4 <= length ? Math.max(0, (int) INT.get(bytes, values + 4 * place)) : 0;
            words[place] += size;
            for (int wide = 0; wide < 2; wide++) {
                long bitmap = bitmap(size, wide);
                bitmaps[place][wide] += bitmap;
                remainders[place][wide][(int) ((size + bitmap) % WORDS)]++;
            }
        }
    }

    private static long bitmap(long size, int wide) {
        int each = wide == 0 ? 32 : 64;
        return (size + each - 1) / each;
    }

    void merge(StackChunkTally other) {
        for (int place = 0; place < words.length; place++) {
            words[place] += other.words[place];
            for (int wide = 0; wide < 2; wide++) {
                bitmaps[place][wide] += other.bitmaps[place][wide];
                for (int i = 0; i < WORDS; i++) {
                    remainders[place][wide][i] += other.remainders[place][wide][i];
                }
            }
        }
    }

    /** Whether the field can be read at this offset of the values. */
    static boolean reaches(int offset) {
        return offset >= 0 && offset % 4 == 0 && offset + 4 <= LOOKED_AT;
    }

    /**
     * The size of all chunks.
     *
     * @param offset of the field in the values
     * @param base size of a chunk without words
     */
    long bytes(int offset, long base, ObjectLayout layout) {
        int place = offset / 4;
        int wide = layout.reference() == 8 ? 1 : 0;
        long bytes = 8 * (words[place] + bitmaps[place][wide]);
        for (int i = 0; i < WORDS; i++) {
            bytes += remainders[place][wide][i] * (layout.aligned(base + 8L * i) - 8L * i);
        }
        return bytes;
    }
}
