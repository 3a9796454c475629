package dev.holdfast.roots;

import dev.holdfast.heap.HeapSnapshot;
import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The dominators of a node from just below the virtual root down to the node itself; immutable, thread-safe.
 *
 * <p>Names of references are found when asked for; 4 bytes a step.
 */
public final class DominatorPath {
    private final int[] nodes;
    private final ReferenceNames names;

    /**
     * A dominator on the way.
     *
     * @param node an object or a holder
     * @param via the first reference by which the dominator before it leads here directly; null if it does so only through
     *     other objects, and for the first
     */
    public record Step(int node, @Nullable String via) {}

    private DominatorPath(int[] nodes, ReferenceNames names) {
        this.nodes = nodes;
        this.names = names;
    }

    /** The path to a node; empty if it is unreachable. */
    public static DominatorPath to(HeapSnapshot heap, ReferenceNames names, int node) {
        int length = 0;
        if (heap.reachable(node)) {
            for (int at = node; at >= 0; at = heap.dominators().immediateDominator(at, length)) {
                length++;
            }
        }
        int[] nodes = new int[length];
        int at = node;
        for (int step = length - 1; step >= 0; step--) {
            nodes[step] = at;
            at = heap.dominators().immediateDominator(at);
        }
        return new DominatorPath(nodes, names);
    }

    /** How many nodes it has, holders and the node itself included; 0 if the node is unreachable. */
    public int length() {
        return nodes.length;
    }

    /** A node of the path, the topmost first. */
    public int node(int step) {
        return nodes[step];
    }

    /**
     * The first reference by which the dominator before a step leads to it directly; null if there is none, and for the
     * first step.
     */
    public @Nullable String via(int step) {
        return step == 0 ? null : names.via(nodes[step - 1], nodes[step]);
    }

    /** The path as a list that finds names when read. */
    public List<Step> steps() {
        return new AbstractList<>() {
            @Override
            public Step get(int step) {
                return new Step(node(step), via(step));
            }

            @Override
            public int size() {
                return length();
            }
        };
    }
}
