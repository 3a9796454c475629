package dev.holdfast.heap;

import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.dump.Strength;
import dev.holdfast.dump.ValueType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An object of the heap, for people and tools: a handle made on demand, that leads to fields, references and referrers.
 *
 * <p>Sizes, dominator and references come from the graph; what needs the object's contents (fields, numbers, text) reads
 * the dump again at each call, which costs a few microseconds, and throws {@link UncheckedIOException} if the file cannot
 * be read any more. Equal to another handle if both stand for the same object of the same snapshot. Immutable,
 * thread-safe, 24 bytes: do not keep millions; over the whole heap use {@link ObjectGraph}.
 */
public final class HeapObject {
    private static final int BLOCK = 1 << 13;

    private final HeapSnapshot heap;
    private final int index;

    HeapObject(HeapSnapshot heap, int index) {
        this.heap = heap;
        this.index = index;
    }

    /** Its number in {@link HeapSnapshot#graph()}. */
    public int index() {
        return index;
    }

    /** Its address. */
    public long address() {
        return heap.graph().addressOf(index);
    }

    /** Its type. */
    public HeapType type() {
        return heap.typeAt(heap.graph().typeOf(index));
    }

    /** The type that it stands for if it is a class object. */
    public Optional<HeapType> asType() {
        DumpType type = heap.dump().typeOfClassObject(address());
        return type == null ? Optional.empty() : Optional.of(heap.typeAt(type.index()));
    }

    /** The bytes of the object itself. */
    public long shallowSize() {
        return heap.graph().shallowSize(index);
    }

    /** The bytes that would be freed if it were gone; 0 if it is unreachable. */
    public long retainedSize() {
        return heap.dominators().retainedSize(index);
    }

    /** Whether it is reachable by the references that count. */
    public boolean isReachable() {
        return heap.reachable(index);
    }

    /** How strongly it is held over all references; empty if nothing holds it. */
    public Optional<Strength> reachability() {
        return Optional.ofNullable(heap.strength(index));
    }

    /**
     * The nearest object through which every path to this one leads; empty if there is none, or this one is unreachable.
     * Holders between the two are passed over: of a local variable's object it is the thread.
     */
    public Optional<HeapObject> immediateDominator() {
        int dominator = heap.dominators().immediateDominator(index);
        for (int step = 0; dominator >= 0 && heap.graph().isHolder(dominator); step++) {
            dominator = heap.dominators().immediateDominator(dominator, step);
        }
        return dominator < 0 ? Optional.empty() : Optional.of(heap.objectAt(dominator));
    }

    /** The holder that immediately dominates it, such as a frame; empty if an object or nothing does. */
    public Optional<Holder> holder() {
        int dominator = heap.dominators().immediateDominator(index);
        return dominator >= 0 && heap.graph().isHolder(dominator)
                ? Optional.of(heap.graph().holder(dominator))
                : Optional.empty();
    }

    /**
     * The value of the field of that name, the subclass's before the superclass's; of a class object the static field.
     *
     * @throws NoSuchElementException if it has no such field
     */
    public HeapValue field(String name) {
        return findField(name).orElseThrow(() -> new NoSuchElementException(this + " has no field " + name));
    }

    /** The value of the field of that name, or empty if it has none. */
    public Optional<HeapValue> findField(String name) {
        RecordedObject recorded = read();
        FieldValue field = recorded == null ? null : recorded.field(name);
        return field == null ? Optional.empty() : Optional.of(new HeapValue(heap, field.type(), field.bits()));
    }

    /** All fields, the subclass's before the superclass's; of a class object the static ones, of an array none. */
    public List<HeapField> fields() {
        List<HeapField> fields = new ArrayList<>();
        RecordedObject recorded = read();
        if (recorded != null) {
            for (FieldValue field : recorded.fields()) {
                fields.add(new HeapField(
                        field.name(), field.declaringType(), new HeapValue(heap, field.type(), field.bits())));
            }
        }
        return fields;
    }

    /** How many elements it has as an array, else 0. Reads the dump if its format records only how large arrays are. */
    public long elementCount() {
        long count = heap.graph().elementCount(index);
        if (count >= 0) {
            return count;
        }
        RecordedObject recorded = read();
        return recorded == null ? 0 : recorded.elementCount();
    }

