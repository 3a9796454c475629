package dev.holdfast.report.waste;

/** Maps by how many entries they have: none, one, up to 8, 64, 512, ... Used by one thread. */
final class MapSizes {
    private static final int CLASSES = 14;

    final long[] maps = new long[CLASSES];
    final long[] entries = new long[CLASSES];
    final long[] bytes = new long[CLASSES];

    /** Most entries of a class. */
    static long most(int sizeClass) {
        return sizeClass < 2 ? sizeClass : 1L << 3 * (sizeClass - 1);
    }

    static int classes() {
        return CLASSES;
    }

    void add(long size, long structureBytes) {
        int at = 0;
        while (at < CLASSES - 1 && size > most(at)) {
            at++;
        }
        maps[at]++;
        entries[at] += Math.max(0, size);
        bytes[at] += structureBytes;
    }

    void add(MapSizes other) {
        Tally.plus(maps, other.maps);
        Tally.plus(entries, other.entries);
        Tally.plus(bytes, other.bytes);
    }
}
