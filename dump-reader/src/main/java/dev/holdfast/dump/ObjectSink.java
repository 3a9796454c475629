package dev.holdfast.dump;

/** Receives the objects of one chunk of a dump in file order; used by one thread. */
@FunctionalInterface
public interface ObjectSink {
    /**
     * An object.
     *
     * @param address its address or identifier, unsigned
     * @param typeKey the format's key of its class (HPROF: address of the class object, for primitive arrays the type
     *     code), or -1 where unknown
     * @param elements number of elements of an array, else 0
     */
    void object(long address, long typeKey, long elements);
}
