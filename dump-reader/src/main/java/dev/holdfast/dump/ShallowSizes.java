package dev.holdfast.dump;

/**
 * Shallow sizes in bytes: {@code align(base[type] + width[type] * elements)}; immutable and thread-safe.
 *
 * <p>Types whose objects are sized one by one (class objects, stack chunks, Go slots) have base 0 and width 8, and the
 * dump hands out their size in units of 8 bytes as the number of elements. One formula for all keeps the loops over the
 * heap free of branches and of a size column: 4 bytes an object serve both the length and the size.
 */
public final class ShallowSizes {
    private final long[] base;
    private final long[] width;
    private final long alignmentMask;

    /**
     * Takes ownership of the arrays.
     *
     * @param base bytes before the first element, by type
     * @param width bytes of an element, by type; 0 for instances
     * @param alignment power of two to which sizes are rounded up
     */
    public ShallowSizes(long[] base, long[] width, int alignment) {
        if (base.length != width.length || Integer.bitCount(alignment) != 1) {
            throw new IllegalArgumentException(
                    base.length + " bases, " + width.length + " widths, alignment " + alignment);
        }
        this.base = base;
        this.width = width;
        this.alignmentMask = alignment - 1L;
    }

    /** Shallow size of an object, given what {@link ReferenceSink#object} said of it. */
    public long of(int type, int elements) {
        return (base[type] + width[type] * Integer.toUnsignedLong(elements) + alignmentMask) & ~alignmentMask;
    }

    /** Whether all objects of the type have one size. */
    public boolean fixed(int type) {
        return width[type] == 0;
    }

    /** Whether objects of the type are sized one by one, in units of 8 bytes, so that a size says nothing of elements. */
    public boolean oneByOne(int type) {
        return base[type] == 0 && width[type] == 8;
    }

    /** How many types there are. */
    public int types() {
        return base.length;
    }

    /** Bytes before the first element. */
    public long base(int type) {
        return base[type];
    }

    /** Bytes of an element; 0 for instances. */
    public long width(int type) {
        return width[type];
    }

    /** Power of two to which sizes are rounded up. */
    public int alignment() {
        return (int) (alignmentMask + 1);
    }
}
