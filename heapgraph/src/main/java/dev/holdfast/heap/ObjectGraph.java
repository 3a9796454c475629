package dev.holdfast.heap;

import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.ShallowSizes;
import java.util.List;

/**
 * Objects, holders and the references between them, by number: the interface for algorithms over the whole heap.
 *
 * <p>Nodes 0 to {@link #objectCount()} - 1 are the objects in unsigned address order; the nodes from there to
 * {@link #nodeCount()} - 1 are the holders (frames of threads, package variables, ...). A loop over all references:
 *
 * <pre>{@code
 * for (int object = 0; object < graph.objectCount(); object++) {
 *     for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
 *         use(object, graph.target(r));
 *     }
 * }
 * }</pre>
 *
 * <p>The reference of each object to its class object is not among them, see {@link #classObject}. Immutable and
 * thread-safe. Memory: about 14 bytes an object and 5 bytes a reference; no method allocates.
 */
public final class ObjectGraph {
    private final AddressIndex addresses;
    private final IntColumn typeOf;
    private final IntColumn elements;
    private final ShallowSizes sizes;
    private final EdgeList edges;
    private final List<DumpType> types;
    private final int[] typeNode;
    private final List<Holder> holders;

    ObjectGraph(
            AddressIndex addresses,
            IntColumn typeOf,
            IntColumn elements,
            ShallowSizes sizes,
            EdgeList edges,
            List<DumpType> types,
            int[] typeNode,
            List<Holder> holders) {
        this.addresses = addresses;
        this.typeOf = typeOf;
        this.elements = elements;
        this.sizes = sizes;
        this.edges = edges;
        this.types = types;
        this.typeNode = typeNode;
        this.holders = holders;
    }

    /** How many objects the dump has, reachable or not. */
    public int objectCount() {
        return addresses.count();
    }

    /** How many nodes there are: objects, then holders. */
    public int nodeCount() {
        return addresses.count() + holders.size();
    }

    /** Whether the node is a holder and no object. */
    public boolean isHolder(int node) {
        return node >= addresses.count();
    }

    /** The holder that a node is. */
    public Holder holder(int node) {
        return holders.get(node - addresses.count());
    }

    ShallowSizes sizes() {
        return sizes;
    }

    IntColumn elementColumn() {
        return elements;
    }

    /** The holders; holder {@code h} is node {@code objectCount() + h}. */
    public List<Holder> holders() {
        return holders;
    }

    /** Type of an object, as an index into {@link #types()}. */
    public int typeOf(int object) {
        return typeOf.get(object);
    }

    /** The types. */
    public List<DumpType> types() {
        return types;
    }

    /** Shallow size in bytes; 0 for a holder. */
    public long shallowSize(int node) {
        return node < addresses.count() ? sizes.of(typeOf.get(node), elements.get(node)) : 0;
    }

    /**
     * Number of elements if the object is an array, else 0; -1 if it is an array of a format that records sizes only,
     * then {@link HeapObject#elementCount} knows.
     */
    public long elementCount(int object) {
        int type = typeOf.get(object);
        if (!types.get(type).isArray()) {
            return 0;
        }
        return sizes.oneByOne(type) ? -1 : Integer.toUnsignedLong(elements.get(object));
    }

    /** Shallow size that an array of the type would have with so many elements, or any instance of it. */
    public long sizeOf(int type, long elements) {
        return sizes.of(type, (int) Math.min(elements, 0xffff_ffffL));
    }

    /** Whether all objects of the type have one size. */
    public boolean fixedSize(int type) {
        return sizes.fixed(type);
    }

    /** Address of an object. */
    public long addressOf(int object) {
        return addresses.addressOf(object);
    }

    /** The object that begins at the address, or -1. */
    public int indexOf(long address) {
        return addresses.indexOf(address);
    }

    /** The object that contains the address, or -1. */
    public int containing(long address) {
        int object = addresses.floor(address);
        return object >= 0 && address - addresses.addressOf(object) < shallowSize(object) ? object : -1;
    }

    /** The object's reference to the class object of its type, or -1 if the dump has none. */
    public int classObject(int object) {
        return typeNode[typeOf.get(object)];
    }

    /** Node of the class object of a type, or -1. */
    public int classObjectOf(int type) {
        return typeNode[type];
    }

    /** How many references there are, those to class objects and to holders apart. */
    public long referenceCount() {
        return edges.size();
    }

    /** The node's first reference. */
    public long firstReference(int node) {
        return edges.first(node);
    }

    /** The reference behind the node's last. */
    public long endReference(int node) {
        return edges.end(node);
    }

    /** The node a reference leads to; a holder where a frame hangs below its thread. */
    public int target(long reference) {
        return edges.target(reference);
    }

    /** How the dump names the reference within its source, see {@link dev.holdfast.dump.DumpFile#referenceName}. */
    public int slot(long reference) {
        return edges.slot(reference);
    }

    AddressIndex addresses() {
        return addresses;
    }

    EdgeList edges() {
        return edges;
    }

    IntColumn typeColumn() {
        return typeOf;
    }

    int[] typeNodes() {
        return typeNode;
    }
}
