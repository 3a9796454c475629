package dev.holdfast.dump.io;

/**
 * Primitive map from long to long, open addressing; 16 bytes a slot at a load of at most 2/3. Not thread-safe while it is
 * filled. The first value put under a key stays, unless {@link #replace} is used.
 */
public final class LongLongMap {
    private static final long ABSENT = Long.MIN_VALUE;

    private long[] keys = new long[16];
    private long[] values = filled(16);
    private int size;

    /** An empty map. */
    public LongLongMap() {}

    private static long[] filled(int length) {
        long[] values = new long[length];
        java.util.Arrays.fill(values, ABSENT);
        return values;
    }

    /** How many keys there are. */
    public int size() {
        return size;
    }

    /** Puts a value, which must not be {@code Long.MIN_VALUE}; false if the key had one, which then stays. */
    public boolean put(long key, long value) {
        int slot = slot(key);
        if (values[slot] != ABSENT) {
            return false;
        }
        insert(slot, key, value);
        return true;
    }

    /** Puts a value in place of one that may be there. */
    public void replace(long key, long value) {
        int slot = slot(key);
        if (values[slot] != ABSENT) {
            values[slot] = value;
        } else {
            insert(slot, key, value);
        }
    }

    private void insert(int slot, long key, long value) {
        keys[slot] = key;
        values[slot] = value;
        if (++size * 3L > keys.length * 2L) {
            grow();
        }
    }

    /** The value of a key, or the other one if it has none. */
    public long get(long key, long otherwise) {
        long value = values[slot(key)];
        return value == ABSENT ? otherwise : value;
    }

    /** Takes keys with their values. */
    public interface Entries {
        /** Takes one. */
        void entry(long key, long value);
    }

    /** Hands out all entries, in no particular order. */
    public void forEach(Entries taker) {
        for (int i = 0; i < keys.length; i++) {
            if (values[i] != ABSENT) {
                taker.entry(keys[i], values[i]);
            }
        }
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        long hash = key * 0x9e3779b97f4a7c15L;
        int slot = (int) (hash >>> 32) & mask;
        while (values[slot] != ABSENT && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = filled(keys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != ABSENT) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
