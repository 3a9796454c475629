package dev.holdfast.roots;

import java.util.Arrays;

/** A hash map of {@code long} to {@code int} by open addressing, 12 bytes a slot, at most 2/3 full; used by one thread. */
final class LongIntMap {
    /** In place of a value that is absent. */
    static final int ABSENT = -1;

    private long[] keys = new long[64];
    private int[] values = absent(64);
    private int size;

    /** The value of a key, or {@link #ABSENT}. */
    int get(long key) {
        return values[slot(key)];
    }

    /** Sets the value, 0 or more, of a key. */
    void put(long key, int value) {
        int slot = slot(key);
        if (values[slot] == ABSENT) {
            if (++size * 3L > keys.length * 2L) {
                grow();
                slot = slot(key);
            }
            keys[slot] = key;
        }
        values[slot] = value;
    }

    private int slot(long key) {
        long hash = key * 0x9E3779B97F4A7C15L;
        int mask = keys.length - 1;
        int slot = (int) (hash >>> 32) & mask;
        while (values[slot] != ABSENT && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = absent(keys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != ABSENT) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    private static int[] absent(int length) {
        int[] values = new int[length];
        Arrays.fill(values, ABSENT);
        return values;
    }
}
