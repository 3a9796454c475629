package dev.holdfast.dump.gotypes;

import java.util.Arrays;

/** Places in memory that hold values of a type, with how many there are; grows. Belongs to one thread. */
final class Places {
    long[] addresses = new long[16];
    long[] counts = new long[16];
    int[] types = new int[16];

    /** Slot of the object that has the place, or -1. */
    int[] slots = new int[16];

    int size;

    void add(long address, int type, long count, int slot) {
        if (size == types.length) {
            int larger = size * 2;
            addresses = Arrays.copyOf(addresses, larger);
            counts = Arrays.copyOf(counts, larger);
            types = Arrays.copyOf(types, larger);
            slots = Arrays.copyOf(slots, larger);
        }
        addresses[size] = address;
        counts[size] = count;
        types[size] = type;
        slots[size++] = slot;
    }

    void clear() {
        size = 0;
        if (types.length > 1 << 16) {
            addresses = new long[16];
            counts = new long[16];
            types = new int[16];
            slots = new int[16];
        }
    }
}
