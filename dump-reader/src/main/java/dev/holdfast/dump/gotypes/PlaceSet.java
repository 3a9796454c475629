package dev.holdfast.dump.gotypes;

/** A set of places with their type; keeps the largest count. Belongs to one thread; 32 bytes a place. */
final class PlaceSet {
    /** No real program has more variables and untyped interior places; a forged one must not take all memory. */
    private static final int MOST = 1 << 22;

    private long[] addresses = new long[1024];
    private int[] types = new int[1024];
    private long[] counts = new long[1024];
    private int size;

    /** How many elements at the place are new: the whole count if it is, 0 if all of it was there. */
    boolean add(long address, int type, long count) {
        if (size * 2 >= types.length) {
            if (types.length >= MOST) {
                return false;
            }
            grow();
        }
        int at = find(address, type);
        if (types[at] != 0) {
            if (Long.compare(count, counts[at]) <= 0) {
                return false;
            }
            counts[at] = count;
            return true;
        }
        addresses[at] = address;
        types[at] = type;
        counts[at] = count;
        size++;
        return true;
    }

    private int find(long address, int type) {
        long hash = (address ^ (long) type << 48) * 0x9e3779b97f4a7c15L;
        int mask = types.length - 1;
        int at = (int) (hash >>> 32) & mask;
        while (types[at] != 0 && (types[at] != type || addresses[at] != address)) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldAddresses = addresses;
        int[] oldTypes = types;
        long[] oldCounts = counts;
        addresses = new long[oldTypes.length * 2];
        types = new int[oldTypes.length * 2];
        counts = new long[oldTypes.length * 2];
        for (int i = 0; i < oldTypes.length; i++) {
            if (oldTypes[i] != 0) {
                int at = find(oldAddresses[i], oldTypes[i]);
                addresses[at] = oldAddresses[i];
                types[at] = oldTypes[i];
                counts[at] = oldCounts[i];
            }
        }
    }
}
