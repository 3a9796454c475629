package dev.holdfast.heap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Collects addresses from several workers and makes the index of them.
 *
 * <p>The result is the set of addresses and depends neither on their order nor on which worker had which. Memory while
 * building: at most 20 bytes an address, on real heaps a few per cent above the finished index. Thread-safe except that
 * {@link #build} comes when all workers are done.
 */
final class AddressIndexBuilder {
    private final ColumnStore store;
    private final List<AddressCollector> collectors = new ArrayList<>();
    private long duplicates;

    AddressIndexBuilder(ColumnStore store) {
        this.store = store;
    }

    /** A collector for one worker. */
    synchronized AddressCollector collector() {
        AddressCollector collector = new AddressCollector(store);
        collectors.add(collector);
        return collector;
    }

    /** How many addresses were added again; known once the index is built. */
    long duplicates() {
        return duplicates;
    }

    /**
     * Merges what the collectors have; they are spent then.
     *
     * @throws CapacityException if there are more objects than an {@code int} can number
     */
    AddressIndex build() {
        long added = 0;
        for (AddressCollector collector : collectors) {
            added += collector.added();
        }
        SortedMap<Long, LongColumn> bitmaps = mergedBitmaps();
        LongColumn list = RadixSort.unsigned(store, gatheredList());
        AddressPages pages = new AddressPages(bitmaps, list, distinct(list));
        collectors.clear();

        AddressPages.Plan plan = new AddressPages.Plan();
        pages.visit(plan);
        if (plan.objects() > NodeGraph.MOST_NODES) {
            throw new CapacityException("the dump has " + plan.objects() + " objects, at most " + NodeGraph.MOST_NODES
                    + " can be numbered");
        }
        duplicates = added - plan.objects();
        AddressPages.Fill fill = new AddressPages.Fill(store, plan);
        pages.visit(fill);
        store.release(list);
        return new AddressIndex(store, plan.dense(), fill.words(), fill.sparse(), (int) plan.sparse());
    }

    private SortedMap<Long, LongColumn> mergedBitmaps() {
        // Page numbers have 44 bits: their signed order is the unsigned order of addresses.
        SortedMap<Long, LongColumn> merged = new TreeMap<>();
        for (AddressCollector collector : collectors) {
            for (Map.Entry<Long, LongColumn> entry : collector.bitmaps().entrySet()) {
                LongColumn from = entry.getValue();
                LongColumn into = merged.putIfAbsent(entry.getKey(), from);
                if (into != null) {
                    for (int i = 0; i < AddressIndex.PAGE_WORDS; i++) {
                        into.set(i, into.get(i) | from.get(i));
                    }
                    store.release(from);
                }
            }
        }
        return merged;
    }

    private LongColumn gatheredList() {
        long size = 0;
        for (AddressCollector collector : collectors) {
            size += collector.list().size();
        }
        LongColumn list = store.longs(size);
        long at = 0;
        for (AddressCollector collector : collectors) {
            LongSpool.Reader reader = collector.list().read(true);
            long count = reader.remaining();
            reader.copyTo(list, at, count);
            reader.finish();
            at += count;
        }
        return list;
    }

    /** Drops repetitions from a sorted list; how many are left. */
    private static long distinct(LongColumn sorted) {
        long kept = 0;
        for (long i = 0; i < sorted.size(); i++) {
            long address = sorted.get(i);
            if (kept == 0 || sorted.get(kept - 1) != address) {
                sorted.set(kept++, address);
            }
        }
        return kept;
    }
}
