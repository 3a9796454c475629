package dev.holdfast.heap;

import dev.holdfast.dump.AddressSet;
import java.util.Arrays;

/**
 * Numbers objects by their place in ascending unsigned order of addresses, and finds them again.
 *
 * <p>A page of 1 MiB with many objects, all at multiples of 8, is a bitmap with the number of the first object of each
 * 64-bit word; all other objects are in one sorted list. No address of an object in a bitmap is stored: it is found again
 * by its number. On real heaps that is 0.8 to 1.3 bytes an object and 50 to 100 million look-ups a second, against 8 bytes
 * and 10 million of a sorted list with binary search. No set of addresses needs more than 12 bytes an object here, nor
 * more than 20 while it is built: a bitmap is only made for a page with at least {@link #DENSE} objects.
 *
 * <p>Immutable and thread-safe.
 */
public final class AddressIndex implements AddressSet {
    static final int PAGE_SHIFT = 20;
    static final int GRAIN_SHIFT = 3;
    static final int GRAIN_MASK = (1 << GRAIN_SHIFT) - 1;
    static final int WORD_SHIFT = GRAIN_SHIFT + 6;
    static final int PAGE_WORDS_SHIFT = PAGE_SHIFT - WORD_SHIFT;
    static final int PAGE_WORDS = 1 << PAGE_WORDS_SHIFT;

    /** Objects from which a page is a bitmap: 16 KiB of bits and 8 KiB of numbers are then 12 bytes an object. */
    static final int DENSE = 2048;

    /** Pages between the lowest and the highest up to which a plain table finds a page (4 bytes each). */
    private static final long PLAIN_TABLE = 1 << 16;

    private final int count;
    /** Numbers (address without its low bits) of the pages that are bitmaps, ascending unsigned. */
    private final long[] pages;
    /** Objects below each of those pages; one more than pages, the last is the count of all objects. */
    private final int[] firstOfPage;
    /** Objects in bitmaps below each of those pages; one more than pages. */
    private final int[] inBitmaps;

    private final LongColumn words;
    private final IntColumn firstOfWord;
    private final LongColumn sparse;
    private final int sparseCount;

    /** Place of a page in {@link #pages} plus one: by its distance from the lowest, or by hash. */
    private final int[] table;

    private final boolean hashed;
    private final long lowestPage;

    /**
     * Takes ownership of everything.
     *
     * @param pages ascending unsigned, without the last {@code pages.length - pageCount} entries
     * @param words bitmaps of the pages, one after the other
     * @param sparse ascending unsigned, none of them in one of the pages
     */
    AddressIndex(ColumnStore store, long[] pages, LongColumn words, LongColumn sparse, int sparseCount) {
        this.pages = pages;
        this.words = words;
        this.sparse = sparse;
        this.sparseCount = sparseCount;
        this.firstOfWord = store.ints(words.size());
        this.firstOfPage = new int[pages.length + 1];
        this.inBitmaps = new int[pages.length + 1];
        this.count = number();
        this.lowestPage = pages.length == 0 ? 0 : pages[0];
        this.hashed = isHashed(pages);
        this.table = new int[tableSize(pages, hashed)];
        fillTable();
    }

    private static boolean isHashed(long[] pages) {
        long span = span(pages);
        return span < 0 || span > Math.max(PLAIN_TABLE, 8L * pages.length);
    }

    private static long span(long[] pages) {
        return pages.length == 0 ? 0 : pages[pages.length - 1] - pages[0] + 1;
    }

    private static int tableSize(long[] pages, boolean hashed) {
        return hashed ? Integer.highestOneBit(pages.length * 2) * 2 : (int) span(pages);
    }

    /**
     * Takes an index that was numbered before; all parts are checked against each other, the columns when they are read.
     *
     * @throws IllegalArgumentException if they contradict each other
     */
    AddressIndex(
            long[] pages,
            int[] firstOfPage,
            int[] inBitmaps,
            LongColumn words,
            IntColumn firstOfWord,
            LongColumn sparse,
            int sparseCount) {
        this.pages = pages;
        this.firstOfPage = firstOfPage;
        this.inBitmaps = inBitmaps;
        this.words = words;
        this.firstOfWord = firstOfWord;
        this.sparse = sparse;
        this.sparseCount = sparseCount;
        this.count = firstOfPage[pages.length];
        this.lowestPage = pages.length == 0 ? 0 : pages[0];
        this.hashed = isHashed(pages);
        checkParts();
        this.table = new int[tableSize(pages, hashed)];
        fillTable();
    }

