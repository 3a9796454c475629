package dev.holdfast.dump.goheapdump;

/**
 * A part of a heap dump that one worker walks at a time; all its records are whole.
 *
 * @param start offset of its first record
 * @param end offset behind its last record
 * @param firstRun the first run of its slots
 * @param lastRun the run behind its last
 */
record Chunk(long start, long end, int firstRun, int lastRun) {
    static final long BYTES = 8L << 20;
}
