package dev.holdfast.heap;

import dev.holdfast.dump.Progress;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds which sleepers nothing can ever wake: a sleeper wakes when one of the nodes it waits for is reached, and then
 * reaches further by its own nodes. What is asleep when nothing changes any more, sleeps for ever.
 *
 * <p>It is the search of Go's own goroutine leak profile (Saioc et al., "Dynamic Partial Deadlock Detection and Recovery
 * via Garbage Collection", ASPLOS 2025) over the graph's columns. Most of a heap is reached in the first round, on several
 * threads; from the third on each node that is reached looks for its sleepers itself, so that a chain of a million that
 * wake one another costs a million steps. Memory: a bit a node while it runs, and 12 bytes for each that is waited for.
 * Used by one thread; nothing may be added once it has run.
 */
public final class WakeSearch {
    /** A round looks at all sleepers again: with more than a few, their sum would be their square. */
    private static final int ROUNDS = 2;

    private static final int PROGRESS_STEP = 1 << 16;

    private final Marking marking;
    private final EdgeList edges;
    private final int threads;

    /** Of each sleeper where its wakers and its own nodes begin. */
    private int[] firstWaker = new int[17];

    private int[] firstOwn = new int[17];
    private int[] wakers = new int[16];
    private int[] own = new int[16];
    private int sleepers;
    private BitSet asleep = new BitSet();

    /** A search in a heap whose roots have to be given one by one. */
    public WakeSearch(HeapSnapshot heap) {
        this(
                heap.graph().edges(),
                heap.graph().nodeCount(),
                heap.store(),
                heap.options().threads());
    }

    WakeSearch(EdgeList edges, int nodes, ColumnStore store, int threads) {
        this.edges = edges;
        this.threads = threads;
        marking = new Marking(edges, nodes, store);
    }

    /**
     * Keeps the search from following a node's references before a sleeper that owns it wakes. Before all others.
     *
     * @param node is never what a sleeper waits for
     */
    public void hold(int node) {
        marking.hold(node);
    }

    /** What is reached from the start. */
    public void root(int node) {
        marking.reach(node);
    }

    /** Adds a sleeper that waits for nothing yet; returns its number, counted from 0. */
    public int sleeper() {
        if (sleepers + 1 == firstWaker.length) {
            firstWaker = Arrays.copyOf(firstWaker, 2 * sleepers + 2);
            firstOwn = Arrays.copyOf(firstOwn, 2 * sleepers + 2);
        }
        asleep.set(sleepers++);
        firstWaker[sleepers] = firstWaker[sleepers - 1];
        firstOwn[sleepers] = firstOwn[sleepers - 1];
        return sleepers - 1;
    }

    /** The sleeper added last wakes when this node is reached. */
    public void waker(int node) {
        int at = firstWaker[sleepers]++;
        if (at == wakers.length) {
            wakers = Arrays.copyOf(wakers, 2 * at);
        }
        wakers[at] = node;
    }

    /** The sleeper added last has this node, which is reached when it wakes, held or not. */
    public void own(int node) {
        int at = firstOwn[sleepers]++;
        if (at == own.length) {
            own = Arrays.copyOf(own, 2 * at);
        }
        own[at] = node;
    }

    /**
     * Runs the search.
     *
     * @return the numbers of the sleepers that nothing wakes
     * @throws dev.holdfast.dump.CanceledException if the progress was cancelled
     */
    public BitSet run(Progress progress) {
        marking.walk(threads);
        for (int round = 0; round < ROUNDS; round++) {
            progress.check();
            if (!wakeAll()) {
                return finished();
            }
            marking.walk(threads);
        }
        wakeAll();
        new OneByOne(progress).run();
        return finished();
    }

    /** Whether a node was reached, or held and not let go. */
    public boolean reached(int node) {
        return marking.marked(node);
    }

    private BitSet finished() {
        marking.release();
        return asleep;
    }

    /** Wakes all that wait for a marked node; whether there was any. */
    private boolean wakeAll() {
        boolean any = false;
        for (int sleeper = asleep.nextSetBit(0); sleeper >= 0; sleeper = asleep.nextSetBit(sleeper + 1)) {
            if (wakes(sleeper)) {
                wake(sleeper);
                any = true;
            }
        }
        return any;
    }

    private boolean wakes(int sleeper) {
        for (int i = firstWaker[sleeper]; i < firstWaker[sleeper + 1]; i++) {
            if (marking.marked(wakers[i])) {
                return true;
            }
        }
        return false;
    }

    private void wake(int sleeper) {
        asleep.clear(sleeper);
        for (int i = firstOwn[sleeper]; i < firstOwn[sleeper + 1]; i++) {
            marking.let(own[i]);
        }
    }

    /** Goes on from what waits to be followed, node by node, and wakes sleepers as soon as what they wait for is reached. */
    private final class OneByOne {
        private final Progress progress;

        /** What those still asleep wait for, ascending by node, with their numbers. */
        private final long[] waited;

        OneByOne(Progress progress) {
            this.progress = progress;
            long[] all = new long[firstWaker[sleepers]];
            int count = 0;
            for (int sleeper = asleep.nextSetBit(0); sleeper >= 0; sleeper = asleep.nextSetBit(sleeper + 1)) {
                for (int i = firstWaker[sleeper]; i < firstWaker[sleeper + 1]; i++) {
                    all[count++] = (long) wakers[i] << 32 | sleeper;
                }
            }
            waited = Arrays.copyOf(all, count);
            Arrays.sort(waited);
        }

        void run() {
            IntStack open = marking.open();
            for (int step = 1; !open.isEmpty(); step++) {
                int node = open.pop();
                wakeSleepersOf(node);
                long end = edges.end(node);
                for (long edge = edges.first(node); edge < end; edge++) {
                    marking.reach(edges.target(edge));
                }
                if ((step & (PROGRESS_STEP - 1)) == 0) {
                    progress.check();
                }
            }
        }

        private void wakeSleepersOf(int node) {
            if (waited.length == 0) {
                return;
            }
            int at = Arrays.binarySearch(waited, (long) node << 32);
            for (at = at < 0 ? -at - 1 : at; at < waited.length && waited[at] >>> 32 == node; at++) {
                int sleeper = (int) waited[at];
                if (asleep.get(sleeper)) {
                    wake(sleeper);
                }
            }
        }
    }
}
