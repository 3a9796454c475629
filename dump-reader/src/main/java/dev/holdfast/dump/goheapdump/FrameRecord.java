package dev.holdfast.dump.goheapdump;

/**
 * A frame as a dump records it.
 *
 * @param function its name
 * @param sp its lowest address
 * @param size bytes of stack
 * @param contents offset of these in the file
 * @param entry where the function begins
 * @param pc where it stands
 */
record FrameRecord(String function, long sp, long size, long contents, long entry, long pc) {
    /** Whether an address lies in it. */
    boolean has(long address) {
        return Long.compareUnsigned(address - sp, size) < 0;
    }
}
