package dev.holdfast.roots;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.IntColumn;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.heap.WakeSearch;
import dev.holdfast.roots.LeakedGoroutines.Kept;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the graph that only leaked goroutines keep alive; immutable. Memory: the marks of the search. */
final class LeakedNodes {
    static final LeakedNodes NONE = new LeakedNodes(null, new BitSet(), new int[0][], new int[0][]);

    private final @Nullable WakeSearch search;
    private final BitSet threads;
    private final int[][] records;
    private final int[][] starts;

    /**
     * Of a search that has ended.
     *
     * @param threads the leaked goroutines
     * @param records of each of them the runtime's own objects
     * @param starts of each of them its holder and what its stack may hold besides
     */
    LeakedNodes(@Nullable WakeSearch search, BitSet threads, int[][] records, int[][] starts) {
        this.search = search;
        this.threads = (BitSet) threads.clone();
        this.records = records;
        this.starts = starts;
    }

    /** The leaked goroutines. */
    BitSet threads() {
        return threads;
    }

    /** Where a leaked goroutine begins to hold something. */
    int[] starts(int thread) {
        return starts[thread];
    }

    /** The runtime's own objects of a leaked goroutine; they count as reached. */
    int[] records(int thread) {
        return records[thread];
    }

    /** Whether something else than leaked goroutines reaches the node, or it is a record of one that slept. */
    boolean reached(int node) {
        return search == null || search.reached(node);
    }

    /** What each group alone keeps alive; behind the last, what several do. */
    List<Kept> kept(HeapSnapshot heap, int[] groupOf, int groups) {
        Colouring colouring = new Colouring(heap.graph(), groups);
        if (!threads.isEmpty()) {
            IntColumn column = heap.scratchColumn();
            try {
                colouring.run(column, groupOf);
            } finally {
                heap.release(column);
            }
        }
        return colouring.kept();
    }

    /** Finds which group reaches each node; each node is looked at once for its first, and once more if there are several. */
    private final class Colouring {
        private final ObjectGraph graph;
        private final int shared;
        private final long[] objects;
        private final long[] bytes;
        private final IntList open = new IntList();

        Colouring(ObjectGraph graph, int groups) {
            this.graph = graph;
            shared = groups + 1;
            objects = new long[shared + 1];
            bytes = new long[shared + 1];
        }

        void run(IntColumn colours, int[] groupOf) {
            for (int thread = threads.nextSetBit(0); thread >= 0; thread = threads.nextSetBit(thread + 1)) {
                if (groupOf[thread] >= 0) {
                    for (int node : records[thread]) {
                        colour(colours, node, groupOf[thread] + 1);
                    }
                    for (int node : starts[thread]) {
                        reach(colours, node, groupOf[thread] + 1);
                    }
                }
            }
            while (open.size() > 0) {
                int node = open.removeLast();
                int colour = colours.get(node);
                for (long edge = graph.firstReference(node); edge < graph.endReference(node); edge++) {
                    reach(colours, graph.target(edge), colour);
                }
            }
        }

        private void reach(IntColumn colours, int node, int colour) {
            if (!reached(node)) {
                colour(colours, node, colour);
            }
        }

        private void colour(IntColumn colours, int node, int colour) {
            int known = colours.get(node);
            int next = known == 0 || known == colour ? colour : shared;
            if (known != next) {
                count(known, node, -1);
                count(next, node, 1);
                colours.set(node, next);
                open.add(node);
            }
        }

        private void count(int colour, int node, int sign) {
            if (colour > 0 && !graph.isHolder(node)) {
                objects[colour] += sign;
                bytes[colour] += sign * graph.shallowSize(node);
            }
        }

        List<Kept> kept() {
            List<Kept> kept = new ArrayList<>();
            for (int colour = 1; colour <= shared; colour++) {
                kept.add(new Kept(objects[colour], bytes[colour]));
            }
            return kept;
        }
    }
}
