package dev.holdfast.dump.gostack;

/**
 * A variable on the stack whose address is taken: it is alive if a pointer to it is.
 *
 * @param start its address
 * @param size in bytes
 * @param frame number of its frame
 * @param mask address of its pointer bits, or of the program that makes them
 * @param form how {@code mask} is to be read
 * @param from offset of its first word that may be a pointer
 * @param to offset behind the last one
 */
record StackObject(long start, int size, int frame, long mask, int form, int from, int to) {
    /** A bit for each word. */
    static final int BITS = 0;

    /** A program in the collector's own little language (up to Go 1.23). */
    static final int PROGRAM = 1;

    /** All words from {@code from} to {@code to} are pointers. */
    static final int RANGE = 2;
}
