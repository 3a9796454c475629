package dev.holdfast.heap;

import dev.holdfast.dump.Progress;

/**
 * Immediate dominators by the Semi-NCA algorithm (Georgiadis 2005) on depth-first numbers.
 *
 * <p>Semidominators as in Lengauer and Tarjan, with path compression; then, from the root downwards, the immediate
 * dominator of w is the deepest ancestor of its parent in the dominator tree made so far whose number is not above its
 * semidominator. Of the exact algorithms measured it was the fastest on each graph and took the least memory.
 *
 * <p>Walking up one dominator at a time is quadratic on contrived graphs (0.3 to 4.5 steps a node on real heaps). After
 * {@link #STEPS_A_NODE} steps a node the walk takes jump pointers (Myers 1983) instead, which bound it by a logarithm:
 * so the whole is O(m log n) on any graph. They live in the columns that path compression no longer needs.
 *
 * <p>No recursion: a compressed path is its own stack, its links being reversed on the way up. The loops contain no calls
 * that are not inlined, see {@link DepthFirstSearch}. Used by one thread.
 */
final class SemiNca {
    private static final int STEPS_A_NODE = 64;
    private static final int NODES_A_STEP = 1 << 16;

    private final int count;
    private final IntColumn semi;
    private final IntColumn idom;
    private final Progress progress;
    private final long stepLimit;
    private int done;

    private SemiNca(DepthFirstSearch search, IntColumn idom, long stepLimit, Progress progress) {
        this.count = search.count();
        this.semi = search.candidates();
        this.idom = idom;
        this.progress = progress;
        this.stepLimit = stepLimit;
    }

    /**
     * Computes the immediate dominator of each number; 0 is the virtual root.
     *
     * <p>Gives back the parents, the candidates and the predecessors.
     *
     * @param aside for the result
     */
    static IntColumn dominators(
            DepthFirstSearch search,
            Predecessors predecessors,
            ColumnStore store,
            ColumnStore aside,
            Progress progress) {
        long stepLimit = (long) STEPS_A_NODE * search.count();
        return dominators(search, predecessors, store, aside, stepLimit, progress);
    }

    /** For tests: the same with another number of steps after which jump pointers are taken. */
    static IntColumn dominators(
            DepthFirstSearch search,
            Predecessors predecessors,
            ColumnStore store,
            ColumnStore aside,
            long stepLimit,
            Progress progress) {
        IntColumn idom = aside.ints(search.parents().size());
        for (int w = 1; w <= search.reached(); w++) {
            idom.set(w, search.parents().get(w));
        }
        SemiNca run = new SemiNca(search, idom, stepLimit, progress);
        IntColumn labels = store.ints(search.count() + 1L);
        // Before a node's own turn nothing is known of it: an edge from an ancestor stands for the ancestor itself.
        for (int w = 1; w <= search.count(); w++) {
            labels.set(w, w);
        }
        run.semidominators(predecessors, search.parents(), labels);
        predecessors.release(store, aside);
        run.commonAncestors(search.parents(), labels);
        store.release(labels);
        store.release(search.parents());
        store.release(search.candidates());
        return idom;
    }

    /**
     * Lowers the candidates to semidominators.
     *
     * @param ancestors the parents; become compressed
     * @param labels takes the lowest semidominator on the compressed path
     */
    private void semidominators(Predecessors predecessors, IntColumn ancestors, IntColumn labels) {
        progress.phase("finding semidominators", count);
        for (int high = count; high > 0; high -= NODES_A_STEP) {
            progress.check();
            progress.advance(count - high);
            semidominators(high, Math.max(0, high - NODES_A_STEP), predecessors, ancestors, labels);
        }
    }

    private void semidominators(int high, int low, Predecessors predecessors, IntColumn ancestors, IntColumn labels) {
        UnsignedColumn starts = predecessors.starts();
        IntColumn sources = predecessors.sources();
        IntColumn semi = this.semi;
        long end = starts.get(high + 1L);
        for (int w = high; w > low; w--) {
            int lowest = semi.get(w);
            long start = starts.get(w);
            for (long i = start; i < end; i++) {
                int v = sources.get(i);
                int label = ancestors.get(v) <= w ? labels.get(v) : compress(v, w, ancestors, labels);
                if (label < lowest) {
                    lowest = label;
                }
            }
            end = start;
            semi.set(w, lowest);
            labels.set(w, lowest);
        }
    }

    /** The lowest label from v up to the last node above w, all of which then hang below the same ancestor. */
    private static int compress(int v, int w, IntColumn ancestors, IntColumn labels) {
        int below = 0;
        int at = v;
        int above = ancestors.get(at);
        while (above > w) {
            ancestors.set(at, below);
            below = at;
            at = above;
            above = ancestors.get(at);
        }
        int lowest = labels.get(at);
        while (below != 0) {
            at = below;
            below = ancestors.get(at);
            ancestors.set(at, above);
            int label = labels.get(at);
            if (label < lowest) {
                lowest = label;
            } else {
                labels.set(at, lowest);
            }
        }
        return lowest;
    }

    /**
     * Turns parents into immediate dominators.
     *
     * @param jumps scratch
     * @param depths scratch
     */
    private void commonAncestors(IntColumn jumps, IntColumn depths) {
        progress.phase("finding dominators", count);
        long steps = 0;
        for (int low = 1; low <= count; low += NODES_A_STEP) {
            progress.check();
            progress.advance(low);
            int high = Math.min(count, low + NODES_A_STEP - 1);
            steps = commonAncestors(low, high, steps);
            if (steps > stepLimit) {
                jump(done, jumps, depths);
                return;
            }
        }
    }

    private long commonAncestors(int low, int high, long stepsBefore) {
        IntColumn idom = this.idom;
        IntColumn semi = this.semi;
        long steps = stepsBefore;
        for (int w = low; w <= high; w++) {
            int at = idom.get(w);
            int bound = semi.get(w);
            while (at > bound) {
                at = idom.get(at);
                steps++;
            }
            idom.set(w, at);
            done = w;
            if (steps > stepLimit) {
                break;
            }
        }
        return steps;
    }

    /** The same with jump pointers, from the number after {@code done}. */
    private void jump(int done, IntColumn jumps, IntColumn depths) {
        jumps.set(0, 0);
        depths.set(0, 0);
        for (int w = 1; w <= count; w++) {
            int at = idom.get(w);
            if (w > done) {
                int bound = semi.get(w);
                while (at > bound) {
                    int far = jumps.get(at);
                    at = far > bound ? far : idom.get(at);
                }
                idom.set(w, at);
            }
            int near = jumps.get(at);
            int far = jumps.get(near);
            boolean even = depths.get(at) - depths.get(near) == depths.get(near) - depths.get(far);
            jumps.set(w, even ? far : at);
            depths.set(w, depths.get(at) + 1);
            if ((w & (NODES_A_STEP - 1)) == 0) {
                progress.check();
                progress.advance(w);
            }
        }
    }
}
