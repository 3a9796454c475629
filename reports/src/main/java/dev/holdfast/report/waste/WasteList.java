package dev.holdfast.report.waste;

import java.util.Arrays;

/** What single objects waste, one entry a time; for waste of which an object may have several kinds. 13 bytes an entry. */
final class WasteList implements Waste.Details {
    private static final WasteKind[] KINDS = WasteKind.values();

    private int[] objects = new int[64];
    private byte[] kinds = new byte[64];
    private long[] bytes = new long[64];
    private int size;

    void add(int object, WasteKind kind, long wasted) {
        if (size == objects.length) {
            int larger = size + (size >> 1);
            objects = Arrays.copyOf(objects, larger);
            kinds = Arrays.copyOf(kinds, larger);
            bytes = Arrays.copyOf(bytes, larger);
        }
        objects[size] = object;
        kinds[size] = (byte) kind.ordinal();
        bytes[size++] = wasted;
    }

    void addAll(WasteList other) {
        other.each(this::add);
    }

    @Override
    public void each(Waste.Visitor visitor) {
        for (int i = 0; i < size; i++) {
            visitor.wastes(objects[i], KINDS[kinds[i]], bytes[i]);
        }
    }

    @Override
    public void release() {
        size = 0;
        objects = new int[64];
        kinds = new byte[64];
        bytes = new long[64];
    }
}
