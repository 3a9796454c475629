package dev.holdfast.heap;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Strength;

/**
 * How strongly each node is held: a path is as strong as its weakest edge, and the strongest path decides.
 *
 * <p>Level by level: all that ordinary edges reach from the roots is strong; then all that is reached from there through
 * soft references and ordinary edges, and so on; last what only conditional roots hold, all as weakly as what waits for a
 * finalizer. Every edge is looked at once. Memory: 1 byte a node, and while it runs a
 * stack, 4 bytes for each node that waits (all nodes at worst, few on real heaps). Immutable once computed and
 * thread-safe.
 */
final class Reachability {
    /** Level of what no path reaches; the others are the ordinal of a {@link Strength} plus one. */
    static final int UNREACHABLE = 0;

    /** Level of what is held through conditional roots only, however weak the edges are from there. */
    private static final byte CONDITIONAL = (byte) level(Strength.FINALIZER);

    private static final int LEVELS = Strength.values().length;
    private static final int PROGRESS_STEP = 1 << 16;

    private final ByteColumn levels;
    private final boolean[] conditionalRoots;

    Reachability(ByteColumn levels, boolean[] conditionalRoots) {
        this.levels = levels;
        this.conditionalRoots = conditionalRoots;
    }

    /** The level of edges of a strength. */
    static int level(Strength strength) {
        return strength.ordinal() + 1;
    }

    /** Computes the levels of all nodes, whether or not the graph leaves edges out that are not strong. */
    static Reachability compute(NodeGraph graph, ColumnStore store, Progress progress) {
        ByteColumn levels = store.bytes(graph.nodes());
        IntStack[] waiting = new IntStack[LEVELS + 1];
        for (int level = 1; level <= LEVELS; level++) {
            waiting[level] = new IntStack(store);
        }
        for (int root : graph.roots()) {
            waiting[1].push(root);
        }
        IntStack marked = new IntStack(store);
        for (int level = 1; level <= LEVELS; level++) {
            new Level(graph, levels, (byte) level, marked, waiting, progress).run();
            waiting[level].release();
        }
        boolean[] conditional = conditionalRoots(graph, levels, marked, progress);
        marked.release();
        return new Reachability(levels, conditional);
    }

    /** Marks what only conditional roots hold, and tells which of them count. */
    private static boolean[] conditionalRoots(NodeGraph graph, ByteColumn levels, IntStack marked, Progress progress) {
        ConditionalRoots roots = graph.allConditionalRoots();
        boolean[] count = new boolean[roots.count()];
        Level level = new Level(graph, levels, CONDITIONAL, marked, new IntStack[0], progress);
        for (int i = 0; i < count.length; i++) {
            count[i] = roots.source(i) < 0 || levels.get(roots.source(i)) == UNREACHABLE;
            if (count[i]) {
                level.mark(roots.target(i));
                level.follow(true);
            }
        }
        return count;
    }

    /** Whether a conditional root of the graph counts, its source not being reached when its turn came. */
    boolean isRoot(int conditionalRoot) {
        return conditionalRoots[conditionalRoot];
    }

    /** Level of a node: {@link #UNREACHABLE}, or the ordinal of its strength plus one. */
    int level(int node) {
        return levels.get(node);
    }

    ByteColumn levels() {
        return levels;
    }

    /** Gives the column back. */
    void release(ColumnStore store) {
        store.release(levels);
    }

    /** The walk at one level. */
    private static final class Level {
        private final NodeGraph graph;
        private final ByteColumn levels;
        private final byte level;
        private final IntStack marked;
        private final IntStack[] waiting;
        private final Progress progress;

        Level(NodeGraph graph, ByteColumn levels, byte level, IntStack marked, IntStack[] waiting, Progress progress) {
            this.graph = graph;
            this.levels = levels;
            this.level = level;
            this.marked = marked;
            this.waiting = waiting;
            this.progress = progress;
        }

        void run() {
            while (!waiting[level].isEmpty()) {
                mark(waiting[level].pop());
            }
            follow(false);
        }

        /** Marks all that the marked nodes reach; where not all edges are followed, weaker ones have to wait. */
        void follow(boolean allEdges) {
            EdgeList edges = graph.edges();
            for (int step = 1; !marked.isEmpty(); step++) {
                int node = marked.pop();
                int classNode = graph.classNode(node);
                if (classNode >= 0) {
                    mark(classNode);
                }
                long end = edges.end(node);
                int referent = graph.referentSlot(node);
                if (allEdges || referent < 0 || graph.referentLevel(node) <= level) {
                    for (long edge = edges.first(node); edge < end; edge++) {
                        mark(edges.target(edge));
                    }
                } else {
                    for (long edge = edges.first(node); edge < end; edge++) {
                        if (edges.slot(edge) != referent) {
                            mark(edges.target(edge));
                        } else if (levels.get(edges.target(edge)) == UNREACHABLE) {
                            waiting[graph.referentLevel(node)].push(edges.target(edge));
                        }
                    }
                }
                if ((step & (PROGRESS_STEP - 1)) == 0) {
                    progress.check();
                }
            }
        }

        void mark(int node) {
            if (levels.get(node) == UNREACHABLE) {
                levels.set(node, level);
                marked.push(node);
            }
        }
    }
}
