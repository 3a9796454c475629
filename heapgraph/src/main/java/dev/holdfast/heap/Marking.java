package dev.holdfast.heap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Marks what can be reached from some nodes over a list of edges, in no order, on several threads.
 *
 * <p>Each thread has a few nodes whose references it still has to look at; what it cannot keep goes to a stack that all
 * share, and who has none left takes from there. Memory: a bit a node, and 4 bytes for each node that waits.
 */
final class Marking {
    /** Nodes that change hands at once: the lock is then taken for one in 500. */
    private static final int SHARE = 512;

    /** Nodes that are looked at together. */
    private static final int BATCH = 32;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private final EdgeList edges;
    private final long[] marks;
    private final IntStack shared;
    private int working;

    /** Nothing is marked yet of nodes 0 to {@code nodes - 1}. */
    Marking(EdgeList edges, int nodes, ColumnStore store) {
        this.edges = edges;
        this.marks = new long[(nodes >>> 6) + 1];
        this.shared = new IntStack(store);
    }

    /** Whether the node was reached. */
    boolean marked(int node) {
        return (marks[node >>> 6] & 1L << node) != 0;
    }

    /** Marks a node, from which the next {@link #walk} goes on; not while one runs. */
    void reach(int node) {
        if (mark(node)) {
            shared.push(node);
        }
    }

    /** Marks a node without going on from it; not while a walk runs. */
    void hold(int node) {
        mark(node);
    }

    /** Marks a node and goes on from it, even if it was marked before; not while a walk runs. */
    void let(int node) {
        mark(node);
        shared.push(node);
    }

    /** The nodes that are marked and were not looked at, for who does that without {@link #walk}. */
    IntStack open() {
        return shared;
    }

    /** Marks all that nodes lead to which were reached so far. */
    void walk(int threads) {
        working = threads;
        List<Runnable> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(this::work);
        }
        Workers.run(threads, workers);
    }

    /** Gives memory back; nothing can be reached any more. */
    void release() {
        shared.release();
    }

    private boolean mark(int node) {
        int word = node >>> 6;
        long bit = 1L << node;
        return ((long) WORDS.getOpaque(marks, word) & bit) == 0
                && ((long) WORDS.getAndBitwiseOr(marks, word, bit) & bit) == 0;
    }

    private void work() {
        Worker worker = new Worker();
        boolean ended = false;
        try {
            while (take(worker)) {
                while (worker.size > 0) {
                    worker.step();
                }
            }
            ended = true;
        } finally {
            if (!ended) {
                leave();
            }
        }
    }

    /**
     * Nodes of one thread whose references are still to be looked at. It takes some at a time and does with all of them one
     * thing after the other, so that the processor waits for several places of memory at once.
     */
    private final class Worker {
        private final int[] nodes = new int[2 * SHARE];
        private final int[] targets = new int[SHARE];
        private final long[] first = new long[BATCH];
        private final long[] end = new long[BATCH];
        private int size;

        void step() {
            int count = Math.min(BATCH, size);
            size -= count;
            for (int i = 0; i < count; i++) {
                int node = nodes[size + i];
                first[i] = edges.first(node);
                end[i] = edges.end(node);
            }
            int found = 0;
            for (int i = 0; i < count; i++) {
                for (long edge = first[i]; edge < end[i]; edge++) {
                    if (found == targets.length) {
                        push(found);
                        found = 0;
                    }
                    targets[found++] = edges.target(edge);
                }
            }
            push(found);
        }

        /** Takes what was not marked yet out of the targets; their edges are known by now. */
        private void push(int found) {
            if (size + found > nodes.length) {
                give(this);
            }
            int to = size;
            for (int i = 0; i < found; i++) {
                int node = targets[i];
                if (mark(node)) {
                    nodes[to++] = node;
                }
            }
            size = to;
        }
    }

    /** Moves the first of a thread's nodes to where all take from. */
    private synchronized void give(Worker from) {
        for (int i = 0; i < SHARE; i++) {
            shared.push(from.nodes[i]);
        }
        from.size -= SHARE;
        System.arraycopy(from.nodes, SHARE, from.nodes, 0, from.size);
        notifyAll();
    }

    /** Takes some nodes, once there are any; false when no thread has any left. */
    private synchronized boolean take(Worker into) {
        leave();
        boolean interrupted = false;
        while (shared.isEmpty() && working > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        while (into.size < SHARE && !shared.isEmpty()) {
            into.nodes[into.size++] = shared.pop();
        }
        working += into.size > 0 ? 1 : 0;
        return into.size > 0;
    }

    private synchronized void leave() {
        working--;
        notifyAll();
    }
}
