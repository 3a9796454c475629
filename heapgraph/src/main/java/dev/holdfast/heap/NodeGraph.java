package dev.holdfast.heap;

import java.util.Arrays;

/**
 * The graph that reachability and dominators run on: objects, then holders, below a virtual root.
 *
 * <p>Every object has, before its other edges, one to the class object of its type; it is not stored but follows from the
 * type, which saves 4 bytes an object. Edges into root nodes exist in the list but can be left out by any walk from the
 * roots. Immutable and thread-safe; the columns belong to whoever made it.
 */
final class NodeGraph {
    /**
     * More nodes cannot be numbered. The room up to 2^31 is larger than any step of a loop over nodes, so that none of
     * them runs over; docs/decisions/0003 has the argument whole.
     */
    static final int MOST_NODES = Integer.MAX_VALUE - (1 << 21);

    /** Slot of an edge whose name must be asked of the dump. */
    static final int UNNAMED = 255;

    private final int objects;
    private final int holders;
    private final EdgeList edges;
    private final IntColumn typeOf;
    private final int[] typeNode;
    private final int[] referentSlot;
    private final byte[] referentLevel;
    private final int[] roots;
    private final ConditionalRoots conditional;
    private final boolean strongOnly;

    /**
     * Takes ownership of the arrays.
     *
     * @param objects nodes 0 to {@code objects - 1} are objects
     * @param holders the nodes after them are holders
     * @param edges the stored edges
     * @param typeOf type of each object
     * @param typeNode node of the class object of each type, or -1
     * @param referentSlot slot of the edge of objects of each type that is not strong, or -1
     * @param referentLevel level of {@link Reachability} that this edge gives at best
     * @param roots children of the virtual root
     * @param strongOnly whether edges that are not strong are left out
     */
    NodeGraph(
            int objects,
            int holders,
            EdgeList edges,
            IntColumn typeOf,
            int[] typeNode,
            int[] referentSlot,
            byte[] referentLevel,
            int[] roots,
            boolean strongOnly) {
        this(
                objects,
                holders,
                edges,
                typeOf,
                typeNode,
                referentSlot,
                referentLevel,
                Arrays.stream(roots).sorted().distinct().toArray(),
                ConditionalRoots.NONE,
                strongOnly);
    }

    private NodeGraph(
            int objects,
            int holders,
            EdgeList edges,
            IntColumn typeOf,
            int[] typeNode,
            int[] referentSlot,
            byte[] referentLevel,
            int[] roots,
            ConditionalRoots conditional,
            boolean strongOnly) {
        this.objects = objects;
        this.holders = holders;
        this.edges = edges;
        this.typeOf = typeOf;
        this.typeNode = typeNode;
        this.referentSlot = referentSlot;
        this.referentLevel = referentLevel;
        this.roots = roots;
        this.conditional = conditional;
        this.strongOnly = strongOnly;
    }

    /** A graph without types, all edges strong. */
    static NodeGraph plain(EdgeList edges, int nodes, int[] roots) {
        return new NodeGraph(
                0, nodes, edges, ColumnStore.onHeap().ints(0), new int[0], new int[0], new byte[0], roots, false);
    }

    /** How many nodes there are, without the virtual root. */
    int nodes() {
        return objects + holders;
    }

    /** How many of them are objects. */
    int objects() {
        return objects;
    }

    /** The stored edges. */
    EdgeList edges() {
        return edges;
    }

    /** Children of the virtual root, ascending and distinct. */
    int[] roots() {
        return roots;
    }

    /** Roots that count only while their source is not reached; none if only strong edges count. */
    ConditionalRoots conditionalRoots() {
        return strongOnly ? ConditionalRoots.NONE : conditional;
    }

    /** {@link #conditionalRoots()} whether or not edges that are not strong are left out. */
    ConditionalRoots allConditionalRoots() {
        return conditional;
    }

    /** Whether edges that are not strong are left out. */
    boolean strongOnly() {
        return strongOnly;
    }

    /** Type of a node, or -1 if it is a holder. */
    int typeOf(int node) {
        return node < objects ? typeOf.get(node) : -1;
    }

    /** Node of the class object that the node's class edge points to, or -1. */
    int classNode(int node) {
        return node < objects ? typeNode[typeOf.get(node)] : -1;
    }

    /** The targets of all class edges, by type; -1 where there is none. Not to be changed. */
    int[] classNodes() {
        return typeNode;
    }

    /** Slot of the node's edge that is not strong, or -1. */
    int referentSlot(int node) {
        return node < objects ? referentSlot[typeOf.get(node)] : -1;
    }

    /** Level of {@link Reachability} that the node's edge at {@link #referentSlot} gives at best. */
    int referentLevel(int node) {
        return referentLevel[typeOf.get(node)];
    }

    /** The same graph with or without the edges that are not strong. */
    NodeGraph withStrongOnly(boolean value) {
        return with(typeNode, conditional, value);
    }

    /** The same graph with conditional roots. */
    NodeGraph withConditionalRoots(ConditionalRoots value) {
        return with(typeNode, value, strongOnly);
    }

    /** The same graph without the class edges into roots: edges into roots say nothing about dominators. */
    NodeGraph withoutClassEdgesToRoots() {
        int[] below = typeNode.clone();
        for (int type = 0; type < below.length; type++) {
            if (Arrays.binarySearch(roots, below[type]) >= 0) {
                below[type] = -1;
            }
        }
        return with(below, conditional, strongOnly);
    }

    private NodeGraph with(int[] classNodes, ConditionalRoots conditionalRoots, boolean strong) {
        return new NodeGraph(
                objects,
                holders,
                edges,
                typeOf,
                classNodes,
                referentSlot,
                referentLevel,
                roots,
                conditionalRoots,
                strong);
    }
}
