package dev.holdfast.heap;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The addresses met so far page by page: the bitmaps, and a sorted list of those in none.
 *
 * <p>It is walked twice, to see which pages become bitmaps and to fill them; nothing is stored for a page with few
 * objects, of which there may be as many as objects. Used by one thread.
 */
final class AddressPages {
    private final SortedMap<Long, LongColumn> bitmaps;
    private final LongColumn list;
    private final long listed;

    /**
     * Joins bitmaps and list.
     *
     * @param list ascending unsigned without repetition, up to {@code listed}
     */
    AddressPages(SortedMap<Long, LongColumn> bitmaps, LongColumn list, long listed) {
        this.bitmaps = bitmaps;
        this.list = list;
        this.listed = listed;
    }

    /** What is done with each page that has objects. */
    interface Visitor {
        /**
         * A page; they come in ascending order.
         *
         * @param bitmap its bitmap, or null
         * @param list holds more of its addresses in {@code [from, to)}, some of which may be in the bitmap too
         */
        void page(long number, @Nullable LongColumn bitmap, LongColumn list, long from, long to);
    }

    /** Walks over all pages. */
    void visit(Visitor visitor) {
        long at = 0;
        for (Map.Entry<Long, LongColumn> entry : bitmaps.entrySet()) {
            long number = entry.getKey();
            at = visitListed(visitor, at, number);
            long to = endOfPage(at, number);
            visitor.page(number, entry.getValue(), list, at, to);
            at = to;
        }
        visitListed(visitor, at, Long.MAX_VALUE);
    }

    private long visitListed(Visitor visitor, long from, long end) {
        long at = from;
        while (at < listed) {
            long number = list.get(at) >>> AddressIndex.PAGE_SHIFT;
            if (number >= end) {
                break;
            }
            long to = endOfPage(at, number);
            visitor.page(number, null, list, at, to);
            at = to;
        }
        return at;
    }

    private long endOfPage(long from, long number) {
        long to = from;
        while (to < listed && list.get(to) >>> AddressIndex.PAGE_SHIFT == number) {
            to++;
        }
        return to;
    }

    private static boolean odd(long address) {
        return ((int) address & AddressIndex.GRAIN_MASK) != 0;
    }

    private static boolean marked(LongColumn bitmap, long address) {
        long bits = bitmap.get(address >>> AddressIndex.WORD_SHIFT & (AddressIndex.PAGE_WORDS - 1));
        return !odd(address) && (bits >>> (address >>> AddressIndex.GRAIN_SHIFT) & 1) != 0;
    }

    /** First walk: which pages become bitmaps, and how many objects there are. */
    static final class Plan implements Visitor {
        private long[] dense = new long[16];
        private int denseCount;
        private long sparse;
        private long objects;

        @Override
        public void page(long number, @Nullable LongColumn bitmap, LongColumn list, long from, long to) {
            boolean odd = false;
            long inPage = 0;
            for (long i = from; i < to; i++) {
                odd |= odd(list.get(i));
                inPage += bitmap != null && marked(bitmap, list.get(i)) ? 0 : 1;
            }
            if (bitmap != null) {
                for (int w = 0; w < AddressIndex.PAGE_WORDS; w++) {
                    inPage += Long.bitCount(bitmap.get(w));
                }
            }
            objects += inPage;
            if (odd || inPage < AddressIndex.DENSE) {
                sparse += inPage;
                return;
            }
            if (denseCount == dense.length) {
                dense = Arrays.copyOf(dense, denseCount * 2);
            }
            dense[denseCount++] = number;
        }

        /** Numbers of the pages that become bitmaps. */
        long[] dense() {
            return Arrays.copyOf(dense, denseCount);
        }

        /** How many distinct addresses there are. */
        long objects() {
            return objects;
        }

        /** How many of them are in no bitmap. */
        long sparse() {
            return sparse;
        }
    }

    /** Second walk: makes the columns of the index and gives the bitmaps back. */
    static final class Fill implements Visitor {
        private final ColumnStore store;
        private final long[] dense;
        private final LongColumn words;
        private final LongColumn sparse;
        private int filled;
        private long written;

        Fill(ColumnStore store, Plan plan) {
            this.store = store;
            this.dense = plan.dense();
            this.words = store.longs((long) dense.length << AddressIndex.PAGE_WORDS_SHIFT);
            this.sparse = store.longs(plan.sparse());
        }

        @Override
        public void page(long number, @Nullable LongColumn bitmap, LongColumn list, long from, long to) {
            if (filled < dense.length && dense[filled] == number) {
                fill((long) filled << AddressIndex.PAGE_WORDS_SHIFT, bitmap, list, from, to);
                filled++;
            } else {
                list(number, bitmap, list, from, to);
            }
            if (bitmap != null) {
                store.release(bitmap);
            }
        }

        private void fill(long base, @Nullable LongColumn bitmap, LongColumn list, long from, long to) {
            if (bitmap != null) {
                for (int w = 0; w < AddressIndex.PAGE_WORDS; w++) {
                    words.set(base + w, bitmap.get(w));
                }
            }
            for (long i = from; i < to; i++) {
                long address = list.get(i);
                long at = base + (address >>> AddressIndex.WORD_SHIFT & (AddressIndex.PAGE_WORDS - 1));
                words.set(at, words.get(at) | 1L << (address >>> AddressIndex.GRAIN_SHIFT));
            }
        }

        /** Merges the addresses of bitmap and list in ascending order. */
        private void list(long number, @Nullable LongColumn bitmap, LongColumn list, long from, long to) {
            long at = from;
            if (bitmap != null) {
                for (int w = 0; w < AddressIndex.PAGE_WORDS; w++) {
                    long start = (number << AddressIndex.PAGE_SHIFT) + ((long) w << AddressIndex.WORD_SHIFT);
                    for (long bits = bitmap.get(w); bits != 0; bits &= bits - 1) {
                        long address = start + ((long) Long.numberOfTrailingZeros(bits) << AddressIndex.GRAIN_SHIFT);
                        while (at < to && Long.compareUnsigned(list.get(at), address) < 0) {
                            sparse.set(written++, list.get(at++));
                        }
                        if (at < to && list.get(at) == address) {
                            at++;
                        }
                        sparse.set(written++, address);
                    }
                }
            }
            while (at < to) {
                sparse.set(written++, list.get(at++));
            }
        }

        /** Bitmaps of the dense pages, one after the other. */
        LongColumn words() {
            return words;
        }

        /** All other addresses, ascending. */
        LongColumn sparse() {
            return sparse;
        }
    }
}
