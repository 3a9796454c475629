package dev.holdfast.report;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.IntColumn;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.heap.SnapshotOptions;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * For each object a code: its type, and by which reference its immediate dominator leads to it. That is the first in the
 * dump's order, the one to the class object before all others.
 *
 * <p>One pass over objects and references in address order, where a walk in dominator order would miss the cache at every
 * object; shared out between threads, since only a node's one dominator writes its code. Memory: the caller's column.
 */
final class DominatorLinks {
    /** The code of a holder. */
    static final int HOLDER = -1;

    /** The dominator does not refer to the object directly. */
    static final int NONE = 0;

    /** The object is the class object of its dominator. */
    static final int CLASS = 1;

    /** Slots are added to this. */
    private static final int FIRST_SLOT = 2;

    /** NONE, CLASS and 256 slots. */
    private static final int LINK_BITS = 9;

    private static final int LINKS = (1 << LINK_BITS) - 1;

    /** More types do not fit beside a link; all ones are a holder. */
    private static final int MOST_TYPES = (1 << Integer.SIZE - LINK_BITS) - 1;

    private static final int NODES_A_STEP = 1 << 16;

    /** So many references at a time: their targets' dominators are all fetched before the first is looked at. */
    private static final int REFERENCES = 1 << 10;

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final DominatorTree dominators;
    private final IntColumn codes;
    private final Progress progress;

    /** By type, the slot of references that do not count if only strong ones do, or -1. */
    private final int[] uncounted;

    private final boolean strongOnly;

    private DominatorLinks(HeapSnapshot heap, IntColumn codes, Progress progress) {
        this.heap = heap;
        this.graph = heap.graph();
        this.dominators = heap.dominators();
        this.codes = codes;
        this.progress = progress;
        this.strongOnly = heap.options().references() == SnapshotOptions.References.STRONG;
        this.uncounted = new int[heap.types().size()];
        for (DumpType type : heap.types()) {
            uncounted[type.index()] = type.referentSlot();
        }
    }

    /**
     * Writes the codes of all nodes.
     *
     * @throws UncheckedIOException of an {@link InsufficientResourcesException}, if there are 8 million types
     */
    static void find(HeapSnapshot heap, IntColumn codes, Progress progress) {
        if (heap.types().size() >= MOST_TYPES) {
            throw new UncheckedIOException(new InsufficientResourcesException(
                    String.format("profiles can tell at most %,d types apart", MOST_TYPES - 1)));
        }
        DominatorLinks finder = new DominatorLinks(heap, codes, progress);
        progress.phase("finding references of dominators", -1);
        finder.inParts(finder::begin);
        finder.classes();
        finder.inParts((from, to) -> finder.new References().follow(from, to));
    }

    /** The type in an object's code. */
    static int type(int code) {
        return code >>> LINK_BITS;
    }

    /** How the dominator refers to the object. */
    static int link(int code) {
        return code & LINKS;
    }

    /** The slot that a link is; negative if it is none. */
    static int slot(int link) {
        return link - FIRST_SLOT;
    }

    private interface Part {
        void run(int from, int to);
    }

    private void inParts(Part part) {
        int threads = heap.options().threads();
        int nodes = graph.nodeCount();
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int from = (int) ((long) nodes * i / threads);
            int to = (int) ((long) nodes * (i + 1) / threads);
            tasks.add(() -> {
                for (int begin = from; begin < to; begin += NODES_A_STEP) {
                    progress.check();
                    part.run(begin, Math.min(to, begin + NODES_A_STEP));
                }
            });
        }
        heap.sideBySide(tasks);
    }

    private void begin(int from, int to) {
        int objects = Math.min(to, graph.objectCount());
        for (int object = from; object < objects; object++) {
            codes.set(object, graph.typeOf(object) << LINK_BITS);
        }
        for (int holder = Math.max(from, objects); holder < to; holder++) {
            codes.set(holder, HOLDER);
        }
    }

    /** Class objects that an object of theirs dominates. */
    private void classes() {
        for (DumpType type : heap.types()) {
            int classObject = graph.classObjectOf(type.index());
            int dominator = classObject < 0 ? -1 : dominators.immediateDominator(classObject);
            if (dominator >= 0 && !graph.isHolder(dominator) && graph.typeOf(dominator) == type.index()) {
                codes.set(classObject, codes.get(classObject) | CLASS);
            }
        }
    }

    /** One thread's way over the references of some nodes. */
    private final class References {
        /** Dominators of the targets in hand. */
        private final int[] above = new int[REFERENCES];

        void follow(int from, int to) {
            int node = from;
            long end = graph.endReference(to - 1);
            for (long at = graph.firstReference(from); at < end; at += REFERENCES) {
                int count = (int) Math.min(REFERENCES, end - at);
                fetch(at, count);
                node = compare(at, count, node);
            }
        }

        private void fetch(long at, int count) {
            for (int i = 0; i < count; i++) {
                above[i] = dominators.immediateDominator(graph.target(at + i));
            }
        }

        /** Compares references, whose first is the node's or a later one's; returns the node of the last. */
        private int compare(long first, int count, int firstNode) {
            int node = firstNode;
            long end = graph.endReference(node);
            for (int i = 0; i < count; i++) {
                while (first + i >= end) {
                    node++;
                    end = graph.endReference(node);
                }
                if (above[i] == node) {
                    link(node, first + i);
                }
            }
            return node;
        }

        private void link(int node, long reference) {
            int target = graph.target(reference);
            int code = codes.get(target);
            if (DominatorLinks.link(code) == NONE && counts(node, reference)) {
                codes.set(target, code | FIRST_SLOT + graph.slot(reference));
            }
        }

        private boolean counts(int node, long reference) {
            return !strongOnly || graph.isHolder(node) || graph.slot(reference) != uncounted[graph.typeOf(node)];
        }
    }
}
