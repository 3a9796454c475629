package dev.holdfast.dump;

/**
 * Receives the objects of one chunk of a dump with their references, in file order; used by one thread.
 *
 * <p>The objects are those of {@link DumpFile#objects}; where addresses may repeat, in the same chunks and order.
 * References follow their object in ascending source offset; null references are left out, dangling ones are not.
 */
public interface ReferenceSink {
    /**
     * An object; its references follow.
     *
     * @param address its address
     * @param type index into {@link DumpFile#types()}
     * @param elements what {@link ShallowSizes#of} wants beside the type: elements of an array (unsigned), for objects of
     *     a type that is sized one by one its size in units of 8 bytes, else 0
     */
    void object(long address, int type, int elements);

    /**
     * A reference of the object last begun.
     *
     * @param target the address it holds; may be interior or point to nothing
     * @param slot names the reference within its type, see {@link DumpFile#referenceName}; {@link #UNNAMED_SLOT} if the
     *     number is too large
     */
    void reference(long target, int slot);

    /** Many objects and references at once: the same as one by one, and quicker where a sink has its own way. */
    default void block(ReferenceBlock block) {
        long[] addresses = block.addresses();
        byte[] slots = block.slots();
        for (int entry = 0, object = 0; entry < block.size(); entry++) {
            if (entry == block.start(object)) {
                object(addresses[entry], block.type(object), block.elements(object));
                object++;
            } else {
                reference(addresses[entry], slots[entry] & 0xff);
            }
        }
    }

    /** The slot of a reference whose name must be asked of the dump. */
    int UNNAMED_SLOT = 255;
}
