package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.Progress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compared with a search that begins anew whenever a sleeper wakes. */
final class WakeSearchTest {
    private record Sleeper(List<Integer> wakers, List<Integer> own) {}

    private static EdgeList edges(int[][] successors, ColumnStore store) {
        EdgeListBuilder builder = new EdgeListBuilder(store, successors.length);
        EdgeCollector collector = builder.open(0);
        for (int node = 0; node < successors.length; node++) {
            collector.begin(node);
            for (int target : successors[node]) {
                collector.edge(target, 0);
            }
        }
        builder.close(collector);
        return builder.build(false, 1);
    }

    private static WakeSearch search(
            int[][] successors, BitSet held, List<Integer> roots, List<Sleeper> sleepers, int threads) {
        ColumnStore store = ColumnStore.onHeap();
        WakeSearch search = new WakeSearch(edges(successors, store), successors.length, store, threads);
        held.stream().forEach(search::hold);
        roots.forEach(search::root);
        for (Sleeper sleeper : sleepers) {
            search.sleeper();
            sleeper.wakers.forEach(search::waker);
            sleeper.own.forEach(search::own);
        }
        return search;
    }

    /** All that is reached from roots and from those awake, where held nodes of those asleep lead nowhere. */
    private static BitSet reached(
            int[][] successors, BitSet held, List<Integer> roots, List<Sleeper> sleepers, BitSet asleep) {
        BitSet closed = (BitSet) held.clone();
        Deque<Integer> open = new ArrayDeque<>(roots);
        for (int s = 0; s < sleepers.size(); s++) {
            if (!asleep.get(s)) {
                sleepers.get(s).own.forEach(closed::clear);
                open.addAll(sleepers.get(s).own);
            }
        }
        BitSet reached = new BitSet();
        while (!open.isEmpty()) {
            int node = open.remove();
            if (!reached.get(node)) {
                reached.set(node);
                if (!closed.get(node)) {
                    for (int target : successors[node]) {
                        open.add(target);
                    }
                }
            }
        }
        return reached;
    }

    private static BitSet bruteForce(int[][] successors, BitSet held, List<Integer> roots, List<Sleeper> sleepers) {
        BitSet asleep = new BitSet();
        asleep.set(0, sleepers.size());
        for (boolean changed = true; changed; ) {
            changed = false;
            BitSet reached = reached(successors, held, roots, sleepers, asleep);
            for (int s = asleep.nextSetBit(0); s >= 0 && !changed; s = asleep.nextSetBit(s + 1)) {
                if (sleepers.get(s).wakers.stream().anyMatch(reached::get)) {
                    asleep.clear(s);
                    changed = true;
                }
            }
        }
        return asleep;
    }

    @Test
    void whoSleepsForEverIsWhatBruteForceFinds() {
        int someSleep = 0;
        for (long seed = 0; seed < 600; seed++) {
            Random random = new Random(seed);
            int nodes = 10 + random.nextInt(90);
            int[][] successors = new int[nodes][];
            for (int node = 0; node < nodes; node++) {
                successors[node] = random.ints(random.nextInt(3), 0, nodes).toArray();
            }
            // The first nodes are records, which nobody waits for.
            int records = random.nextInt(8);
            BitSet held = new BitSet();
            held.set(0, records);
            List<Sleeper> sleepers = new ArrayList<>();
            for (int s = random.nextInt(20); s > 0; s--) {
                Sleeper sleeper = new Sleeper(new ArrayList<>(), new ArrayList<>());
                for (int i = random.nextInt(3); i > 0; i--) {
                    sleeper.wakers.add(records + random.nextInt(nodes - records));
                }
                if (sleepers.size() < records) {
                    sleeper.own.add(sleepers.size());
                }
                for (int i = random.nextInt(3); i > 0; i--) {
                    sleeper.own.add(records + random.nextInt(nodes - records));
                }
                sleepers.add(sleeper);
            }
            List<Integer> roots =
                    random.ints(random.nextInt(4), 0, nodes).boxed().toList();

            WakeSearch search = search(successors, held, roots, sleepers, 1 + random.nextInt(2));
            BitSet never = search.run(Progress.NONE);

            BitSet expected = bruteForce(successors, held, roots, sleepers);
            assertThat(never).as("seed %d", seed).isEqualTo(expected);
            BitSet reached = reached(successors, held, roots, sleepers, expected);
            for (int node = records; node < nodes; node++) {
                assertThat(search.reached(node))
                        .as("seed %d node %d", seed, node)
                        .isEqualTo(reached.get(node));
            }
            someSleep += never.isEmpty() ? 0 : 1;
        }
        assertThat(someSleep).isGreaterThan(200);
    }

    @Test
    void chainOfThoseThatWakeOneAnotherIsWalkedToItsEnd() {
        int length = 200_000;
        int[][] successors = new int[length][0];
        List<Sleeper> sleepers = new ArrayList<>();
        // Against the order of the numbers, so that each round of looking at all would wake one.
        for (int s = 0; s < length - 1; s++) {
            sleepers.add(new Sleeper(List.of(s + 1), List.of(s)));
        }

        assertThat(search(successors, new BitSet(), List.of(length - 1), sleepers, 2)
                        .run(Progress.NONE)
                        .cardinality())
                .isZero();
        assertThat(search(successors, new BitSet(), List.of(length / 2), sleepers, 2)
                        .run(Progress.NONE)
                        .cardinality())
                .isEqualTo(length - 1 - length / 2);
    }
}
