package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compared with lists of lists. */
final class EdgeListTest {
    @Test
    void anyOrderOfSourcesOverAnyChunksAndWorkers() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int nodes = 1 + random.nextInt(200);
            boolean repeated = seed % 3 == 0;
            List<Integer> sources = new ArrayList<>();
            for (int node = 0; node < nodes; node++) {
                if (random.nextInt(10) != 0) {
                    sources.add(node);
                }
            }
            if (repeated) {
                for (int i = random.nextInt(20); i > 0; i--) {
                    sources.add(random.nextInt(nodes));
                }
            }
            if (random.nextBoolean()) {
                Collections.shuffle(sources, random);
            }
            List<List<int[]>> expected = new ArrayList<>();
            for (int node = 0; node < nodes; node++) {
                expected.add(new ArrayList<>());
            }
            boolean[] seen = new boolean[nodes];
            ColumnStore store = ColumnStore.onHeap();
            EdgeListBuilder builder = new EdgeListBuilder(store, nodes);
            EdgeCollector[] open = new EdgeCollector[3];
            int chunk = 0;
            int at = 0;
            // Several chunks are open at a time, as with several workers, but each is written in one go here.
            while (at < sources.size()) {
                int worker = random.nextInt(open.length);
                if (open[worker] != null) {
                    builder.close(open[worker]);
                }
                open[worker] = builder.open(chunk++);
                int end = Math.min(sources.size(), at + random.nextInt(40));
                for (; at < end; at++) {
                    int source = sources.get(at);
                    open[worker].begin(source);
                    int degree = random.nextInt(50) == 0 ? 300 : random.nextInt(4);
                    for (int i = 0; i < degree; i++) {
                        int[] edge = {random.nextInt(nodes), i & 0xff};
                        open[worker].edge(edge[0], edge[1]);
                        if (!seen[source]) {
                            expected.get(source).add(edge);
                        }
                    }
                    seen[source] = true;
                }
            }
            for (int i = random.nextInt(30); i > 0; i--) {
                int source = random.nextInt(nodes);
                int target = random.nextInt(nodes);
                builder.add(source, target);
                expected.get(source).add(new int[] {target, NodeGraph.UNNAMED});
            }
            EdgeList list = builder.build(repeated, 1 + (int) (seed % 2));
            long edges = 0;
            for (int node = 0; node < nodes; node++) {
                List<int[]> actual = new ArrayList<>();
                for (long edge = list.first(node); edge < list.end(node); edge++) {
                    actual.add(new int[] {list.target(edge), list.slot(edge)});
                }
                assertThat(actual.toArray(new int[0][]))
                        .as("seed %d node %d", seed, node)
                        .isDeepEqualTo(expected.get(node).toArray(new int[0][]));
                edges += actual.size();
            }
            assertThat(list.size()).isEqualTo(edges);
            list.release(store);
            assertThat(store.bytes()).as("seed %d", seed).isZero();
        }
    }
}
