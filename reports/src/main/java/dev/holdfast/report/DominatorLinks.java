package dev.holdfast.report;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.IntColumn;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.heap.SnapshotOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * By which reference each node's immediate dominator leads to it, as a number: the first in the dump's order, the one to
 * the class object before all others.
 *
 * <p>One pass over objects and references in address order, where a walk in dominator order would miss the cache at every
 * object; shared out between threads, since only a node's one dominator writes its number. Memory: the caller's column.
 */
final class DominatorLinks {
    /** The dominator does not refer to the node directly. */
    static final int NONE = 0;

    /** The node is the class object of its dominator. */
    static final int CLASS = 1;

    /** Slots are added to this. */
    private static final int FIRST_SLOT = 2;

    private static final int PROGRESS_STEP = 1 << 16;

    private final ObjectGraph graph;
    private final DominatorTree dominators;
    private final IntColumn links;
    private final Progress progress;

    /** By type, the slot of references that do not count, or -1. */
    private final int[] uncounted;

    private DominatorLinks(HeapSnapshot heap, IntColumn links, Progress progress) {
        this.graph = heap.graph();
        this.dominators = heap.dominators();
        this.links = links;
        this.progress = progress;
        this.uncounted = new int[heap.types().size()];
        boolean strongOnly = heap.options().references() == SnapshotOptions.References.STRONG;
        for (DumpType type : heap.types()) {
            uncounted[type.index()] = strongOnly ? type.referentSlot() : -1;
        }
    }

    /** Finds the links of all nodes into a column of zeros. */
    static void find(HeapSnapshot heap, IntColumn links, Progress progress) {
        DominatorLinks finder = new DominatorLinks(heap, links, progress);
        int nodes = heap.graph().nodeCount();
        progress.phase("finding references of dominators", -1);
        int threads = heap.options().threads();
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int from = (int) ((long) nodes * i / threads);
            int to = (int) ((long) nodes * (i + 1) / threads);
            tasks.add(() -> finder.find(from, to));
        }
        heap.sideBySide(tasks);
    }

    /** Whether a link is a slot. */
    static boolean isSlot(int link) {
        return link >= FIRST_SLOT;
    }

    /** The slot that a link is. */
    static int slot(int link) {
        return link - FIRST_SLOT;
    }

    private void find(int from, int to) {
        for (int begin = from; begin < to; begin += PROGRESS_STEP) {
            progress.check();
            int end = Math.min(to, begin + PROGRESS_STEP);
            for (int node = begin; node < end; node++) {
                link(node);
            }
        }
    }

    private void link(int node) {
        int without = -1;
        if (!graph.isHolder(node)) {
            int type = graph.typeOf(node);
            without = uncounted[type];
            int classObject = graph.classObjectOf(type);
            if (classObject >= 0 && dominators.immediateDominator(classObject) == node) {
                links.set(classObject, CLASS);
            }
        }
        long end = graph.endReference(node);
        for (long r = graph.firstReference(node); r < end; r++) {
            int target = graph.target(r);
            if (dominators.immediateDominator(target) == node
                    && links.get(target) == NONE
                    && (without < 0 || graph.slot(r) != without)) {
                links.set(target, FIRST_SLOT + graph.slot(r));
            }
        }
    }
}
