package dev.holdfast.dump.hprof;

/**
 * Dense numbers of classes by identifier, in the order of their LOAD_CLASS records: known before the heap is read, hence
 * the same whatever the number of threads. Immutable.
 */
final class ClassNumbers {
    private final long[] keys;
    private final int[] numbers;
    private final int mask;

    ClassNumbers(LongList ids) {
        int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, ids.size())) * 4);
        keys = new long[capacity];
        numbers = new int[capacity];
        java.util.Arrays.fill(numbers, -1);
        mask = capacity - 1;
        for (int i = 0; i < ids.size(); i++) {
            int slot = slot(ids.get(i));
            keys[slot] = ids.get(i);
            numbers[slot] = i;
        }
    }

    /** The class's number, or -1. */
    int of(long id) {
        return numbers[slot(id)];
    }

    private int slot(long id) {
        int slot = (int) (id * 0x9e3779b97f4a7c15L >>> 32) & mask;
        while (numbers[slot] >= 0 && keys[slot] != id) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
