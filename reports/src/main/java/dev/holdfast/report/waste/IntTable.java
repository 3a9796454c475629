package dev.holdfast.report.waste;

import java.util.Arrays;

/** An open hash table of objects, which the caller compares; as large as it will ever be. Used by one thread. */
final class IntTable {
    private static final int FREE = -1;

    private final int[] places;
    private final int mask;

    /** A table for so many objects; it stays a third free, or, above two thirds of 2^30 of them, a little. */
    IntTable(long count) {
        long wanted = Long.highestOneBit(Math.max(16, count + (count >>> 1))) << 1;
        places = new int[(int) Math.min(wanted, 1 << 30)];
        Arrays.fill(places, FREE);
        mask = places.length - 1;
    }

    /** Where to look first. */
    int place(long key) {
        return (int) key & mask;
    }

    /** Where to look next. */
    int next(int place) {
        return place + 1 & mask;
    }

    /** The object at a place, or a negative number. */
    int at(int place) {
        return places[place];
    }

    void put(int place, int object) {
        places[place] = object;
    }
}
