package dev.holdfast.roots;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.heap.RootNodes;
import java.util.Arrays;

/**
 * Walks the heap from all roots at once, nearest first.
 *
 * <p>Roots come in order of kind, then node; of a node first its class, then its references in the dump's order. A holder
 * is no object and no step: what it holds counts as a root of its own. Memory: two columns of 4 bytes a node, one of which
 * ends with the search. Used by one thread.
 */
final class BreadthFirstSearch {
    /** Parent of what the search did not reach. */
    static final int NOT_REACHED = -2;

    /** Parent of a root object. */
    static final int ROOT = -1;

    private static final int PROGRESS_STEP = 1 << 16;

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final Progress progress;
    private final int[] referentSlots;
    private final int[] parents;
    private final int[] queue;
    private int tail;

    private final int sought;
    private final int[] referrers;
    private int referrerCount;

    /** A search of all that the roots reach. */
    BreadthFirstSearch(HeapSnapshot heap, boolean strongOnly, Progress progress) {
        this(heap, strongOnly, -1, 0, progress);
    }

    /**
     * A search that walks round one object and collects what refers to it, nearest to a root first.
     *
     * @param limit ends when it has found so many referrers
     */
    BreadthFirstSearch(HeapSnapshot heap, boolean strongOnly, int sought, int limit, Progress progress) {
        this.heap = heap;
        this.graph = heap.graph();
        this.progress = progress;
        this.sought = sought;
        this.referrers = new int[limit];
        this.referentSlots = graph.types().stream()
                .mapToInt(type -> strongOnly ? type.referentSlot() : -1)
                .toArray();
        this.parents = new int[graph.nodeCount()];
        this.queue = new int[graph.objectCount()];
        Arrays.fill(parents, NOT_REACHED);
    }

    /** Parent of each node when the search is done: a node, {@link #ROOT} or {@link #NOT_REACHED}. */
    int[] parents() {
        return parents;
    }

    /** What refers to the object sought, nearest first: nodes, or {@link #ROOT} if it is a root object. */
    int[] referrers() {
        return Arrays.copyOf(referrers, referrerCount);
    }

    void run() {
        progress.phase("finding shortest paths", graph.objectCount());
        addRoots();
        for (int head = 0; head < tail && !foundAll(); head++) {
            int node = queue[head];
            int classObject = graph.classObject(node);
            if (classObject >= 0) {
                reach(classObject, node);
            }
            int referent = referentSlots[graph.typeOf(node)];
            long end = graph.endReference(node);
            for (long r = graph.firstReference(node); r < end; r++) {
                if (referent < 0 || graph.slot(r) != referent) {
                    reach(graph.target(r), node);
                }
            }
            if ((head & (PROGRESS_STEP - 1)) == 0) {
                progress.check();
                progress.advance(head);
            }
        }
    }

    private boolean foundAll() {
        return sought >= 0 && referrerCount == referrers.length;
    }

    private void reach(int node, int from) {
        if (node == sought) {
            // References of one node come one after the other.
            if (!foundAll() && (referrerCount == 0 || referrers[referrerCount - 1] != from)) {
                referrers[referrerCount++] = from;
            }
        } else if (parents[node] == NOT_REACHED && node < queue.length) {
            parents[node] = from;
            queue[tail++] = node;
        }
    }

    private void addRoots() {
        for (int node : inOrderOfKind(heap)) {
            if (!graph.isHolder(node)) {
                reach(node, ROOT);
            } else {
                parents[node] = ROOT;
                for (long r = graph.firstReference(node); r < graph.endReference(node); r++) {
                    reach(graph.target(r), node);
                }
            }
        }
    }

    /** Root objects and reachable holders, by kind, then node. */
    static int[] inOrderOfKind(HeapSnapshot heap) {
        ObjectGraph graph = heap.graph();
        RootNodes roots = heap.roots();
        long[] keys = new long[roots.count() + graph.holders().size()];
        int count = 0;
        for (int i = 0; i < roots.count(); i++) {
            if (!graph.isHolder(roots.node(i))) {
                keys[count++] = (long) roots.kind(i).ordinal() << 32 | roots.node(i);
            }
        }
        for (int node = graph.objectCount(); node < graph.nodeCount(); node++) {
            if (heap.reachable(node)) {
                keys[count++] = (long) graph.holder(node).kind().ordinal() << 32 | node;
            }
        }
        Arrays.sort(keys, 0, count);
        int[] nodes = new int[count];
        for (int i = 0; i < count; i++) {
            nodes[i] = (int) keys[i];
        }
        return nodes;
    }
}
