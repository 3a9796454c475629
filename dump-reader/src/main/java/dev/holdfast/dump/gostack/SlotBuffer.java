package dev.holdfast.dump.gostack;

import java.util.Arrays;

/** Slots found in a stack, with the frames to which they belong; reused from goroutine to goroutine. */
final class SlotBuffer {
    private long[] addresses = new long[256];
    private long[] values = new long[256];

    /** Twice the frame's number, plus 1 for a conservative slot. */
    private int[] frames = new int[256];

    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    void add(int frame, long address, long value, boolean conservative) {
        if (size == frames.length) {
            int more = size + (size >> 1);
            addresses = Arrays.copyOf(addresses, more);
            values = Arrays.copyOf(values, more);
            frames = Arrays.copyOf(frames, more);
        }
        addresses[size] = address;
        values[size] = value;
        frames[size++] = 2 * frame + (conservative ? 1 : 0);
    }

    long address(int index) {
        return addresses[index];
    }

    /** Whether the address is among those from an index to another, which ascend. */
    boolean has(long address, int from, int to) {
        return Arrays.binarySearch(addresses, from, to, address) >= 0;
    }

    long value(int index) {
        return values[index];
    }

    int frame(int index) {
        return frames[index] >> 1;
    }

    boolean conservative(int index) {
        return (frames[index] & 1) != 0;
    }
}
