package dev.holdfast.heap;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A reference from one object to another.
 *
 * <p>Equal to another if both have the same number in the same snapshot: an object that refers twice to another has two
 * references. Immutable, thread-safe, 32 bytes.
 */
public final class HeapReference {
    private final HeapSnapshot heap;
    private final int source;
    private final long number;

    HeapReference(HeapSnapshot heap, int source, long number) {
        this.heap = heap;
        this.source = source;
        this.number = number;
    }

    /** The object that has the reference. */
    public HeapObject source() {
        return heap.objectAt(source);
    }

    /** The object it leads to. */
    public HeapObject target() {
        return heap.objectAt(targetIndex());
    }

    /**
     * Its number: below {@link ObjectGraph#referenceCount()} that of the graph, else the reference of object {@code number -
     * referenceCount()} to the class object of its type.
     */
    public long number() {
        return number;
    }

    /** Whether it is the reference that every object has to the class object of its type. */
    public boolean isToClass() {
        return number >= heap.graph().referenceCount();
    }

    /**
     * What the program's source would call it: the field, {@code []} for elements, {@code static x}, {@code <class>},
     * {@code <super>}, {@code <loader>}, ...
     *
     * @throws UncheckedIOException if the dump cannot be read any more, which it must be for objects with more than 254
     *     references
     */
    public String name() {
        ObjectGraph graph = heap.graph();
        if (isToClass()) {
            return "<class>";
        }
        try {
            return ReferenceNames.name(heap.dump(), graph, source, number);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HeapSnapshot heap() {
        return heap;
    }

    int sourceIndex() {
        return source;
    }

    int targetIndex() {
        ObjectGraph graph = heap.graph();
        return isToClass() ? graph.classObject(source) : graph.target(number);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeapReference reference && reference.number == number && reference.heap == heap;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }

    /** Source, name and target. */
    @Override
    public String toString() {
        return source() + "." + name() + " -> " + target();
    }
}
