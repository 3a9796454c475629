package dev.holdfast.dump.goheapdump;

/** Names of fields where only their place is known; the dump has no names. */
final class FieldNames {
    /** Beyond so many words an object is an array more likely than not, and places would only be numbers. */
    private static final int WORDS = 16;

    /** The slot of a word in an object, see {@link #ofSlot}: one for all words that have no name of their own. */
    static int slot(long word) {
        return (int) Math.min(word, WORDS);
    }

    private FieldNames() {}

    /** Name of a word of an object by its slot. */
    static String ofSlot(int slot) {
        return slot < WORDS ? "+" + slot * Long.BYTES : "+...";
    }

    /** Name of the word at a distance from an object's start. */
    static String at(long offset) {
        return ofSlot(slot(offset / Long.BYTES));
    }
}
