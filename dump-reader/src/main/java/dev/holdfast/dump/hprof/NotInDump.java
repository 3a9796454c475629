package dev.holdfast.dump.hprof;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.ReferenceBlock;
import dev.holdfast.dump.ShallowSizes;
import java.util.Arrays;

/**
 * Estimates the heap that HotSpot does not write: class objects of the archive (CDS) whose classes are not loaded. They
 * are objects to the JVM's histogram, and in a dump they are gaps.
 *
 * <p>Looked at are the stretches of 256 KB with 32 class objects or more, which the archive's are, and not the whole
 * heap. A gap counts as class objects if one fits; a stretch with many gaps where none fits is a heap that was not
 * compacted, and none of its gaps count. Measured on 37 dumps of JDK 17 and 25 (five collectors, all layouts), 18 of
 * them with 73 to 166 KB left out and 19 with nothing: the estimate was the truth to the byte on each. The end of a region
 * beside the archive can add tens of KB by chance (once in 28 further dumps).
 *
 * <p>Immutable; each worker fills a {@link Gaps} of its own. A few bytes for every stretch looked at.
 */
final class NotInDump {
    private static final int STRETCH_BITS = 18;
    private static final int LEAST_MIRRORS = 32;
    /** The longest run of class objects without another object between them. */
    private static final int LONGEST_RUN = 256;

    private static final int SHORT_RUN = 16;
    private static final int LEAST_GAPS = 10;

    private final long[] stretches;
    private final long mirror;
    private final long averageMirror;
    private final ShallowSizes sizes;
    private final AddressSet addresses;

    private NotInDump(long[] stretches, long mirror, long averageMirror, ShallowSizes sizes, AddressSet addresses) {
        this.stretches = stretches;
        this.mirror = mirror;
        this.averageMirror = averageMirror;
        this.sizes = sizes;
        this.addresses = addresses;
    }

    /**
     * Finds the stretches to look at.
     *
     * @param mirrors the addresses of all class objects; sorted in place
     * @param mirror the size of a class object without statics
     * @param mirrorBytes the size of all class objects together
     */
    static NotInDump of(long[] mirrors, long mirror, long mirrorBytes, ShallowSizes sizes, AddressSet addresses) {
        Arrays.sort(mirrors);
        long[] stretches = new long[mirrors.length / LEAST_MIRRORS + 1];
        int n = 0;
        for (int from = 0; from < mirrors.length; ) {
            int to = from;
            while (to < mirrors.length && mirrors[to] >>> STRETCH_BITS == mirrors[from] >>> STRETCH_BITS) {
                to++;
            }
            if (to - from >= LEAST_MIRRORS) {
                stretches[n++] = mirrors[from] >>> STRETCH_BITS;
            }
            from = to;
        }
        // Unsigned shifts of sorted signed numbers: negative addresses come first but are the largest stretches.
        stretches = Arrays.copyOf(stretches, n);
        Arrays.sort(stretches);
        long average = mirrors.length == 0 ? mirror : Math.max(mirror, mirrorBytes / mirrors.length);
        return new NotInDump(stretches, Math.max(8, mirror), Math.max(8, average), sizes, addresses);
    }

    /** A worker's share; also where shares are summed up. */
    Gaps gaps() {
        return new Gaps();
    }

    /** The gaps behind some of the objects, by stretch. Used by one thread. */
    final class Gaps {
        private final long[] bytes = new long[stretches.length];
        private final long[] fitting = new long[stretches.length];
        private final long[] narrow = new long[stretches.length];
        private final long[] objects = new long[stretches.length];
        private long last = -1;
        private int index = -1;

        /** Looks behind the objects of a block. */
        void objects(ReferenceBlock block) {
            long[] addresses = block.addresses();
            for (int i = 0; i < block.objects(); i++) {
                object(addresses[block.start(i)], block.type(i), block.elements(i));
            }
        }

        /** Looks behind an object, given what makes its size. */
        void object(long address, int type, int elements) {
            long stretch = address >>> STRETCH_BITS;
            if (stretch != last) {
                last = stretch;
                index = Arrays.binarySearch(stretches, stretch);
            }
            if (index >= 0) {
                lookBehind(address, sizes.of(type, elements));
            }
        }

        private void lookBehind(long address, long size) {
            long next = addresses.next(address);
            long gap = next - address - size;
            if (!Spacing.isGap(address, next) || gap <= 0) {
                return;
            }
            if (gap < mirror) {
                narrow[index]++;
            } else if (gap <= LONGEST_RUN * mirror && (gap <= SHORT_RUN * mirror || !crosses(next - gap, next))) {
                bytes[index] += gap;
                fitting[index]++;
                objects[index] += Math.max(1, (gap + averageMirror / 2) / averageMirror);
            }
        }

        /** Where a region of the collector ends, free space is as likely as class objects. */
        private static boolean crosses(long from, long to) {
            return from >>> STRETCH_BITS != to >>> STRETCH_BITS;
        }

        void add(Gaps other) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] += other.bytes[i];
                fitting[i] += other.fitting[i];
                narrow[i] += other.narrow[i];
                objects[i] += other.objects[i];
            }
        }

        /** The estimated bytes, 0 if nothing speaks for any. */
        long bytes() {
            return sum(bytes);
        }

        /** The estimated number of class objects. */
        long objects() {
            return sum(objects);
        }

        private long sum(long[] values) {
            long gaps = 0;
            long sum = 0;
            for (int i = 0; i < values.length; i++) {
                if (4 * narrow[i] <= fitting[i]) {
                    gaps += fitting[i];
                    sum += values[i];
                }
            }
            return gaps < LEAST_GAPS ? 0 : sum;
        }
    }
}
