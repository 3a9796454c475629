package dev.holdfast.heap;

import dev.holdfast.dump.DumpField;
import dev.holdfast.dump.DumpType;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A type of objects: a class by one class loader, an array type, ...
 *
 * <p>Equal to another if both have the same index in the same snapshot; two classes of one name and different loaders are
 * two types. Immutable and thread-safe.
 */
public final class HeapType {
    private final HeapSnapshot heap;
    private final DumpType type;

    HeapType(HeapSnapshot heap, DumpType type) {
        this.heap = heap;
        this.type = type;
    }

    /** Its place in {@link HeapSnapshot#types()}. */
    public int index() {
        return type.index();
    }

    /** The language's name, such as {@code java.util.HashMap$Node[]}. */
    public String name() {
        return type.name();
    }

    /** What its objects are. */
    public DumpType.Kind kind() {
        return type.kind();
    }

    /** Whether its objects have elements. */
    public boolean isArray() {
        return type.isArray();
    }

    /** The superclass, or empty if it has none in the dump. */
    public Optional<HeapType> superclass() {
        return type.superType() < 0 ? Optional.empty() : Optional.of(heap.typeAt(type.superType()));
    }

    /** Whether it is the other type or inherits from it. Array types inherit from {@code java.lang.Object} alone. */
    public boolean isA(HeapType other) {
        List<DumpType> types = heap.types();
        int at = type.index();
        // Damaged dumps have classes that inherit from themselves.
        for (int steps = 0; at >= 0 && steps <= types.size(); steps++) {
            if (at == other.type.index()) {
                return heap == other.heap;
            }
            at = types.get(at).superType();
        }
        return false;
    }

    /** The class object, or empty if the dump has none. */
    public Optional<HeapObject> classObject() {
        int node = heap.graph().classObjectOf(type.index());
        return node < 0 ? Optional.empty() : Optional.of(heap.objectAt(node));
    }

    /** The class loader; empty for the boot loader. */
    public Optional<HeapObject> classLoader() {
        return type.loaderAddress() == 0 ? Optional.empty() : heap.exactly(type.loaderAddress());
    }

    /** The fields that objects have by this class itself, inherited ones left out. */
    public List<DumpField> fields() {
        return type.fields();
    }

    /** The static fields; their values are the fields of {@link #classObject()}. */
    public List<DumpField> staticFields() {
        return type.statics();
    }

    /** How many objects are of exactly this type, reachable or not. */
    public int instanceCount() {
        TypeInstances instances = heap.instances();
        return instances.end(index()) - instances.first(index());
    }

    /** The objects of exactly this type by address, reachable or not. */
    public Stream<HeapObject> instances() {
        return instanceIndices().mapToObj(heap::objectAt);
    }

    /** Sum of the shallow sizes of {@link #instances()}, in bytes. Cost: O(instances) if they are not all of one size. */
    public long shallowSize() {
        ObjectGraph graph = heap.graph();
        if (instanceCount() > 0 && graph.fixedSize(index())) {
            return instanceCount()
                    * graph.shallowSize(heap.instances().object(heap.instances().first(index())));
        }
        return instanceIndices().mapToLong(graph::shallowSize).sum();
    }

    IntStream instanceIndices() {
        TypeInstances instances = heap.instances();
        return IntStream.range(instances.first(index()), instances.end(index())).map(instances::object);
    }

    HeapSnapshot heap() {
        return heap;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeapType that && that.index() == index() && that.heap == heap;
    }

    @Override
    public int hashCode() {
        return index();
    }

    /** Its name. */
    @Override
    public String toString() {
        return name();
    }
}
