package dev.holdfast.heap;

import dev.holdfast.dump.Progress;
import java.util.function.IntToLongFunction;

/**
 * Who dominates whom: a node's immediate dominator is the last node that every path from the roots to it passes.
 *
 * <p>Nodes are objects, then holders, as in the graph it was computed for. Immutable once computed and thread-safe.
 * Memory: 16 bytes a node (20 if all objects together have 4 GiB or more); children another 8, on demand.
 */
public final class DominatorTree {
    /** In place of the immediate dominator: the virtual root above all roots. */
    public static final int VIRTUAL_ROOT = -1;

    /** In place of the immediate dominator: the node is not reachable. */
    public static final int UNREACHABLE = -2;

    private static final int NODES_A_STEP = 1 << 16;

    private final int nodes;
    private final int reachable;
    private final IntColumn order;
    /** By number in the search, from 1: the number of the immediate dominator, 0 for the virtual root. */
    private final IntColumn idom;

    private final IntColumn dominators;
    private final UnsignedColumn retained;
    private final long totalRetained;

    DominatorTree(
            int nodes,
            int reachable,
            IntColumn order,
            IntColumn idom,
            IntColumn dominators,
            UnsignedColumn retained,
            long totalRetained) {
        this.nodes = nodes;
        this.reachable = reachable;
        this.order = order;
        this.idom = idom;
        this.dominators = dominators;
        this.retained = retained;
        this.totalRetained = totalRetained;
    }

    /**
     * Computes the tree.
     *
     * @param sizes shallow size of a node, 0 for holders
     * @param totalSize at least the sum of all sizes
     */
    static DominatorTree compute(
            NodeGraph graph, IntToLongFunction sizes, long totalSize, ColumnStore store, Progress progress) {
        return compute(graph, sizes, totalSize, store, store, progress);
    }

    /**
     * The same with two places for columns.
     *
     * @param aside for those that are written and read nearly in order: the preorder, the lists of edges, and dominators by
     *     number
     */
    static DominatorTree compute(
            NodeGraph graph,
            IntToLongFunction sizes,
            long totalSize,
            ColumnStore store,
            ColumnStore aside,
            Progress progress) {
        DepthFirstSearch search = new DepthFirstSearch(graph, store, aside, progress);
        search.run();
        Predecessors predecessors = Predecessors.of(search, store, aside);
        IntColumn idom = SemiNca.dominators(search, predecessors, store, aside, progress);
        return finish(search, idom, graph.nodes(), sizes, totalSize, store, progress);
    }

    /** Adds up retained sizes from the leaves to the root, and goes from preorder numbers back to nodes. */
    static DominatorTree finish(
            DepthFirstSearch search,
            IntColumn idom,
            int nodes,
            IntToLongFunction sizes,
            long totalSize,
            ColumnStore store,
            Progress progress) {
        progress.phase("adding up retained sizes", search.reached());
        IntColumn order = search.nodes();
        IntColumn dominators = store.ints(DepthFirstSearch.columnSize(nodes));
        UnsignedColumn retained = UnsignedColumn.of(store, DepthFirstSearch.columnSize(nodes), totalSize);
        for (int from = 0; from < nodes; from += NODES_A_STEP) {
            begin(from, (int) Math.min(nodes, (long) from + NODES_A_STEP), sizes, dominators, retained);
            progress.check();
        }
        long total = 0;
        for (int high = search.reached(); high > 0; high -= NODES_A_STEP) {
            progress.check();
            progress.advance(search.reached() - high);
            total += addUp(high, Math.max(0, high - NODES_A_STEP), order, idom, dominators, retained);
        }
        if (search.reached() < nodes) {
            for (int from = 0; from < nodes; from += NODES_A_STEP) {
                clear(from, (int) Math.min(nodes, (long) from + NODES_A_STEP), dominators, retained);
            }
        }
        return new DominatorTree(nodes, search.reached(), order, idom, dominators, retained, total);
    }

