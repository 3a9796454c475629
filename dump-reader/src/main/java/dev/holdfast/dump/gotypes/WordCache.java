package dev.holdfast.dump.gotypes;

/** What words stand for: type words, method tables, code; a cache that forgets. Belongs to one thread. */
final class WordCache {
    private static final int SIZE = 1 << 12;

    private final long[] words = new long[SIZE];
    private final int[] values = new int[SIZE];

    /** What was put for a word, or -1. */
    int get(long word) {
        int at = slot(word);
        return words[at] == word ? values[at] : -1;
    }

    void put(long word, int value) {
        int at = slot(word);
        words[at] = word;
        values[at] = value;
    }

    private static int slot(long word) {
        return (int) (word * 0x9e3779b97f4a7c15L >>> 64 - 12);
    }
}
