package dev.holdfast.dump;

import java.util.Arrays;

/**
 * Some objects with their references, one after the other, on the way from a file to a {@link ReferenceSink}.
 *
 * <p>Entries are objects, each with its references behind it; those before the first object belong to the last object of
 * the block before. What the methods say of a sink's objects and references holds here too. The arrays are the block's
 * own and longer than what is in it. Used by one thread; 17 bytes an entry and 12 an object.
 */
public final class ReferenceBlock {
    private static final int FULL = 1 << 11;

    private long[] addresses = new long[FULL];
    private byte[] slots = new byte[FULL];
    private int size;

    private int[] starts = new int[FULL];
    private int[] types = new int[FULL];
    private int[] elements = new int[FULL];
    private int objects;

    /** An empty block. */
    public ReferenceBlock() {}

    /** Appends an object, see {@link ReferenceSink#object}. */
    public void object(long address, int type, int elementCount) {
        reserve(1);
        if (objects == starts.length) {
            starts = Arrays.copyOf(starts, objects * 2);
            types = Arrays.copyOf(types, objects * 2);
            elements = Arrays.copyOf(elements, objects * 2);
        }
        starts[objects] = size;
        types[objects] = type;
        elements[objects++] = elementCount;
        addresses[size++] = address;
    }

    /** Appends a reference of the last object, see {@link ReferenceSink#reference}. */
    public void reference(long target, int slot) {
        reserve(1);
        slots[size] = (byte) slot;
        addresses[size++] = target;
    }

    /** Makes room for so many more entries. */
    public void reserve(int entries) {
        if (size + entries > addresses.length) {
            grow(size + entries);
        }
    }

    private void grow(int needed) {
        int length = Math.max(needed, addresses.length * 2);
        addresses = Arrays.copyOf(addresses, length);
        slots = Arrays.copyOf(slots, length);
    }

    /** Appends a reference for which room was made, if it is not null. */
    public void referenceUnlessNull(long target, int slot) {
        slots[size] = (byte) slot;
        addresses[size] = target;
        size += target != 0 ? 1 : 0;
    }

    /** Whether it is time to pass the block on; it takes more all the same. */
    public boolean full() {
        return size >= FULL - FULL / 4;
    }

    /** Empties the block. */
    public void clear() {
        size = 0;
        objects = 0;
    }

    /** How many objects and references there are. */
    public int size() {
        return size;
    }

    /** How many objects there are. */
    public int objects() {
        return objects;
    }

    /** Which entry an object is, by its place among the objects; after the last object, the size. */
    public int start(int object) {
        return object == objects ? size : starts[object];
    }

    /** Type of an object, by its place among the objects. */
    public int type(int object) {
        return types[object];
    }

    /** Elements of an object, by its place among the objects. */
    public int elements(int object) {
        return elements[object];
    }

    /** Addresses of the objects and targets of the references. */
    public long[] addresses() {
        return addresses;
    }

    /** Slots of the references. */
    public byte[] slots() {
        return slots;
    }
}
