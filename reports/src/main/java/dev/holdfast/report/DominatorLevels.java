package dev.holdfast.report;

import dev.holdfast.heap.DominatorChildren;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.LargestFirst;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The upper levels of the dominator tree, as many as a page can bear: what retains most is opened first. Immutable once
 * made; memory: a few hundred rows.
 */
final class DominatorLevels {
    /** Levels below the virtual root; deeper ones are a matter for a command or the flame graph. */
    static final int MOST_LEVELS = 9;

    private static final int MOST_ROWS = 480;

    /** So many stand below the virtual root, and below each other row. */
    private static final int MOST_ROOTS = 25;

    private static final int MOST_CHILDREN = 7;

    /** What retains less than this part of the heap is not opened, and shown only as one of the first few. */
    private static final int LEAST_PART = 2_000;

    private static final int FEW_CHILDREN = 3;

    /** An object or holder with what it immediately dominates. */
    static final class Row {
        private final int node;
        private final int level;
        private final long retained;
        private final List<Row> children = new ArrayList<>();
        private long more;
        private long moreBytes;

        private Row(int node, int level, long retained) {
            this.node = node;
            this.level = level;
            this.retained = retained;
        }

        /** The node, or {@link DominatorTree#VIRTUAL_ROOT}. */
        int node() {
            return node;
        }

        /** 0 for the virtual root. */
        int level() {
            return level;
        }

        long retained() {
            return retained;
        }

        /** The largest of what it immediately dominates, if it was opened. */
        List<Row> children() {
            return children;
        }

        /** How many more it immediately dominates, if it was opened. */
        long more() {
            return more;
        }

        /** What those retain. */
        long moreBytes() {
            return moreBytes;
        }
    }

    private DominatorLevels() {}

    /** The virtual root with what was opened below it. */
    static Row of(HeapSnapshot heap) {
        DominatorTree tree = heap.dominators();
        DominatorChildren children = heap.dominated();
        long least = Math.max(1, tree.totalRetainedSize() / LEAST_PART);
        Row top = new Row(DominatorTree.VIRTUAL_ROOT, 0, tree.totalRetainedSize());
        PriorityQueue<Row> closed = new PriorityQueue<>(
                Comparator.comparingLong((Row row) -> -row.retained).thenComparingInt(row -> row.node));
        closed.add(top);
        int rows = 0;
        while (!closed.isEmpty() && rows < MOST_ROWS) {
            Row row = closed.remove();
            open(row, tree, children, row == top ? 1 : least);
            rows += row.children.size();
            for (Row child : row.children) {
                if (child.level < MOST_LEVELS && child.retained >= least) {
                    closed.add(child);
                }
            }
        }
        return top;
    }

    private static void open(Row row, DominatorTree tree, DominatorChildren children, long least) {
        int from = children.first(row.node);
        int to = children.end(row.node);
        LargestFirst largest = new LargestFirst(row.level == 0 ? MOST_ROOTS : MOST_CHILDREN);
        long all = 0;
        for (int at = from; at < to; at++) {
            int child = children.child(at);
            long retained = tree.retainedSize(child);
            all += retained;
            largest.offer(child, retained);
        }
        row.more = (long) to - from;
        row.moreBytes = all;
        for (int child : largest.take()) {
            Row below = new Row(child, row.level + 1, tree.retainedSize(child));
            if (below.retained < least && row.children.size() >= FEW_CHILDREN) {
                break;
            }
            row.children.add(below);
            row.more--;
            row.moreBytes -= below.retained;
        }
    }
}
