package dev.holdfast.report;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Strength;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.IntColumn;
import dev.holdfast.heap.ObjectGraph;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the objects of a heap at their places, in address order, shared out between threads.
 *
 * <p>A place has one type. So what a place's objects are told apart by is reachability and, where the type does not fix
 * their size, its class; both profiles follow from that. Memory: a table for each thread.
 */
final class FrameCounting {
    private static final int PROGRESS_STEP = 1 << 16;

    /** In place of a size class: the type says how large its objects are. */
    private static final int FIXED = -1;

    private final ObjectGraph graph;
    private final HeapSnapshot heap;
    private final IntColumn placeOf;
    private final FramePlaces places;
    private final FrameRoots roots;

    /** Whether all objects of a type have one size. */
    private final boolean[] fixed;

    /** By place instead of a frame, and by exponent of the size class, or {@link #FIXED}, instead of a type. */
    private final FrameCounts counts = new FrameCounts();

    private FrameCounting(HeapSnapshot heap, IntColumn placeOf, FramePlaces places, FrameRoots roots) {
        this.heap = heap;
        this.graph = heap.graph();
        this.placeOf = placeOf;
        this.places = places;
        this.roots = roots;
        this.fixed = new boolean[heap.types().size()];
        for (int type = 0; type < fixed.length; type++) {
            fixed[type] = graph.fixedSize(type);
        }
    }

    /**
     * Counts all objects.
     *
     * @param placeOf place of each object, {@link FramePlaces#NOWHERE} for those that are not reachable
     */
    static FrameCounting of(
            HeapSnapshot heap, IntColumn placeOf, FramePlaces places, FrameRoots roots, Progress progress) {
        int objects = heap.graph().objectCount();
        int threads = heap.options().threads();
        progress.phase("counting objects", -1);
        List<FrameCounting> parts = new ArrayList<>();
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int from = (int) ((long) objects * i / threads);
            int to = (int) ((long) objects * (i + 1) / threads);
            FrameCounting part = new FrameCounting(heap, placeOf, places, roots);
            parts.add(part);
            tasks.add(() -> part.count(from, to, progress));
        }
        heap.sideBySide(tasks);
        FrameCounting all = parts.get(0);
        for (FrameCounting part : parts.subList(1, threads)) {
            all.counts.addAll(part.counts);
        }
        return all;
    }

    /** Adds what was counted. */
    void addTo(RetentionTree tree, InUseTable inUse) {
        for (int row = 0; row < counts.rows(); row++) {
            long count = counts.count(row);
            if (count > 0) {
                int frame = places.frame(counts.frame(row));
                int type = places.type(counts.frame(row));
                int sizeClass = counts.type(row);
                int reachability = counts.reachability(row);
                long bytes = counts.bytes(row);
                tree.addAll(frame, type, reachability, count, bytes);
                inUse.add(
                        type,
                        InUseTable.NONE,
                        roots.kind(frame),
                        reachability,
                        roots.thread(frame),
                        sizeClass == FIXED ? bytes / count : SizeClass.ofExponent(sizeClass),
                        count,
                        bytes);
            }
        }
    }

    private void count(int from, int to, Progress progress) {
        for (int begin = from; begin < to; begin += PROGRESS_STEP) {
            progress.check();
            countStep(begin, Math.min(to, begin + PROGRESS_STEP));
        }
    }

    private void countStep(int from, int to) {
        for (int object = from; object < to; object++) {
            int place = placeOf.get(object);
            if (place != FramePlaces.NOWHERE) {
                count(object, place);
            }
        }
    }

    private void count(int object, int place) {
        long size = graph.shallowSize(object);
        Strength strength = heap.strength(object);
        int reachability = strength == null ? 0 : strength.ordinal();
        int sizeClass = fixed[places.type(place)] ? FIXED : SizeClass.exponent(size);
        counts.add(place, sizeClass, reachability, 1, size);
    }
}