    private void checkParts() {
        boolean fits = words.size() == (long) pages.length << PAGE_WORDS_SHIFT
                && firstOfWord.size() == words.size()
                && sparseCount >= 0
                && sparseCount <= sparse.size()
                && count == (long) inBitmaps[pages.length] + sparseCount;
        for (int page = 0; page < pages.length; page++) {
            fits &= pages[page] >= 0
                    && pages[page] >>> (64 - PAGE_SHIFT) == 0
                    && (page == 0 || pages[page - 1] < pages[page])
                    && inBitmaps[page] >= 0
                    && inBitmaps[page] <= inBitmaps[page + 1]
                    && firstOfPage[page] >= inBitmaps[page]
                    && firstOfPage[page] - inBitmaps[page] <= firstOfPage[page + 1] - inBitmaps[page + 1];
        }
        if (!fits) {
            throw new IllegalArgumentException("the pages of the address index do not fit each other");
        }
    }

    private int number() {
        int inPages = 0;
        int inList = 0;
        for (int page = 0; page < pages.length; page++) {
            long start = pages[page] << PAGE_SHIFT;
            inList = sparseBelow(start, inList);
            firstOfPage[page] = inPages + inList;
            inBitmaps[page] = inPages;
            long base = (long) page << PAGE_WORDS_SHIFT;
            for (int w = 0; w < PAGE_WORDS; w++) {
                firstOfWord.set(base + w, inPages + inList);
                inPages += Long.bitCount(words.get(base + w));
            }
        }
        firstOfPage[pages.length] = inPages + sparseCount;
        inBitmaps[pages.length] = inPages;
        return inPages + sparseCount;
    }

    private void fillTable() {
        for (int page = 0; page < pages.length; page++) {
            if (!hashed) {
                table[(int) (pages[page] - lowestPage)] = page + 1;
                continue;
            }
            int at = hash(pages[page]);
            while (table[at] != 0) {
                at = (at + 1) & (table.length - 1);
            }
            table[at] = page + 1;
        }
    }

    private int hash(long page) {
        long mixed = page * 0x9e37_79b9_7f4a_7c15L;
        return (int) (mixed >>> 32) & (table.length - 1);
    }

    /** Place of the bitmap of a page, or -1. */
    private int place(long page) {
        if (!hashed) {
            long distance = page - lowestPage;
            return distance >= 0 && distance < table.length ? table[(int) distance] - 1 : -1;
        }
        int at = hash(page);
        while (table[at] != 0) {
            if (pages[table[at] - 1] == page) {
                return table[at] - 1;
            }
            at = (at + 1) & (table.length - 1);
        }
        return -1;
    }

    @Override
    public int count() {
        return count;
    }

    /** Number of the object that begins at the address, or -1. */
    @Override
    public int indexOf(long address) {
        int page = place(address >>> PAGE_SHIFT);
        if (page < 0) {
            return indexInList(address);
        }
        long w = word(page, address);
        long bits = words.get(w);
        long bit = 1L << (address >>> GRAIN_SHIFT);
        if ((bits & bit) == 0 || ((int) address & GRAIN_MASK) != 0) {
            return -1;
        }
        return firstOfWord.get(w) + Long.bitCount(bits & (bit - 1));
    }

