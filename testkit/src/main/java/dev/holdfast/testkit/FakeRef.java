package dev.holdfast.testkit;

/** Something a field, an array element or a root can point to. */
public interface FakeRef {
    /** The null reference. */
    FakeRef NULL = () -> 0;

    /** The identifier in the dump. */
    long address();

    /** Any address: of nothing, of a lost object, of the middle of one. */
    static FakeRef at(long address) {
        return () -> address;
    }
}
