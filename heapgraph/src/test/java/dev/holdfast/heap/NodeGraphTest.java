package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Strength;
import dev.holdfast.testkit.BruteForceDominators;
import dev.holdfast.testkit.RandomGraphs;
import dev.holdfast.testkit.TestGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Implicit class edges, holders, edges that are not strong: each against a plain graph with the same edges written out. */
final class NodeGraphTest {
    private static final byte STRONG = 1;

    /** A graph with types, and the strength of every edge written out. */
    private static final class Typed {
        final NodeGraph graph;
        final List<int[]> edges = new ArrayList<>();
        final int nodes;
        final int[] roots;

        Typed(long seed, boolean strongOnly, ColumnStore store) {
            Random random = new Random(seed);
            TestGraph plain = RandomGraphs.graph(seed, 40);
            nodes = plain.nodes();
            roots = plain.roots();
            int holders = random.nextInt(nodes);
            int objects = nodes - holders;
            int types = 1 + random.nextInt(6);
            int[] typeNode = new int[types];
            int[] referentSlot = new int[types];
            byte[] referentLevel = new byte[types];
            for (int type = 0; type < types; type++) {
                typeNode[type] = objects == 0 || random.nextInt(3) == 0 ? -1 : random.nextInt(objects);
                referentSlot[type] = random.nextBoolean() ? random.nextInt(3) : -1;
                referentLevel[type] = (byte) (2 + random.nextInt(4));
            }
            IntColumn typeOf = store.ints(objects);
            EdgeListBuilder builder = new EdgeListBuilder(store, nodes);
            int half = random.nextInt(objects + 1);
            EdgeCollector collector = builder.open(0);
            for (int node = 0; node < nodes; node++) {
                if (node == half) {
                    builder.close(collector);
                    collector = builder.open(1);
                }
                if (node < objects) {
                    int type = random.nextInt(types);
                    typeOf.set(node, type);
                    if (typeNode[type] >= 0) {
                        edges.add(new int[] {node, typeNode[type], STRONG});
                    }
                    collector.begin(node);
                    int slot = 0;
                    for (int target : plain.successors()[node]) {
                        collector.edge(target, slot);
                        boolean weak = slot == referentSlot[type];
                        edges.add(new int[] {node, target, weak ? referentLevel[type] : STRONG});
                        slot = (slot + 1) % 5;
                    }
                } else {
                    for (int target : plain.successors()[node]) {
                        builder.add(node, target);
                        edges.add(new int[] {node, target, STRONG});
                    }
                }
            }
            builder.close(collector);
            graph = new NodeGraph(
                    objects,
                    holders,
                    builder.build(false, 2),
                    typeOf,
                    typeNode,
                    referentSlot,
                    referentLevel,
                    roots,
                    strongOnly);
        }

        TestGraph upTo(int level) {
            int[] pairs = edges.stream()
                    .filter(edge -> edge[2] <= level)
                    .flatMapToInt(edge -> Arrays.stream(edge, 0, 2))
                    .toArray();
            return TestGraph.of(nodes, roots, pairs);
        }
    }

    @Test
    void classEdgesHoldersAndReferentsCountLikeEdgesWrittenOut() {
        for (long seed = 0; seed < 3000; seed++) {
            ColumnStore store = ColumnStore.onHeap();
            Typed typed = new Typed(seed, false, store);
            DominatorTree tree = Graphs.dominators(typed.graph, new long[typed.nodes], store);
            assertThat(Graphs.immediateDominators(tree))
                    .as("seed %d", seed)
                    .isEqualTo(new BruteForceDominators(typed.upTo(Integer.MAX_VALUE)).immediateDominators());
        }
    }

    @Test
    void strongOnlyLeavesOutTheReferents() {
        for (long seed = 0; seed < 3000; seed++) {
            ColumnStore store = ColumnStore.onHeap();
            Typed typed = new Typed(seed, true, store);
            DominatorTree tree = Graphs.dominators(typed.graph, new long[typed.nodes], store);
            assertThat(Graphs.immediateDominators(tree))
                    .as("seed %d", seed)
                    .isEqualTo(new BruteForceDominators(typed.upTo(STRONG)).immediateDominators());
        }
    }

    @Test
    void aPathIsAsStrongAsItsWeakestEdgeAndTheStrongestPathDecides() {
        int[] met = new int[6];
        for (long seed = 0; seed < 3000; seed++) {
            ColumnStore store = ColumnStore.onHeap();
            Typed typed = new Typed(seed, false, store);
            Reachability reachability = Reachability.compute(typed.graph, store, Progress.NONE);
            int[] expected = new int[typed.nodes];
            for (int level = Strength.values().length; level >= 1; level--) {
                boolean[] reached = typed.upTo(level).reachable(-1);
                for (int node = 0; node < typed.nodes; node++) {
                    expected[node] = reached[node] ? level : expected[node];
                }
            }
            int[] levels = new int[typed.nodes];
            Arrays.setAll(levels, reachability::level);
            assertThat(levels).as("seed %d", seed).isEqualTo(expected);
            Arrays.stream(levels).forEach(level -> met[level]++);
        }
        assertThat(met).doesNotContain(0);
    }
}
