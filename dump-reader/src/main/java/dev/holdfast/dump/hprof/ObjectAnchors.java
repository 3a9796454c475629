package dev.holdfast.dump.hprof;

import java.util.Arrays;
import java.util.List;

/**
 * Where objects stand in the file: the place of every 64th, and of each that does not follow its predecessor closely in
 * address order. Writers dump in address order nearly always, so this costs a quarter of a byte an object where a place
 * for each would cost 8.
 */
final class ObjectAnchors {
    private static final int EVERY = 64;
    /** A larger jump of addresses starts a new run, so that the anchors before an address are near it. */
    private static final long FAR = 64 << 10;
    /** Runs may interleave; so many anchors below an address are tried. */
    static final int TRIES = 64;

    private long[] addresses = new long[16];
    private long[] offsets = new long[16];
    private int size;
    private long previous = -1;
    private int sinceAnchor = EVERY;

    /** Notes an object; they come in file order. */
    void add(long address, long offset) {
        if (++sinceAnchor >= EVERY || Long.compareUnsigned(address, previous) <= 0 || address - previous > FAR) {
            append(address, offset);
            sinceAnchor = 0;
        }
        previous = address;
    }

    /** Notes the place of an object in any case. */
    void mark(long address, long offset) {
        append(address, offset);
        previous = address;
        sinceAnchor = 0;
    }

    private void append(long address, long offset) {
        if (size == addresses.length) {
            addresses = Arrays.copyOf(addresses, size + (size >> 1));
            offsets = Arrays.copyOf(offsets, addresses.length);
        }
        addresses[size] = address;
        offsets[size++] = offset;
    }

    /** All anchors sorted by address; the parts must not be used afterwards. */
    static ObjectAnchors merge(List<ObjectAnchors> parts) {
        int total = 0;
        for (ObjectAnchors part : parts) {
            total = Math.addExact(total, part.size);
        }
        ObjectAnchors all = new ObjectAnchors();
        all.addresses = new long[total];
        all.offsets = new long[total];
        for (ObjectAnchors part : parts) {
            System.arraycopy(part.addresses, 0, all.addresses, all.size, part.size);
            System.arraycopy(part.offsets, 0, all.offsets, all.size, part.size);
            all.size += part.size;
        }
        all.sort();
        return all;
    }

    /** Bottom-up merge sort on the pairs; stable, and quick on the ascending runs that dumps consist of. */
    private void sort() {
        if (ascending()) {
            return;
        }
        long[] a = addresses;
        long[] o = offsets;
        long[] a2 = new long[size];
        long[] o2 = new long[size];
        for (int width = 1; width > 0 && width < size; width *= 2) {
            for (int low = 0; low < size && low >= 0; low += 2 * width) {
                int middle = Math.min(low + width, size);
                int high = (int) Math.min((long) low + 2L * width, size);
                int i = low;
                int j = middle;
                for (int k = low; k < high; k++) {
                    boolean left = i < middle && (j >= high || Long.compareUnsigned(a[i], a[j]) <= 0);
                    int from = left ? i++ : j++;
                    a2[k] = a[from];
                    o2[k] = o[from];
                }
            }
            long[] swap = a;
            a = a2;
            a2 = swap;
            swap = o;
            o = o2;
            o2 = swap;
        }
        addresses = a;
        offsets = o;
    }

    private boolean ascending() {
        for (int i = 1; i < size; i++) {
            if (Long.compareUnsigned(addresses[i - 1], addresses[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Index of the last anchor at or below the address, or -1. Needs {@link #merge}. */
    int atOrBelow(long address) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(addresses[middle], address) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    long offset(int anchor) {
        return offsets[anchor];
    }

    /** Objects to walk from an anchor until the next one of its run at the latest. */
    static int reach() {
        return EVERY;
    }
}
