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
 * <p>Each step down is one pass over the column of dominators, 1 to 2 nanoseconds a node, and at most 64 are made. No
 * memory to speak of.
 */
public final class LargestRetainers {
    /** In percent of what a node retains: so much continues a chain. */
    private static final int CHAIN = 70;

    /** So much is a branch of a fork. */
    private static final int BRANCH = 15;

    /** So much all branches make up together. */
    private static final int FORK = 80;

    private static final int MAX_STEPS = 64;

    private final HeapSnapshot heap;
    private final DominatorTree dominators;
    private final int most;
    private final Progress progress;
    private List<Chain> chains = new ArrayList<>();

    /** A way down: where it has come to, the types on it, and the large ones that its end dominates. */
    private static final class Chain {
        private final int end;
        private final Set<Integer> types;
        private final List<Integer> large = new ArrayList<>();
        private boolean closed;

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
        for (int step = 0; step < MAX_STEPS && hasOpen(); step++) {
            progress.check();
            collect();
            descend();
        }
        return chains.stream().map(chain -> chain.end).toList();
    }

    /** Finds the large ones that each chain's end dominates. */
    private void collect() {
        int[] ends = chains.stream().mapToInt(chain -> chain.end).toArray();
        for (int node = 0; node < dominators.nodeCount(); node++) {
            int dominator = dominators.immediateDominator(node);
            for (int c = 0; c < ends.length; c++) {
                if (ends[c] == dominator && isShare(node, dominator, BRANCH)) {
                    chains.get(c).large.add(node);
                }
            }
        }
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

    /** Takes each chain a step down, or to the branches of a fork, or to its end. */
    private void descend() {
        List<Chain> all = new ArrayList<>();
        for (Chain chain : chains) {
            List<Integer> next = next(chain);
            if (next.isEmpty()) {
                chain.closed = true;
                all.add(chain);
            }
            for (int node : next) {
                all.add(new Chain(node, types(chain.types, node)));
            }
        }
        chains = all;
        largest();
    }

    /** The one that continues a chain, or the branches of a fork; none at its end. */
    private List<Integer> next(Chain chain) {
        if (chain.closed) {
            return List.of();
        }
        for (int node : chain.large) {
            if (isShare(node, chain.end, CHAIN)) {
                return isNew(node, chain) ? List.of(node) : List.of();
            }
        }
        List<Integer> branches =
                chain.large.stream().filter(node -> isNew(node, chain)).toList();
        long together = branches.stream().mapToLong(this::retained).sum();
        boolean forks =
                branches.size() > 1 && branches.size() <= most && together >= percent(retained(chain.end), FORK);
        return forks ? branches : List.of();
    }

    private boolean isNew(int node, Chain chain) {
        return heap.graph().isHolder(node)
                || isClass(node)
                || !chain.types.contains(heap.graph().typeOf(node));
    }

    private boolean isShare(int node, int dominator, int percent) {
        return retained(node) >= percent(retained(dominator), percent);
    }

    private static long percent(long whole, int percent) {
        return whole / 100 * percent + whole % 100 * percent / 100;
    }

    private Set<Integer> types(Set<Integer> above, int node) {
        Set<Integer> types = new HashSet<>(above);
        add(types, node);
        return types;
    }

    private void add(Set<Integer> types, int node) {
        if (heap.graph().isHolder(node)) {
            return;
        }
        if (isClass(node)) {
            types.clear();
        }
        types.add(heap.graph().typeOf(node));
    }

    private boolean isClass(int object) {
        return heap.types().get(heap.graph().typeOf(object)).name().equals("java.lang.Class");
    }

    private long retained(int node) {
        return dominators.retainedSize(node);
    }
}
