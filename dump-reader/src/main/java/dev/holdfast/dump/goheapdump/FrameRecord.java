package dev.holdfast.dump.goheapdump;

/**
 * A frame as a dump records it.
 *
 * @param function its name
 * @param size bytes of stack
 * @param entry where the function begins
 * @param pc where it stands
 */
record FrameRecord(String function, long size, long entry, long pc) {}
