package dev.holdfast.dump.hprof;

/**
 * The fixed parts of some instances and arrays that follow each other in a heap record; those at address 0 are left out.
 *
 * <p>Passes take records by the block because the virtual machine compiles small loops early and for good. One loop that
 * finds a record and does all that a pass does with it was compiled to 60 KB of machine code, half a second each time,
 * and again for each rare case it met: most of the time of a file of a gigabyte. Used by one thread; 29 bytes a record.
 */
final class RecordBlock {
    /** In place of the type of an array's elements: the record is an instance. */
    static final int INSTANCE = 0;

    private final byte[] kinds;
    private final long[] addresses;
    private final long[] offsets;
    private final long[] classIds;
    private final int[] counts;
    private int size;

    /** A block with room for so many records. */
    RecordBlock(int capacity) {
        kinds = new byte[capacity];
        addresses = new long[capacity];
        offsets = new long[capacity];
        classIds = new long[capacity];
        counts = new int[capacity];
    }

    /**
     * Takes the records at the offset, as far as the input has them in its buffer as a whole; of arrays of primitives only
     * the fixed part.
     *
     * @param end where the walk ends: a boundary between sub-records, or the end of the segment
     * @param segmentEnd where the segment ends
     * @return offset of the first record that was not taken: there is no room for it, or it is to be looked at by itself
     */
    long fill(RecordInput in, long offset, long end, long segmentEnd) {
        in.seek(offset);
        int id = in.idBytes();
        int longest = 9 + 2 * id;
        long buffered = in.buffered();
        // Of what follows nothing needs to be compared with the end of the buffer and that of the segment one by one.
        long limit = Math.min(offset + buffered, segmentEnd);
        int n = 0;
        long at = offset;
        while (n < kinds.length && at < end && at + longest <= limit) {
            int ahead = (int) (at - offset);
            int kind;
            long next;
            long address = in.idAhead(ahead + 1);
            int tag = in.u1Ahead(ahead);
            if (tag == Tag.INSTANCE_DUMP) {
                long bytes = in.u4Ahead(ahead + 5 + 2 * id);
                next = at + longest + bytes;
                if (next > limit) {
                    break;
                }
                kind = INSTANCE;
                classIds[n] = in.idAhead(ahead + 5 + id);
                counts[n] = (int) bytes;
            } else if (tag == Tag.OBJECT_ARRAY_DUMP) {
                long count = in.u4Ahead(ahead + 5 + id);
                next = at + longest + count * id;
                if (next > limit) {
                    break;
                }
                kind = BasicType.OBJECT;
                classIds[n] = in.idAhead(ahead + 9 + id);
                counts[n] = (int) count;
            } else if (tag == Tag.PRIMITIVE_ARRAY_DUMP) {
                long count = in.u4Ahead(ahead + 5 + id);
                kind = in.u1Ahead(ahead + 9 + id);
                if (!BasicType.isPrimitive(kind)) {
                    break;
                }
                next = at + 10 + id + count * BasicType.bytes(kind, id);
                if (next > segmentEnd) {
                    break;
                }
                classIds[n] = kind;
                counts[n] = (int) count;
            } else {
                break;
            }
            kinds[n] = (byte) kind;
            addresses[n] = address;
            offsets[n] = at;
            n += address != 0 ? 1 : 0;
            at = next;
        }
        size = n;
        return at;
    }

    int size() {
        return size;
    }

    /** Type of an array's elements, or {@link #INSTANCE}. */
    int kind(int i) {
        return kinds[i];
    }

    /** Whether the record is an instance or an array of references, whose class it names. */
    boolean isOfClass(int i) {
        return kinds[i] == INSTANCE || kinds[i] == BasicType.OBJECT;
    }

    long address(int i) {
        return addresses[i];
    }

    /** Where the record begins. */
    long offset(int i) {
        return offsets[i];
    }

    /** Where the values of an instance or the elements of an array of references begin. */
    long body(int i, RecordInput in) {
        return offsets[i] + 9 + 2L * in.idBytes();
    }

    /** The class of an instance or an array of references; of other arrays the type of their elements. */
    long classId(int i) {
        return classIds[i];
    }

    /** Elements of an array, or bytes of an instance's field values. */
    long count(int i) {
        return counts[i] & 0xffff_ffffL;
    }
}
