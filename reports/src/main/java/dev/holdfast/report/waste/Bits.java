package dev.holdfast.report.waste;

/** A bit for each object; threads that set bits of different runs of 64 do not disturb each other. 1/8 byte an object. */
final class Bits {
    private final long[] words;

    Bits(int objects) {
        words = new long[(objects >>> 6) + 1];
    }

    boolean get(int object) {
        return (words[object >>> 6] >>> object & 1) != 0;
    }

    void set(int object) {
        words[object >>> 6] |= 1L << object;
    }

    /** The first object from this one on whose bit is set, or -1. */
    int next(int object) {
        int word = object >>> 6;
        if (word >= words.length) {
            return -1;
        }
        long bits = words[word] & -1L << object;
        while (bits == 0) {
            if (++word == words.length) {
                return -1;
            }
            bits = words[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    /** Adds the bits of another set. */
    void add(Bits other) {
        for (int i = 0; i < words.length; i++) {
            words[i] |= other.words[i];
        }
    }
}
