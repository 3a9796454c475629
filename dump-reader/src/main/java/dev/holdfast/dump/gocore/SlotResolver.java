package dev.holdfast.dump.gocore;

import dev.holdfast.dump.goruntime.SpanTable;

/** Finds the object that a pointer leads to, wherever inside of it; belongs to one thread. */
final class SlotResolver {
    private final SpanTable spans;
    private long freeSlots;

    SlotResolver(SpanTable spans) {
        this.spans = spans;
    }

    /** Address of the object as the program sees it, or 0 if the pointer leads to no object. */
    long object(long pointer) {
        int span = spans.spanAt(pointer);
        if (span < 0) {
            return 0;
        }
        int element = spans.elementAt(span, pointer);
        if (element < 0 || !spans.allocated(spans.firstSlot(span) + element)) {
            freeSlots++;
            return 0;
        }
        return spans.objectAddress(span, element);
    }

    /** Number of the slot of the object that the pointer leads to, or -1. */
    int slot(long pointer) {
        int slot = spans.slotAt(pointer);
        return slot >= 0 && spans.allocated(slot) ? slot : -1;
    }

    /** How many pointers led into the heap, but to no object. */
    long freeSlots() {
        return freeSlots;
    }
}
