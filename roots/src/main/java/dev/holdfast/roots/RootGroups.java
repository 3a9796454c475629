package dev.holdfast.roots;

import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The roots of a heap by kind and name; immutable and thread-safe.
 *
 * <p>Rows are not disjoint: what a frame of a thread holds, the thread holds too. What several roots hold together is in
 * {@link #shared} and in no row; the retained sizes of all rows that do not hang below another, and it, add up to the
 * reachable heap.
 */
public final class RootGroups {
    private final List<RootGroup> rows;
    private final Map<RootKind, KindTotal> byKind;
    private final KindTotal shared;

    /**
     * A sum over roots.
     *
     * @param roots how many root objects or holders
     * @param objects how many objects they hold directly
     * @param retainedBytes sum of their retained sizes
     */
    public record KindTotal(long roots, long objects, long retainedBytes) {
        static final KindTotal NONE = new KindTotal(0, 0, 0);

        KindTotal plus(long moreObjects, long moreBytes) {
            return new KindTotal(roots + 1, objects + moreObjects, retainedBytes + moreBytes);
        }
    }

    private RootGroups(List<RootGroup> rows, Map<RootKind, KindTotal> byKind, KindTotal shared) {
        this.rows = rows;
        this.byKind = byKind;
        this.shared = shared;
    }

    /** Groups the roots of a heap. */
    public static RootGroups of(HeapSnapshot heap, RootNames names) {
        DominatorTree dominators = heap.dominators();
        Map<RootName, KindTotal> groups = new HashMap<>();
        Map<RootKind, KindTotal> byKind = new EnumMap<>(RootKind.class);
        for (int node : BreadthFirstSearch.inOrderOfKind(heap)) {
            RootName name = names.of(node);
            long objects = heap.graph().isHolder(node) ? directlyHeld(heap.graph(), node) : 1;
            long bytes = dominators.retainedSize(node);
            groups.merge(name, KindTotal.NONE.plus(objects, bytes), RootGroups::sum);
            byKind.merge(name.kind(), KindTotal.NONE.plus(objects, bytes), RootGroups::sum);
        }
        List<RootGroup> rows = new ArrayList<>();
        groups.forEach((name, total) -> rows.add(new RootGroup(name, total.objects(), total.retainedBytes())));
        rows.sort(Comparator.comparingLong(RootGroup::retainedBytes)
                .reversed()
                .thenComparing(row -> row.root().name())
                .thenComparing(row -> row.root().kind()));
        return new RootGroups(List.copyOf(rows), byKind, shared(heap, names));
    }

    /** All roots of one name in a row, largest retained size first, then by name. */
    public List<RootGroup> rows() {
        return rows;
    }

    /** Totals of the kinds that occur, in the order of kinds. */
    public Map<RootKind, KindTotal> byKind() {
        return new EnumMap<>(byKind);
    }

    /** What several roots hold together and none alone: the topmost such objects, with what they retain. */
    public KindTotal shared() {
        return shared;
    }

    private static KindTotal shared(HeapSnapshot heap, RootNames names) {
        DominatorTree dominators = heap.dominators();
        KindTotal shared = KindTotal.NONE;
        for (int object = 0; object < heap.graph().objectCount(); object++) {
            if (dominators.immediateDominator(object) == DominatorTree.VIRTUAL_ROOT && !names.isNamed(object)) {
                shared = shared.plus(1, dominators.retainedSize(object));
            }
        }
        return shared;
    }

    private static KindTotal sum(KindTotal a, KindTotal b) {
        return new KindTotal(a.roots() + b.roots(), a.objects() + b.objects(), a.retainedBytes() + b.retainedBytes());
    }

    /** Distinct objects, because a frame often has one object in several locals. */
    private static long directlyHeld(ObjectGraph graph, int holder) {
        long first = graph.firstReference(holder);
        int[] held = new int[(int) (graph.endReference(holder) - first)];
        for (int i = 0; i < held.length; i++) {
            held[i] = graph.target(first + i);
        }
        return Arrays.stream(held)
                .filter(node -> !graph.isHolder(node))
                .distinct()
                .count();
    }
}
