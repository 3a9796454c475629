package dev.holdfast.report;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Strength;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.IntColumn;
import dev.holdfast.heap.ObjectGraph;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the objects of a heap at their frames, in address order, shared out between threads.
 *
 * <p>Objects whose type fixes their size are counted by frame only: the rows of {@code inuse.pb.gz} follow from that. Only
 * arrays and the like are looked up in both tables. Memory: the two tables for each thread.
 */
final class FrameCounting {
    private static final int PROGRESS_STEP = 1 << 16;

    private final ObjectGraph graph;
    private final HeapSnapshot heap;
    private final IntColumn frameOf;
    private final Roots roots;
    private final boolean[] fixed;
    private final FrameCounts frames = new FrameCounts();
    private final InUseTable varying = new InUseTable();

    /** What holds the objects of each frame. */
    static final class Roots {
        private final int[] byFrame;
        private final int[] kinds;
        private final int[] threads;

        /**
         * Takes ownership of the arrays.
         *
         * @param byFrame number of the root
         * @param kinds kind by root
         * @param threads name of the thread by root, or {@link InUseTable#NONE}
         */
        Roots(int[] byFrame, int[] kinds, int[] threads) {
            this.byFrame = byFrame;
            this.kinds = kinds;
            this.threads = threads;
        }
    }

    private FrameCounting(HeapSnapshot heap, IntColumn frameOf, Roots roots) {
        this.heap = heap;
        this.graph = heap.graph();
        this.frameOf = frameOf;
        this.roots = roots;
        this.fixed = new boolean[heap.types().size()];
        for (int type = 0; type < fixed.length; type++) {
            fixed[type] = graph.fixedSize(type);
        }
    }

    /**
     * Counts all objects.
     *
     * @param frameOf frame of each object, 0 for those that are not reachable
     */
    static FrameCounting of(HeapSnapshot heap, IntColumn frameOf, Roots roots, Progress progress) {
        int objects = heap.graph().objectCount();
        int threads = heap.options().threads();
        progress.phase("counting objects", -1);
        List<FrameCounting> parts = new ArrayList<>();
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int from = (int) ((long) objects * i / threads);
            int to = (int) ((long) objects * (i + 1) / threads);
            FrameCounting part = new FrameCounting(heap, frameOf, roots);
            parts.add(part);
            tasks.add(() -> part.count(from, to, progress));
        }
        heap.sideBySide(tasks);
        FrameCounting all = parts.get(0);
        for (FrameCounting part : parts.subList(1, threads)) {
            all.frames.addAll(part.frames);
            all.varying.addAll(part.varying);
        }
        return all;
    }

    /** Adds what was counted. */
    void addTo(RetentionTree tree, InUseTable inUse) {
        tree.addAll(frames);
        inUse.addAll(varying);
        for (int row = 0; row < frames.rows(); row++) {
            long count = frames.count(row);
            int type = frames.type(row);
            if (count > 0 && fixed[type]) {
                int root = roots.byFrame[frames.frame(row)];
                inUse.add(
                        type,
                        InUseTable.NONE,
                        roots.kinds[root],
                        frames.reachability(row),
                        roots.threads[root],
                        frames.bytes(row) / count,
                        count,
                        frames.bytes(row));
            }
        }
    }

    private void count(int from, int to, Progress progress) {
        for (int begin = from; begin < to; begin += PROGRESS_STEP) {
            progress.check();
            int end = Math.min(to, begin + PROGRESS_STEP);
            for (int object = begin; object < end; object++) {
                int frame = frameOf.get(object);
                if (frame != 0) {
                    count(object, frame);
                }
            }
        }
    }

    private void count(int object, int frame) {
        int type = graph.typeOf(object);
        long size = graph.shallowSize(object);
        Strength strength = heap.strength(object);
        int reachability = strength == null ? 0 : strength.ordinal();
        frames.add(frame, type, reachability, 1, size);
        if (!fixed[type]) {
            int root = roots.byFrame[frame];
            varying.add(
                    type,
                    InUseTable.NONE,
                    roots.kinds[root],
                    reachability,
                    roots.threads[root],
                    SizeClass.of(size, true),
                    1,
                    size);
        }
    }
}
