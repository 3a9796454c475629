package dev.holdfast.dump.hprof;

/** Where the references lie in the field values of an instance of a class, superclasses included; immutable. */
final class InstanceShape {
    static final InstanceShape UNKNOWN = new InstanceShape(0, new int[0]);

    private final int bytes;
    private final int[] references;

    /**
     * Takes ownership of the array.
     *
     * @param bytes length of the values by what the class records say
     * @param references offsets of the references, ascending
     */
    InstanceShape(int bytes, int[] references) {
        this.bytes = bytes;
        this.references = references;
    }

    /** Length of the values as far as the classes are known; what follows is opaque. */
    int bytes() {
        return bytes;
    }

    int referenceCount() {
        return references.length;
    }

    /** Offset of a reference by its slot. */
    int reference(int slot) {
        return references[slot];
    }
}
