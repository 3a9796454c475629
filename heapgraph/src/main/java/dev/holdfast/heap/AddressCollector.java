package dev.holdfast.heap;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one worker saw of the addresses: bitmaps of the pages where it met many in a row, and a list of the rest.
 *
 * <p>The first {@link AddressIndex#DENSE} addresses of a page wait in a buffer; only if there are so many without another
 * page between does the page get a bitmap. So addresses one to a page cost 8 bytes each, and a heap in address order
 * 16 KiB a page. Used by one thread.
 */
final class AddressCollector {
    private final ColumnStore store;
    private final Map<Long, LongColumn> bitmaps = new HashMap<>();
    private final LongSpool list;
    private final long[] waiting = new long[AddressIndex.DENSE];
    private int waitingCount;
    private long page = -1;
    private @Nullable LongColumn bitmap;
    private long added;

    AddressCollector(ColumnStore store) {
        this.store = store;
        this.list = new LongSpool(store);
    }

    /** Adds an address; any order, repetitions are allowed. */
    void add(long address) {
        added++;
        long at = address >>> AddressIndex.PAGE_SHIFT;
        if (at != page) {
            turn(at);
        }
        LongColumn bits = bitmap;
        if (bits == null) {
            waiting[waitingCount++] = address;
            if (waitingCount == waiting.length) {
                promote();
            }
        } else if (((int) address & AddressIndex.GRAIN_MASK) == 0) {
            mark(bits, address);
        } else {
            list.add(address);
        }
    }

    /** How many addresses were added, repetitions included. */
    long added() {
        return added;
    }

    /** The bitmaps by page; the collector takes no more addresses after this. */
    Map<Long, LongColumn> bitmaps() {
        flush();
        return bitmaps;
    }

    /** The addresses in no bitmap, in the order of their arrival. */
    LongSpool list() {
        flush();
        return list;
    }

    static void mark(LongColumn bits, long address) {
        long word = address >>> AddressIndex.WORD_SHIFT & (AddressIndex.PAGE_WORDS - 1);
        bits.set(word, bits.get(word) | 1L << (address >>> AddressIndex.GRAIN_SHIFT));
    }

    private void turn(long to) {
        flush();
        page = to;
        bitmap = bitmaps.get(to);
    }

    private void flush() {
        for (int i = 0; i < waitingCount; i++) {
            list.add(waiting[i]);
        }
        waitingCount = 0;
    }

    private void promote() {
        LongColumn bits = store.longs(AddressIndex.PAGE_WORDS);
        bitmaps.put(page, bits);
        bitmap = bits;
        for (long address : waiting) {
            if (((int) address & AddressIndex.GRAIN_MASK) == 0) {
                mark(bits, address);
            } else {
                list.add(address);
            }
        }
        waitingCount = 0;
    }
}
