package dev.holdfast.heap;

import java.util.Arrays;

/** What was read from a collection: elements, or keys with values. Used by one thread; 8 bytes an entry. */
final class CollectionContents {
    private final IntSet visited = new IntSet();
    private int[] keys = new int[16];
    private int[] values = new int[16];
    private int entries;

    /** Whether a node is to be followed: there is one, and it was not followed before. */
    boolean visit(int node) {
        return node >= 0 && visited.add(node);
    }

    /** An element; null is left out of collections that are no maps. */
    void element(int object) {
        if (object >= 0) {
            entry(object, ObjectFields.NONE);
        }
    }

    /** A mapping; either may be {@link ObjectFields#NONE}. */
    void entry(int key, int value) {
        if (entries == keys.length) {
            keys = Arrays.copyOf(keys, entries + (entries >> 1));
            values = Arrays.copyOf(values, keys.length);
        }
        keys[entries] = key;
        values[entries++] = value;
    }

    int entries() {
        return entries;
    }

    int key(int entry) {
        return keys[entry];
    }

    int value(int entry) {
        return values[entry];
    }
}
