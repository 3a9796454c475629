package dev.holdfast.dump.hprof;

import dev.holdfast.dump.io.LongList;

/**
 * Dense numbers of classes by identifier, in the order of their LOAD_CLASS records: known before the heap is read, hence
 * the same whatever the number of threads. Immutable.
 */
final class ClassNumbers {
    /** Pairs of a key and its number plus one, 0 where a slot is free; in pairs because each look-up wants both. */
    private final long[] slots;

    private final int mask;
    private final int count;

    ClassNumbers(LongList ids) {
        int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, ids.size())) * 4);
        slots = new long[2 * capacity];
        mask = capacity - 1;
        count = ids.size();
        for (int i = 0; i < count; i++) {
            int slot = slot(ids.get(i));
            slots[slot] = ids.get(i);
            slots[slot + 1] = i + 1L;
        }
    }

    /** How many classes have a number. */
    int count() {
        return count;
    }

    /** The class's number, or -1. */
    int of(long id) {
        return (int) slots[slot(id) + 1] - 1;
    }

    private int slot(long id) {
        int slot = (int) (id * 0x9e3779b97f4a7c15L >>> 32) & mask;
        while (slots[2 * slot] != id && slots[2 * slot + 1] != 0) {
            slot = (slot + 1) & mask;
        }
        return 2 * slot;
    }
}
