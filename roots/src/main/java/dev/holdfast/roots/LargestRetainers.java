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
 * <p>At most 64 steps down, each a pass over the few nodes that retain enough to be the next, which a pass over all nodes
 * has found; where the steps come to smaller ones, another pass finds those. Memory: a bit a node.
 */
public final class LargestRetainers {
    /** In percent of what a node retains: so much continues a chain. */
    private static final int CHAIN = 70;

    /** So much is a branch of a fork. */
    private static final int BRANCH = 15;

    /** So much all branches make up together. */
    private static final int FORK = 80;

    private static final int MAX_STEPS = 64;

    /** So many times smaller than what is looked for now is what is noted, so that it lasts for some steps. */
    private static final int AHEAD = 4;

    private static final int NODES_A_STEP = 1 << 16;

    private final HeapSnapshot heap;
    private final DominatorTree dominators;
    private final int most;
    private final Progress progress;
    private List<Chain> chains = new ArrayList<>();

    /** A bit for each node that retains at least {@link #floor} bytes. */
    private final long[] large;

    private long floor = Long.MAX_VALUE;

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
        this.large = new long[(dominators.nodeCount() + Long.SIZE - 1) / Long.SIZE];
    }

    /** At most so many nodes of a heap, those that retain most first; none contains another. */
    public static List<Integer> find(HeapSnapshot heap, int most, Progress progress) {
        return new LargestRetainers(heap, most, progress).find();
    }

    private List<Integer> find() {
        for (int from = 0; from < dominators.nodeCount(); from += NODES_A_STEP) {
            progress.check();
            offer(from, (int) Math.min(dominators.nodeCount(), (long) from + NODES_A_STEP));
        }
        for (int step = 0; step < MAX_STEPS && hasOpen(); step++) {
            progress.check();
            collect();
            descend();
        }
        return chains.stream().map(chain -> chain.end).toList();
    }

    private void offer(int from, int to) {
        for (int node = from; node < to; node++) {
            if (dominators.immediateDominator(node) == DominatorTree.VIRTUAL_ROOT) {
                offer(node);
            }
        }
    }

    /** Finds the large ones that the end of each open chain dominates. */
    private void collect() {
        List<Chain> open = chains.stream().filter(chain -> !chain.closed).toList();
        long least = Long.MAX_VALUE;
        for (Chain chain : open) {
            least = Math.min(least, percent(retained(chain.end), BRANCH));
        }
        if (least < floor) {
            floor = least / AHEAD;
            for (int word = 0; word < large.length; word += NODES_A_STEP / Long.SIZE) {
                progress.check();
                note(word, Math.min(large.length, word + NODES_A_STEP / Long.SIZE));
            }
        }
        for (int word = 0; word < large.length; word++) {
            for (long bits = large[word]; bits != 0; bits &= bits - 1) {
                collect(word * Long.SIZE + Long.numberOfTrailingZeros(bits), open);
            }
        }
    }

    private void note(int fromWord, int toWord) {
        for (int word = fromWord; word < toWord; word++) {
            int from = word * Long.SIZE;
            int to = Math.min(dominators.nodeCount() - from, Long.SIZE);
            long bits = 0;
            for (int i = 0; i < to; i++) {
                bits |= (retained(from + i) >= floor ? 1L : 0L) << i;
            }
            large[word] = bits;
        }
    }

    private void collect(int node, List<Chain> open) {
        int dominator = dominators.immediateDominator(node);
        for (int c = 0; c < open.size(); c++) {
            Chain chain = open.get(c);
            if (chain.end == dominator && isShare(node, dominator, BRANCH)) {
                chain.large.add(node);
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
