package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.goruntime.GoVersion;
import org.jspecify.annotations.Nullable;

/**
 * Tells objects from what the writer takes for objects at the end of a span.
 *
 * <p>Since Go 1.22 a span of small slots ends with 128 bytes that say where its pointers are, unless it has none, and with
 * Go's newer collector another 128 bytes of mark bits follow. {@code WriteHeapDump} goes on to the span's last byte and
 * writes 1 to 16 slots too many. All slots of a span come one after the other, those spans have one page of 8 KiB each,
 * and a span either has pointers in every object or in none: so what a slot in the tail is follows from any other slot.
 */
final class SpanTails {
    private static final int PAGE_BITS = 13;
    private static final long PAGE = 1L << PAGE_BITS;

    /** Bytes at the end of a page that say where pointers are: a bit a word. */
    private static final long POINTER_BITS = PAGE / 64;

    /** {@code runtime.spanInlineMarkBits}. */
    private static final long MARK_BITS = 128;

    private static final long SMALLEST_WITH_MARK_BITS = 16;
    private static final long LARGEST = 512;

    private final boolean pointerBits;
    private final boolean markBits;

    private final long[] slots = new long[(int) (PAGE / Long.BYTES)];
    private final long[] records = new long[slots.length];
    private int count;
    private long size;
    private boolean pointers;

    private long dropped;
    private long undecided;

    /** Takes the slots of a page that are objects; all of them have pointers, or none. */
    interface Objects {
        void object(long slot, long size, long record, boolean pointers);

        /** Records that are none lie between the object before and the next. */
        void gap();
    }

    SpanTails(@Nullable GoVersion release) {
        pointerBits = release != null && release.atLeast(22);
        markBits = release != null
                && (release.atLeast(26)
                        ? !release.experiments().contains("nogreenteagc")
                        : release.experiments().contains("greenteagc"));
    }

    /** Whether slots of a size end up in pages with a tail. */
    boolean concerns(long slotSize) {
        return pointerBits && slotSize <= LARGEST;
    }

    /** Whether a slot belongs to the page that is being gathered. */
    boolean continues(long slot, long slotSize) {
        return count > 0
                && slotSize == size
                && (slot ^ slots[0]) >>> PAGE_BITS == 0
                && Long.compareUnsigned(slot, slots[count - 1]) > 0;
    }

    /** Adds a slot to the page; the caller has asked {@link #continues} and else called {@link #flush}. */
    void add(long slot, long slotSize, long record, boolean hasPointers) {
        size = slotSize;
        slots[count] = slot;
        records[count++] = record;
        pointers |= hasPointers;
    }

    /** Hands on what of the page is objects, and begins the next. */
    void flush(Objects objects) {
        if (count == 0) {
            return;
        }
        long page = slots[0] & -PAGE;
        long bitsBehind = PAGE - (markBits && size >= SMALLEST_WITH_MARK_BITS ? MARK_BITS : 0);
        long withoutPointers = bitsBehind / size;
        long withPointers = (bitsBehind - POINTER_BITS) / size;
        int tail = 0;
        boolean gap = false;
        for (int i = 0; i < count; i++) {
            long index = (slots[i] - page) / size;
            boolean object = index < (pointers ? withPointers : withoutPointers);
            if (object) {
                tail += index >= withPointers ? 1 : 0;
                objects.object(slots[i], size, records[i], pointers);
            } else {
                dropped++;
                gap = true;
            }
        }
        // Nothing but the whole tail: an empty span with pointers, which the runtime would have freed, or not.
        if (!pointers && tail == count && tail == withoutPointers - withPointers) {
            undecided += tail;
        }
        if (gap) {
            objects.gap();
        }
        count = 0;
        pointers = false;
    }

    /** How many slots were no objects. */
    long dropped() {
        return dropped;
    }

    /** How many slots may be no objects, and were taken for objects. */
    long undecided() {
        return undecided;
    }
}
