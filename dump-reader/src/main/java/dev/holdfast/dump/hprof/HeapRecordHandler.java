package dev.holdfast.dump.hprof;

import java.io.IOException;

/**
 * Receives the sub-records of a heap record in file order.
 *
 * <p>The input stands at the bytes that each method names; a handler may read them, and need not leave the input
 * anywhere particular. Addresses are unsigned.
 */
interface HeapRecordHandler {
    /**
     * A root.
     *
     * @param threadSerial 0 where the record has none
     * @param detail frame number of a local, trace serial of a thread, else -1
     */
    void root(int tag, long address, int threadSerial, int detail);

    /** A class; the input stands behind its identifier. */
    void classDump(long address, long offset, RecordInput in) throws IOException;

    /** An instance; the input stands at its {@code bytes} bytes of field values. */
    void instance(long address, long offset, long classId, long bytes, RecordInput in) throws IOException;

    /** An array of references; the input stands at its first element. */
    void objectArray(long address, long offset, long classId, long count, RecordInput in) throws IOException;

    /** An array of a basic type; the input stands at its first element. */
    void primitiveArray(long address, long offset, int elementType, long count) throws IOException;

    /** Instances and arrays that follow each other, all of them in the input's buffer. */
    void block(RecordBlock block, RecordInput in) throws IOException;

    /** Whether the handler has seen enough; asked from time to time. */
    default boolean done() {
        return false;
    }
}