    /** Numbers of the objects that begin at the first {@code count} addresses, or -1. */
    void indexesOf(long[] addresses, int[] into, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = indexOf(addresses[i]);
        }
    }

    private int indexInList(long address) {
        if (sparseCount == 0) {
            return -1;
        }
        int below = sparseBelow(address, 0);
        if (below == sparseCount || sparse.get(below) != address) {
            return -1;
        }
        return below + inBitmaps[pagesBelow(address >>> PAGE_SHIFT)];
    }

    /** Number of the last object that begins at or below the address (it may contain it), or -1 if there is none. */
    public int floor(long address) {
        int page = place(address >>> PAGE_SHIFT);
        if (page < 0) {
            int upTo = address == -1 ? sparseCount : sparseBelow(address + 1, 0);
            return upTo + inBitmaps[pagesBelow(address >>> PAGE_SHIFT)] - 1;
        }
        long w = word(page, address);
        long upTo = -1L >>> (63 - (int) (address >>> GRAIN_SHIFT & 63));
        return firstOfWord.get(w) + Long.bitCount(words.get(w) & upTo) - 1;
    }

    /** Address of an object. */
    public long addressOf(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("object " + index + " of " + count);
        }
        int page = pageOf(index);
        int inList = index - inBitmaps[page + 1];
        if (page < 0 || index >= firstOfPage[page] + inBitmaps[page + 1] - inBitmaps[page]) {
            return sparse.get(inList);
        }
        long low = (long) page << PAGE_WORDS_SHIFT;
        long high = low + PAGE_WORDS - 1;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (firstOfWord.get(middle) <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        int rank = index - firstOfWord.get(low);
        long bits = words.get(low);
        if (rank < 0 || rank >= Long.bitCount(bits)) {
            throw words.inconsistent(low);
        }
        for (int i = 0; i < rank; i++) {
            bits &= bits - 1;
        }
        long grain = (low & (PAGE_WORDS - 1)) * 64 + Long.numberOfTrailingZeros(bits);
        return (pages[page] << PAGE_SHIFT) + (grain << GRAIN_SHIFT);
    }

    @Override
    public long next(long address) {
        if (address == -1) {
            return address;
        }
        // The first object that is not at or below the address.
        long w = -1;
        int page = place(address >>> PAGE_SHIFT);
        if (page >= 0) {
            // Almost always in the same word or one of the next few.
            w = word(page, address);
            long above = words.get(w) & ~(-1L >>> (63 - (int) (address >>> GRAIN_SHIFT & 63)));
            long end = (long) (page + 1) << PAGE_WORDS_SHIFT;
            while (above == 0 && ++w < end) {
                above = words.get(w);
            }
            if (above != 0) {
                long grain = (w & (PAGE_WORDS - 1)) * 64 + Long.numberOfTrailingZeros(above);
                return (pages[page] << PAGE_SHIFT) + (grain << GRAIN_SHIFT);
            }
        }
        int next = floor(address) + 1;
        return next < count ? addressOf(next) : address;
    }

    /** Walks over all objects from the one with the given number. */
    public Cursor cursor(int from) {
        return new Cursor(from);
    }

    long[] pages() {
        return pages;
    }

    int[] firstOfPage() {
        return firstOfPage;
    }

    int[] inBitmaps() {
        return inBitmaps;
    }

    LongColumn words() {
        return words;
    }

    IntColumn firstOfWord() {
        return firstOfWord;
    }

    LongColumn sparse() {
        return sparse;
    }

    int sparseCount() {
        return sparseCount;
    }

    /** Bytes that the index takes. */
    public long bytes() {
        return words.size() * Long.BYTES
                + firstOfWord.size() * Integer.BYTES
                + sparse.size() * Long.BYTES
                + 16L * pages.length
                + 4L * table.length;
    }

    private static long word(int page, long address) {
        return ((long) page << PAGE_WORDS_SHIFT) + (address >>> WORD_SHIFT & (PAGE_WORDS - 1));
    }

    /** How many bitmap pages have a lower number. */
    private int pagesBelow(long page) {
        int low = 0;
        int high = pages.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            // Page numbers have 44 bits, so that signed comparison will do.
            if (pages[middle] < page) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The last bitmap page whose first object has at most this number, or -1. */
    private int pageOf(int index) {
        int at = Arrays.binarySearch(firstOfPage, 0, pages.length, index);
        return at >= 0 ? at : -at - 2;
    }

    /** How many listed objects lie below the address, at least {@code low}. */
    private int sparseBelow(long address, int atLeast) {
        int low = atLeast;
        int high = sparseCount;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(sparse.get(middle), address) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Walks over objects in ascending order; used by one thread. */
    public final class Cursor {
        private int index;
        private long address;

        private Cursor(int from) {
            this.index = from - 1;
            if (from > 0 && from < count) {
                address = addressOf(from) - 1;
            }
        }

        /** Moves to the next object; false at the end. */
        public boolean advance() {
            if (index + 1 >= count) {
                return false;
            }
            index++;
            if (index == 0) {
                address = addressOf(0);
            } else {
                address = AddressIndex.this.next(address);
            }
            return true;
        }

        /** Number of the object. */
        public int index() {
            return index;
        }

        /** Address of the object. */
        public long address() {
            return address;
        }
    }
}
