package dev.holdfast.roots;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The few nodes that a person wants to hear of first: where the memory of the largest subtrees of the dominator tree begins
 * to spread.
 *
 * <p>From a node to the one that it dominates and that retains at least 70 % of it, as Eclipse Memory Analyzer's
 * accumulation point (hprof.md 5.7). Where several large ones together make up nearly all (the classes of one class
 * loader, say, of which two leak), each of them is followed. A type that was met on the way ends it: in a list every node
 * retains nearly all that the one before does, and the list is what matters, not its last node.
 *
 * <p>Dominators come before what they dominate, so that one pass over the nodes follows all chains to their ends; a pass
 * more for each fork. No memory to speak of.
 */
public final class LargestRetainers {
    /** In percent of what a node retains: so much continues a chain. */
    private static final int CHAIN = 70;

    /** So much is a branch of a fork. */
    private static final int BRANCH = 15;

    /** So much all branches make up together. */
    private static final int FORK = 80;

    private static final int MAX_ROUNDS = 32;
    private static final int PROGRESS_STEP = 1 << 16;

    private final HeapSnapshot heap;
    private final DominatorTree dominators;
    private final int most;
    private final Progress progress;
    private List<Chain> chains = new ArrayList<>();

    /** A way down; {@code types} are those on it. */
    private static final class Chain {
        private int end;
        private final Set<Integer> types;
        private boolean closed;
        private final List<Integer> branches = new ArrayList<>();

        Chain(int end, Set<Integer> types) {
            this.end = end;
            this.types = types;
        }
    }

    private LargestRetainers(HeapSnapshot heap, int most, Progress progress) {
        this.heap = heap;
        this.dominators = heap.dominators();
        this.most = most;
        this.progress = progress;
    }

    /** At most so many nodes of a heap, those that retain most first; none contains another. */
    public static List<Integer> find(HeapSnapshot heap, int most, Progress progress) {
        return new LargestRetainers(heap, most, progress).find();
    }

    private List<Integer> find() {
        for (int node = 0; node < dominators.nodeCount(); node++) {
            if (dominators.immediateDominator(node) == DominatorTree.VIRTUAL_ROOT) {
                offer(node);
            }
        }
        for (int round = 0; round < MAX_ROUNDS && hasOpen(); round++) {
            follow();
            fork();
        }
        return chains.stream().map(chain -> chain.end).toList();
    }

    /** Takes all chains to where they fork or end. */
    private void follow() {
        int[] ends = chains.stream().mapToInt(chain -> chain.end).toArray();
        int count = dominators.reachableCount();
        for (int i = 0; i < count; i++) {
            if (i % PROGRESS_STEP == 0) {
                progress.check();
            }
            int node = dominators.nodeAt(i);
            int dominator = dominators.immediateDominator(node);
            for (int c = 0; c < ends.length; c++) {
                if (ends[c] == dominator) {
                    ends[c] = follow(chains.get(c), node);
                }
            }
        }
    }

    /** The end of a chain now that a node was met that its end dominates. */
    private int follow(Chain chain, int node) {
        if (chain.closed || !isShare(node, chain.end, BRANCH)) {
            return chain.end;
        }
        boolean isNew = isNew(node, chain);
        if (isShare(node, chain.end, CHAIN)) {
            chain.branches.clear();
            if (isNew) {
                chain.end = node;
                add(chain.types, node);
            } else {
                chain.closed = true;
            }
        } else if (isNew) {
            chain.branches.add(node);
        }
        return chain.end;
    }

    /** Keeps a node below the virtual root as long as it may be among the largest. */
    private void offer(int node) {
        if (chains.size() < most || retained(node) > retained(chains.get(chains.size() - 1).end)) {
            chains.add(new Chain(node, types(Set.of(), node)));
            largest();
        }
    }

    private void largest() {
        chains.sort(
                Comparator.comparingLong((Chain chain) -> -retained(chain.end)).thenComparingInt(chain -> chain.end));
        if (chains.size() > most) {
            chains = new ArrayList<>(chains.subList(0, most));
        }
    }

    private boolean hasOpen() {
        return chains.stream().anyMatch(chain -> !chain.closed);
    }

    /** Puts the branches of forks in the place of what they hang below. */
    private void fork() {
        List<Chain> all = new ArrayList<>();
        for (Chain chain : chains) {
            long together = chain.branches.stream().mapToLong(this::retained).sum();
            boolean forks = chain.branches.size() > 1
                    && chain.branches.size() <= most
                    && together >= retained(chain.end) / 100 * FORK;
            if (forks) {
                for (int branch : chain.branches) {
                    all.add(new Chain(branch, types(chain.types, branch)));
                }
            } else {
                chain.closed = true;
                all.add(chain);
            }
        }
        chains = all;
        largest();
    }

    private boolean isNew(int node, Chain chain) {
        return heap.graph().isHolder(node) || !chain.types.contains(heap.graph().typeOf(node));
    }

    private boolean isShare(int node, int dominator, int percent) {
        long whole = retained(dominator);
        return retained(node) >= whole / 100 * percent + whole % 100 * percent / 100;
    }

    private Set<Integer> types(Set<Integer> above, int node) {
        Set<Integer> types = new HashSet<>(above);
        add(types, node);
        return types;
    }

    private void add(Set<Integer> types, int node) {
        if (!heap.graph().isHolder(node)) {
            types.add(heap.graph().typeOf(node));
        }
    }

    private long retained(int node) {
        return dominators.retainedSize(node);
    }
}