    /** The objects in an array in order, nulls left out; empty if it is no array of references. Does not read the dump. */
    public Stream<HeapObject> elements() {
        if (type().kind() != DumpType.Kind.OBJECT_ARRAY) {
            return Stream.empty();
        }
        ObjectGraph graph = heap.graph();
        return LongStream.range(graph.firstReference(index), graph.endReference(index))
                .mapToObj(reference -> heap.objectAt(graph.target(reference)));
    }

    /** All elements of an array in order, numbers and nulls too; empty if it is no array. Reads the dump as it goes. */
    public Stream<HeapValue> values() {
        ValueType element = elementType();
        long count = elementCount();
        return LongStream.range(0, (count + BLOCK - 1) / BLOCK)
                .boxed()
                .flatMap(block -> LongStream.of(elementBits(block * BLOCK, BLOCK))
                        .mapToObj(bits -> new HeapValue(heap, element, bits)));
    }

    /**
     * The element at an index of an array. To look at many, {@link #values()} is quicker.
     *
     * @throws IndexOutOfBoundsException if it has no such element
     */
    public HeapValue value(long element) {
        long[] bits = element < 0 ? new long[0] : elementBits(element, 1);
        if (bits.length == 0) {
            throw new IndexOutOfBoundsException("element " + element + " of " + elementCount());
        }
        return new HeapValue(heap, elementType(), bits[0]);
    }

    private ValueType elementType() {
        String name = type().name();
        for (ValueType value : ValueType.values()) {
            if (value != ValueType.REFERENCE && name.equals(value.label() + "[]")) {
                return value;
            }
        }
        return ValueType.REFERENCE;
    }

    /**
     * Its references to other objects: first the one to the class object of its type, then those of its fields or elements
     * in order. Null references and those that lead nowhere are left out.
     */
    public Stream<HeapReference> references() {
        ObjectGraph graph = heap.graph();
        Stream<HeapReference> stored = LongStream.range(graph.firstReference(index), graph.endReference(index))
                .filter(reference -> !graph.isHolder(graph.target(reference)))
                .mapToObj(reference -> new HeapReference(heap, index, reference));
        return graph.classObject(index) < 0
                ? stored
                : Stream.concat(Stream.of(new HeapReference(heap, index, graph.referenceCount() + index)), stored);
    }

    /**
     * The references of other objects to this one by number; of a class object those of its instances come last.
     *
     * <p>The first call on a snapshot builds an index over all references: 4 bytes an object and 4 a reference.
     */
    public Stream<HeapReference> referrers() {
        ObjectGraph graph = heap.graph();
        InboundEdges inbound = heap.inboundEdges();
        Stream<HeapReference> stored = LongStream.range(inbound.first(index), inbound.end(index))
                .map(inbound::number)
                .mapToObj(number -> new HeapReference(heap, inbound.source(number), number))
                .filter(reference -> !graph.isHolder(reference.sourceIndex()));
        int[] types = heap.instances().typesOfClassObject(index);
        return types.length == 0
                ? stored
                : Stream.concat(
                        stored,
                        IntStream.of(types)
                                .boxed()
                                .flatMap(type ->
                                        heap.typeAt(type).instanceIndices().boxed())
                                .map(object -> new HeapReference(heap, object, graph.referenceCount() + object)));
    }

    /** The text of a {@code java.lang.String}, whatever release wrote it; empty if it is none or lacks its array. */
    public Optional<String> text() {
        return text(Integer.MAX_VALUE);
    }

    /** The first {@code limit} characters of {@link #text()}. */
    public Optional<String> text(int limit) {
        try {
            return Optional.ofNullable(StringText.of(heap, index, limit));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it holds as a collection or map of the Java library; empty if it is none that is known. */
    public Optional<HeapCollection> asCollection() {
        return HeapCollection.of(heap, index);
    }

    HeapSnapshot heap() {
        return heap;
    }

    private @Nullable RecordedObject read() {
        try {
            return heap.dump().read(address());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long[] elementBits(long from, int count) {
        try {
            return heap.dump().readElements(address(), from, count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeapObject object && object.index == index && object.heap == heap;
    }

    @Override
    public int hashCode() {
        return index;
    }

    /** Type and address. */
    @Override
    public String toString() {
        return type() + "@0x" + Long.toHexString(address());
    }
}
