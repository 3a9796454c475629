package dev.holdfast.dump;

/** The addresses of all objects of a dump, ascending unsigned; immutable and thread-safe. */
public interface AddressSet {
    /** How many objects there are. */
    int count();

    /** The lowest address above the given one, or the given one if there is none. */
    long next(long address);

    /** Position of the address among all, or -1. */
    int indexOf(long address);
}
