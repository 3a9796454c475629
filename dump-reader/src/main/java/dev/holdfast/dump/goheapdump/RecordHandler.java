package dev.holdfast.dump.goheapdump;

import java.io.IOException;

/**
 * Receives the records of a heap dump in file order.
 *
 * <p>Objects, segments and frames are memory with pointer fields: first the record, then each field, then {@link #end}. A
 * record that turns out to be broken is begun and not ended.
 */
interface RecordHandler {
    /**
     * A slot of the heap.
     *
     * @param record offset of the record
     * @param contents offset of its memory
     */
    default void object(long record, long address, long size, long contents) throws IOException {}

    /** A pointer in the memory last begun, by its distance from the start; within it. */
    default void field(long offset) throws IOException {}

    /** The memory last begun is complete. */
    default void end() throws IOException {}

    /** The variables of the first module. */
    default void segment(boolean zeroed, long address, long size, long contents) throws IOException {}

    /**
     * A frame of the goroutine last begun, innermost first.
     *
     * @param sp its lowest address
     * @param entry where its function begins
     * @param pc where it stands
     */
    default void frame(long sp, long size, long contents, long entry, long pc, String function) throws IOException {}

    /** A type; it may occur more than once. */
    default void type(long address, long size, String name) throws IOException {}

    /** An interface table and the type that it is for. */
    default void itab(long address, long type) throws IOException {}

    /** A goroutine; its frames follow. */
    default void goroutine(GoroutineRecord goroutine) throws IOException {}

    /** What the runtime says of itself. */
    default void parameters(Parameters parameters) throws IOException {}

    /** A root of which the runtime says what it is. */
    default void otherRoot(String description, long target) throws IOException {}

    /** An object with a finalizer; {@code queued} if it was found unreachable and its finalizer is to run. */
    default void finalizer(boolean queued, long object, long function) throws IOException {}

    /** A thread of the operating system. */
    default void thread(long address) throws IOException {}

    /** The memory statistics in the order of {@code runtime.MemStats}. */
    default void memoryStatistics(long[] figures) throws IOException {}

    /** A deferred call of the goroutine last begun. */
    default void deferred(long record, long function) throws IOException {}

    /** A panic of the goroutine last begun. */
    default void panic(long record, long argument) throws IOException {}

    /** A place of allocation, its frames leaf first. */
    default void bucket(BucketRecord bucket) throws IOException {}

    /** A sampled object and the address of its place of allocation. */
    default void sample(long object, long bucket) throws IOException {}
}
