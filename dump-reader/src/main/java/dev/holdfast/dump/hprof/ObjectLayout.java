package dev.holdfast.dump.hprof;

/**
 * The few numbers that decide every size in a heap.
 *
 * @param header bytes before the first field: mark and class word; an array's length follows it
 * @param reference bytes of a reference inside an object, not of an id in the file
 * @param alignment what sizes and addresses are multiples of
 * @param rule how instance fields are placed
 * @param arrayBase where array elements start
 */
record ObjectLayout(int header, int reference, int alignment, FieldRule rule, ArrayBase arrayBase) {
    ObjectLayout {
        if (header < 4 || reference < 4 || alignment < 4 || Integer.bitCount(alignment) != 1) {
            throw new IllegalArgumentException(
                    "no object layout: header " + header + ", reference " + reference + ", alignment " + alignment);
        }
    }

    /**
     * The layout that makes {@link InstanceSizes} and the array sizes give what Eclipse MAT gives (hprof.md 2.5).
     *
     * @param idSize MAT's P
     * @param reference MAT's R
     * @param alignment MAT's A
     */
    static ObjectLayout mat(int idSize, int reference, int alignment) {
        return new ObjectLayout(idSize + reference, reference, alignment, FieldRule.MAT, ArrayBase.WORD);
    }

    /** Rounds up to the alignment of objects. */
    long aligned(long bytes) {
        return (bytes + alignment - 1) & -(long) alignment;
    }

    /** The size of an array of {@code length} references. */
    long objectArray(long length) {
        return aligned(objectArrayBase() + length * reference);
    }

    /** The size of an array of {@code length} primitives of a basic type (4 to 11). */
    long primitiveArray(int type, long length) {
        return aligned(primitiveArrayBase(type) + length * width(type, reference));
    }

    /** The bytes before the first element of an array of references. */
    int objectArrayBase() {
        return rule == FieldRule.MAT ? header + 4 : arrayBase.offset(header, reference);
    }

    /** The bytes before the first element of an array of primitives of a basic type (4 to 11). */
    int primitiveArrayBase(int type) {
        return rule == FieldRule.MAT
                ? (header + 4 + reference - 1) & -reference
                : arrayBase.offset(header, Math.max(1, width(type, reference)));
    }

    /** The width of a basic type of the format (hprof.md 1.3); 0 for a code that is none. */
    static int width(int type, int reference) {
        return switch (type) {
            case 1, 2 -> reference;
            case 4, 8 -> 1;
            case 5, 9 -> 2;
            case 6, 10 -> 4;
            case 7, 11 -> 8;
            default -> 0;
        };
    }
}
