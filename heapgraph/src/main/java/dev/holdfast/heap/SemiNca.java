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
 * so the whole is O(m log n) on any graph.
 *
 * <p>No recursion: a compressed path is its own stack, its links being reversed on the way up. The loops contain no calls
 * that are not inlined, see {@link DepthFirstSearch}. Memory: 8 bytes a node beside the columns of the search, of which
 * the parents become the result. Used by one thread.
 */
final class SemiNca {
    private static final int STEPS_A_NODE = 64;
    private static final int NODES_A_STEP = 1 << 16;

    private final int count;
    private final IntColumn semi;
    /** The parents at first. */
    private final IntColumn idom;

    private final Progress progress;
    private final long stepLimit;
    private int done;

    private SemiNca(DepthFirstSearch search, long stepLimit, Progress progress) {
        this.count = search.count();
        this.semi = search.candidates();
        this.idom = search.parents();
        this.progress = progress;
        this.stepLimit = stepLimit;
    }

    /**
     * Computes the immediate dominator of each number; 0 is the virtual root.
     *
     * <p>Gives back the candidates and the predecessors; the result is what was the parents.
     */
    static IntColumn dominators(
            DepthFirstSearch search, Predecessors predecessors, ColumnStore store, int nodes, Progress progress) {
        long stepLimit = (long) STEPS_A_NODE * search.count();
        return dominators(search, predecessors, store, nodes, stepLimit, progress);
    }

    /** For tests: the same with another number of steps after which jump pointers are taken. */
    static IntColumn dominators(
            DepthFirstSearch search,
            Predecessors predecessors,
            ColumnStore store,
            int nodes,
            long stepLimit,
            Progress progress) {
        SemiNca run = new SemiNca(search, stepLimit, progress);
        run.semidominators(predecessors, store, nodes);
        predecessors.release(store);
        run.commonAncestors(store, nodes);
        store.release(search.candidates());
        return run.idom;
    }

    /** Lowers the candidates to semidominators. */
    private void semidominators(Predecessors predecessors, ColumnStore store, int nodes) {
        progress.phase("finding semidominators", count);
        LongColumn paths = store.longs(DepthFirstSearch.columnSize(nodes));
        for (int high = count; high > 0; high -= NODES_A_STEP) {
            progress.check();
            progress.advance(count - high);
            semidominators(high, Math.max(0, high - NODES_A_STEP), predecessors, paths);
        }
        store.release(paths);
    }

    /**
     * The same for a range of numbers.
     *
     * @param paths of each number done: an ancestor (high half) and the lowest semidominator from the number up to before
     *     that (low half), in one column because they are always wanted together
     */
    private void semidominators(int high, int low, Predecessors predecessors, LongColumn paths) {
        UnsignedColumn starts = predecessors.starts();
        IntColumn sources = predecessors.sources();
        IntColumn semi = this.semi;
        IntColumn parents = this.idom;
        long end = starts.get(high + 1L);
        for (int w = high; w > low; w--) {
            int lowest = semi.get(w);
            long start = starts.get(w);
            for (long i = start; i < end; i++) {
                int v = sources.get(i);
                long path = paths.get(v);
                int label = (int) (path >>> 32) <= w ? (int) path : compress(v, w, paths);
                if (label < lowest) {
                    lowest = label;
                }
            }
            end = start;
            semi.set(w, lowest);
            paths.set(w, path(parents.get(w), lowest));
        }
    }

    private static long path(int ancestor, int label) {
        return (long) ancestor << 32 | label;
    }

    /** The lowest label from v up to the last node above w, all of which then hang below the same ancestor. */
    private static int compress(int v, int w, LongColumn paths) {
        int below = 0;
        int at = v;
        long path = paths.get(at);
        int above = (int) (path >>> 32);
        while (above > w) {
            paths.set(at, path(below, (int) path));
            below = at;
            at = above;
            path = paths.get(at);
            above = (int) (path >>> 32);
        }
        int lowest = (int) path;
        while (below != 0) {
            at = below;
            path = paths.get(at);
            below = (int) (path >>> 32);
            lowest = Math.min(lowest, (int) path);
            paths.set(at, path(above, lowest));
        }
        return lowest;
    }

    /** Turns parents into immediate dominators. */
    private void commonAncestors(ColumnStore store, int nodes) {
        progress.phase("finding dominators", count);
        long steps = 0;
        for (int low = 1; low <= count; low += NODES_A_STEP) {
            progress.check();
            progress.advance(low);
            int high = Math.min(count, low + NODES_A_STEP - 1);
            steps = commonAncestors(low, high, steps);
            if (steps > stepLimit) {
                IntColumn jumps = store.ints(DepthFirstSearch.columnSize(nodes));
                IntColumn depths = store.ints(DepthFirstSearch.columnSize(nodes));
                jump(done, jumps, depths);
                store.release(jumps);
                store.release(depths);
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
