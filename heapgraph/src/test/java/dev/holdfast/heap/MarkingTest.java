package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compared with a search that has a queue. */
final class MarkingTest {
    private static final int NODES = 20_000;

    /** A list, a star, and random edges: few nodes wait, more than a thread keeps, and anything between. */
    private static int[][] successors(Random random) {
        int list = random.nextInt(NODES / 2);
        int star = random.nextInt(NODES);
        int[][] successors = new int[NODES][];
        for (int node = 0; node < NODES; node++) {
            int degree = node < list ? 1 : node == star ? NODES / 3 : random.nextInt(4);
            successors[node] = new int[degree];
            for (int i = 0; i < degree; i++) {
                successors[node][i] = node < list ? node + 1 : random.nextInt(NODES);
            }
        }
        return successors;
    }

    private static EdgeList edges(int[][] successors, ColumnStore store) {
        EdgeListBuilder builder = new EdgeListBuilder(store, NODES);
        EdgeCollector collector = builder.open(0);
        for (int node = 0; node < NODES; node++) {
            collector.begin(node);
            for (int target : successors[node]) {
                collector.edge(target, 0);
            }
        }
        builder.close(collector);
        return builder.build(false, 1);
    }

    private static void search(int[][] successors, int from, BitSet reached) {
        Deque<Integer> queue = new ArrayDeque<>();
        queue.add(from);
        while (!queue.isEmpty()) {
            int node = queue.remove();
            if (!reached.get(node)) {
                reached.set(node);
                for (int target : successors[node]) {
                    queue.add(target);
                }
            }
        }
    }

    @Test
    void whatIsReachedDoesNotDependOnTheThreads() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int[][] successors = successors(random);
            ColumnStore store = ColumnStore.onHeap();
            Marking marking = new Marking(edges(successors, store), NODES, store);
            BitSet expected = new BitSet();
            for (int walk = 0; walk < 3; walk++) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    int from = random.nextInt(NODES);
                    marking.reach(from);
                    search(successors, from, expected);
                }
                int threads = 1 + random.nextInt(3);
                marking.walk(threads);
                BitSet actual = new BitSet();
                for (int node = 0; node < NODES; node++) {
                    actual.set(node, marking.marked(node));
                }
                assertThat(actual)
                        .as("seed %d walk %d with %d threads", seed, walk, threads)
                        .isEqualTo(expected);
            }
            marking.release();
        }
    }
}
