package dev.holdfast.report.waste;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.IntColumn;

/**
 * 64 bits an object, 0 at first: digest or numbers, and then, for some, what the object wastes. Threads may write different
 * objects. 8 bytes an object, and a bit.
 */
final class Payloads implements Waste.Details {
    private static final int KIND_SHIFT = 56;
    private static final long BYTES = (1L << KIND_SHIFT) - 1;
    private static final WasteKind[] KINDS = WasteKind.values();

    private final HeapSnapshot heap;
    private final IntColumn high;
    private final IntColumn low;
    private final Bits wasted;

    Payloads(HeapSnapshot heap) {
        this.heap = heap;
        high = heap.scratchColumn();
        low = heap.scratchColumn();
        wasted = new Bits(heap.graph().objectCount());
    }

    long get(int object) {
        return (long) high.get(object) << 32 | low.get(object) & 0xffff_ffffL;
    }

    void set(int object, long value) {
        high.set(object, (int) (value >>> 32));
        low.set(object, (int) value);
    }

    /** Sets what an object wastes; threads may not share a run of 64 objects. */
    void waste(int object, WasteKind kind, long bytes) {
        wasted.set(object);
        set(object, (long) (kind.ordinal() + 1) << KIND_SHIFT | Math.min(bytes, BYTES));
    }

    @Override
    public void each(Waste.Visitor visitor) {
        for (int object = wasted.next(0); object >= 0; object = wasted.next(object + 1)) {
            long payload = get(object);
            visitor.wastes(object, KINDS[(int) (payload >>> KIND_SHIFT) - 1], payload & BYTES);
        }
    }

    @Override
    public void release() {
        heap.release(high);
        heap.release(low);
    }
}
