package dev.holdfast.report.waste;

import dev.holdfast.heap.HeapSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Contents at addresses, of which those are wasted that another address has too; the lowest address keeps its own. Filled
 * by one thread at a time, then shared out by digest. 20 bytes a content, 8 more for those of 2 GiB and above, and while
 * copies are found 16 more.
 */
final class Copies {
    /** Arrays get no longer. */
    private static final int MOST = Integer.MAX_VALUE - 8;

    private long[] digests = new long[1 << 10];
    private long[] addresses = new long[1 << 10];
    /** Bytes, or, where there are more than an int holds, the complement of the place in {@link #large}. */
    private int[] lengths = new int[1 << 10];

    private final List<Long> large = new ArrayList<>();
    private final int most;
    private final long largest;
    private int size;
    private long leftOut;

    Copies() {
        this(MOST, Integer.MAX_VALUE);
    }

    /**
     * With limits of one's own.
     *
     * @param most how many contents there can be
     * @param largest bytes from which on a length is kept elsewhere
     */
    Copies(int most, long largest) {
        this.most = most;
        this.largest = largest;
    }

    /** A content. */
    void add(long digest, long address, long length) {
        if (size == most) {
            leftOut++;
            return;
        }
        if (size == digests.length) {
            reserve((int) Math.min(most, (long) size + (size >> 1)));
        }
        digests[size] = digest;
        addresses[size] = address;
        lengths[size++] = kept(length);
    }

    private int kept(long length) {
        if (length <= largest) {
            return (int) length;
        }
        large.add(length);
        return ~(large.size() - 1);
    }

    private long length(int content) {
        int length = lengths[content];
        return length >= 0 ? length : large.get(~length);
    }

    /** A content that cannot be compared. */
    void leaveOut() {
        leftOut++;
    }

    /** How many contents are not looked at, because they cannot be compared or there was no room for them. */
    long leftOut() {
        return leftOut;
    }

    private void reserve(int capacity) {
        digests = Arrays.copyOf(digests, capacity);
        addresses = Arrays.copyOf(addresses, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
    }

    /** Takes all contents of another one. */
    synchronized void addAll(Copies other) {
        long needed = (long) size + other.size;
        if (needed > digests.length) {
            reserve((int) Math.min(most, needed + (needed >> 1)));
        }
        int count = Math.min(other.size, most - size);
        System.arraycopy(other.digests, 0, digests, size, count);
        System.arraycopy(other.addresses, 0, addresses, size, count);
        for (int i = 0; i < count; i++) {
            int length = other.lengths[i];
            lengths[size + i] = length >= 0 ? length : kept(other.length(i));
        }
        size += count;
        leftOut += other.leftOut + other.size - count;
    }

    /** Receives what is wasted. */
    interface Sink {
        /** So many bytes from an address on. */
        void wasted(long address, long bytes);
    }

    /** Hands out what is wasted by address; where copies overlap, no byte twice. */
    void find(HeapSnapshot heap, Sink sink) {
        int workers = heap.options().threads();
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            parts.add(new Part(i, workers));
        }
        heap.sideBySide(List.copyOf(parts));
        Bits wasted = new Bits(size);
        parts.forEach(part -> wasted.add(part.wasted));
        union(wasted, sink);
    }

    private void union(Bits wasted, Sink sink) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += wasted.get(i) ? 1 : 0;
        }
        long[] starts = new long[count];
        IntTable longest = new IntTable(count);
        int found = 0;
        for (int i = 0; i < size; i++) {
            if (wasted.get(i) && keepLongest(longest, i)) {
                starts[found++] = addresses[i];
            }
        }
        Arrays.sort(starts, 0, found);
        long end = 0;
        for (int i = 0; i < found; i++) {
            int content = longest.at(place(longest, starts[i]));
            long to = starts[i] + length(content);
            long from = i == 0 ? starts[i] : Math.max(starts[i], end);
            if (to > from) {
                sink.wasted(starts[i], to - from);
                end = to;
            }
        }
    }

    /** Whether the address is new. */
    private boolean keepLongest(IntTable longest, int content) {
        int place = place(longest, addresses[content]);
        int other = longest.at(place);
        if (other < 0 || length(other) < length(content)) {
            longest.put(place, content);
        }
        return other < 0;
    }

    /** Where an address is, or is to be. */
    private int place(IntTable table, long address) {
        int place = table.place(mixed(address));
        while (table.at(place) >= 0 && addresses[table.at(place)] != address) {
            place = table.next(place);
        }
        return place;
    }

    private static long mixed(long key) {
        return (key * 0x9e3779b97f4a7c15L) >>> 20;
    }

    private final class Part implements Runnable {
        private final int number;
        private final int parts;
        private final Bits wasted = new Bits(size);

        Part(int number, int parts) {
            this.number = number;
            this.parts = parts;
        }

        @Override
        public void run() {
            int count = 0;
            for (int i = 0; i < size; i++) {
                count += EqualObjects.part(digests[i], parts) == number ? 1 : 0;
            }
            IntTable seen = new IntTable(count);
            IntTable kept = new IntTable(count);
            for (int i = 0; i < size; i++) {
                if (EqualObjects.part(digests[i], parts) == number && isNew(seen, i)) {
                    place(kept, i);
                }
            }
        }

        private boolean isNew(IntTable seen, int content) {
            int place = seen.place(digests[content] ^ mixed(addresses[content]));
            for (int other = seen.at(place); other >= 0; other = seen.at(place)) {
                if (addresses[other] == addresses[content] && digests[other] == digests[content]) {
                    return false;
                }
                place = seen.next(place);
            }
            seen.put(place, content);
            return true;
        }

        private void place(IntTable kept, int content) {
            int place = kept.place(digests[content]);
            for (int other = kept.at(place); other >= 0; other = kept.at(place)) {
                if (digests[other] == digests[content]) {
                    boolean lower = Long.compareUnsigned(addresses[content], addresses[other]) < 0;
                    wasted.set(lower ? other : content);
                    kept.put(place, lower ? content : other);
                    return;
                }
                place = kept.next(place);
            }
            kept.put(place, content);
        }
    }
}