    /** Each node's own size first, in the order of nodes, in which sizes are quick to get at. */
    private static void begin(
            int from, int to, IntToLongFunction sizes, IntColumn dominators, UnsignedColumn retained) {
        for (int node = from; node < to; node++) {
            dominators.set(node, UNREACHABLE);
            retained.set(node, sizes.applyAsLong(node));
        }
    }

    private static void clear(int from, int to, IntColumn dominators, UnsignedColumn retained) {
        for (int node = from; node < to; node++) {
            if (dominators.get(node) == UNREACHABLE) {
                retained.set(node, 0);
            }
        }
    }

    /** Highest number first: all that a node dominates has been added to it when its turn comes. */
    private static long addUp(
            int high, int low, IntColumn order, IntColumn idom, IntColumn dominators, UnsignedColumn retained) {
        long total = 0;
        for (int w = high; w > low; w--) {
            int node = order.get(w);
            long size = retained.get(node);
            int above = idom.get(w);
            if (above == 0) {
                dominators.set(node, VIRTUAL_ROOT);
                total += size;
            } else {
                int dominator = order.get(above);
                dominators.set(node, dominator);
                retained.add(dominator, size);
            }
        }
        return total;
    }

    IntColumn order() {
        return order;
    }

    IntColumn dominatorNumbers() {
        return idom;
    }

    IntColumn immediateDominators() {
        return dominators;
    }

    UnsignedColumn retained() {
        return retained;
    }

    /** How many nodes there are, reachable or not. */
    public int nodeCount() {
        return nodes;
    }

    /** How many nodes are reachable, holders included. */
    public int reachableCount() {
        return reachable;
    }

    /** Whether the node is reachable. */
    public boolean reachable(int node) {
        return dominators.get(node) != UNREACHABLE;
    }

    /** The immediate dominator of a node, {@link #VIRTUAL_ROOT} or {@link #UNREACHABLE}. */
    public int immediateDominator(int node) {
        return dominators.get(node);
    }

    /**
     * The immediate dominator of a node that a way up has come to.
     *
     * @param step how many steps it took so far: no way is longer than the tree has nodes, unless an index was damaged so that
     *     it leads in a circle
     * @throws java.io.UncheckedIOException if it does
     */
    public int immediateDominator(int node, int step) {
        if (step > nodes) {
            throw dominators.inconsistent(node);
        }
        return dominators.get(node);
    }

    /** Sum of the shallow sizes of all that would be unreachable without the node, itself included; 0 if unreachable. */
    public long retainedSize(int node) {
        return retained.get(node);
    }

    /** Retained size of the virtual root, which is the sum of the shallow sizes of all reachable objects. */
    public long totalRetainedSize() {
        return totalRetained;
    }

    /**
     * The reachable nodes in an order in which a dominator always comes before what it dominates.
     *
     * @param position 0 to {@code reachableCount() - 1}
     */
    public int nodeAt(int position) {
        return order.get(position + 1L);
    }

    /**
     * The immediate dominator of {@link #nodeAt}, or {@link #VIRTUAL_ROOT}. In a walk over all positions quicker to get at
     * than by the node, since dominators stand a little before what they dominate.
     */
    public int dominatorOfNodeAt(int position) {
        int number = idom.get(position + 1L);
        return number == 0 ? VIRTUAL_ROOT : order.get(number);
    }

    /**
     * How many objects each node retains, itself included if it is an object and reachable.
     *
     * @param objects nodes below this are objects, the others holders
     */
    IntColumn retainedObjects(int objects, ColumnStore store) {
        IntColumn counts = store.ints(nodes);
        for (int i = reachable - 1; i >= 0; i--) {
            int node = nodeAt(i);
            int count = counts.get(node) + (node < objects ? 1 : 0);
            counts.set(node, count);
            int dominator = dominators.get(node);
            if (dominator >= 0) {
                counts.set(dominator, counts.get(dominator) + count);
            }
        }
        return counts;
    }
}
