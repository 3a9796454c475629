package dev.holdfast.heap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A collection or map of the Java library, read through its private fields as they are in JDK 5 to 25.
 *
 * <p>Views and wrappers ({@code Collections.unmodifiableList}, ...) stand for what they wrap, sets for the keys of the map
 * inside. Each call reads the heap again; it ends on damaged heaps too, whatever their objects point to, since no node is
 * followed twice. Immutable and thread-safe. Memory: none by itself, up to 20 bytes an element while contents are read.
 */
public final class HeapCollection {
    private final HeapSnapshot heap;
    private final int object;
    private final int backing;
    private final CollectionShape shape;
    private final boolean keysOnly;

    private HeapCollection(HeapSnapshot heap, int object, int backing, CollectionShape shape, boolean keysOnly) {
        this.heap = heap;
        this.object = object;
        this.backing = backing;
        this.shape = shape;
        this.keysOnly = keysOnly;
    }

    /**
     * A mapping.
     *
     * @param key the key; null for the null key and where a weak key is gone
     * @param value the value, or null
     */
    public record Entry(@Nullable HeapObject key, @Nullable HeapObject value) {}

    static Optional<HeapCollection> of(HeapSnapshot heap, int object) {
        try {
            KnownCollections.Match match = KnownCollections.find(new ObjectFields(heap), object);
            return match == null
                    ? Optional.empty()
                    : Optional.of(new HeapCollection(heap, object, match.backing(), match.shape(), match.keysOnly()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The collection's object. */
    public HeapObject object() {
        return heap.objectAt(object);
    }

    /** Whether it has keys and values. */
    public boolean isMap() {
        return shape.isMap() && !keysOnly;
    }

    /**
     * How many elements or mappings it has by its own count; counted one by one where it keeps none. A heap that was dumped
     * while a thread changed the collection, or is damaged, may hold more or fewer.
     */
    public long size() {
        try {
            ObjectFields fields = new ObjectFields(heap);
            long size = shape.size(fields, backing);
            return size >= 0 ? size : read().entries();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many elements or mappings fit before its array grows; empty if it has no array of its own. */
    public OptionalLong capacity() {
        try {
            long capacity = shape.capacity(new ObjectFields(heap), backing);
            return capacity < 0 ? OptionalLong.empty() : OptionalLong.of(capacity);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The elements in the collection's order, of a map the values; nulls left out. */
    public Stream<HeapObject> elements() {
        CollectionContents contents = read();
        return IntStream.range(0, contents.entries())
                .map(i -> isMap() ? contents.value(i) : contents.key(i))
                .filter(i -> i >= 0)
                .mapToObj(heap::objectAt);
    }

    /**
     * The mappings of a map in its order.
     *
     * @throws IllegalStateException if it is no map
     */
    public Stream<Entry> entries() {
        if (!isMap()) {
            throw new IllegalStateException(object() + " is no map");
        }
        CollectionContents contents = read();
        return IntStream.range(0, contents.entries())
                .mapToObj(i -> new Entry(orNull(contents.key(i)), orNull(contents.value(i))));
    }

    private @Nullable HeapObject orNull(int index) {
        return index < 0 ? null : heap.objectAt(index);
    }

    private CollectionContents read() {
        try {
            CollectionContents contents = new CollectionContents();
            shape.read(new ObjectFields(heap), backing, contents);
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
