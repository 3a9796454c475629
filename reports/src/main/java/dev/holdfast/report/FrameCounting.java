package dev.holdfast.report;

import dev.holdfast.dump.DumpType;
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

    private static final int UNIT = 8;

    /** Larger structures than 32 KiB have no size classes of their own in Go and go by powers of two. */
    private static final int EXACT_SIZES = (32 << 10) / UNIT + 1;

    private final ObjectGraph graph;
    private final HeapSnapshot heap;
    private final IntColumn placeOf;
    private final FramePlaces places;
    private final FrameRoots roots;

    private final AllocatedObjects allocated;

    /** Whether all objects of a type have one size. */
    private final boolean[] fixed;

    /** Whether objects of a type differ in size, as arrays do. */
    private final boolean[] varies;

    /** By place instead of a frame, and by exponent of the size class, or {@link #FIXED}, instead of a type. */
    private final FrameCounts counts = new FrameCounts();

    /** The same for objects whose allocation site is known, for one profile; the other tells them apart by site too. */
    private final FrameCounts allocatedCounts = new FrameCounts();

    private final InUseTable allocatedInUse = new InUseTable();

    private FrameCounting(
            HeapSnapshot heap, IntColumn placeOf, FramePlaces places, FrameRoots roots, AllocatedObjects allocated) {
        this.heap = heap;
        this.graph = heap.graph();
        this.placeOf = placeOf;
        this.places = places;
        this.roots = roots;
        this.allocated = allocated;
        this.fixed = new boolean[heap.types().size()];
        this.varies = new boolean[fixed.length];
        Language language = Language.of(heap.dump().info());
        for (DumpType type : heap.types()) {
            fixed[type.index()] = graph.fixedSize(type.index());
            // A structure that Go's runtime sizes object by object has the one size of its slot all the same.
            boolean structure = type.kind() == DumpType.Kind.INSTANCE || type.kind() == DumpType.Kind.UNKNOWN;
            varies[type.index()] = !structure || language == Language.JAVA;
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
        AllocatedObjects allocated = AllocatedObjects.of(heap);
        List<FrameCounting> parts = new ArrayList<>();
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int from = (int) ((long) objects * i / threads);
            int to = (int) ((long) objects * (i + 1) / threads);
            FrameCounting part = new FrameCounting(heap, placeOf, places, roots, allocated);
            parts.add(part);
            tasks.add(() -> part.count(from, to, progress));
        }
        heap.sideBySide(tasks);
        FrameCounting all = parts.get(0);
        for (FrameCounting part : parts.subList(1, threads)) {
            all.counts.addAll(part.counts);
            all.allocatedCounts.addAll(part.allocatedCounts);
            all.allocatedInUse.addAll(part.allocatedInUse);
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
                        roots.owner(frame),
                        sizeClass == FIXED ? bytes / count : size(sizeClass),
                        count,
                        bytes);
            }
        }
        for (int row = 0; row < allocatedCounts.rows(); row++) {
            if (allocatedCounts.count(row) > 0) {
                int place = allocatedCounts.frame(row);
                tree.addAll(
                        places.frame(place),
                        places.type(place),
                        allocatedCounts.reachability(row),
                        allocatedCounts.count(row),
                        allocatedCounts.bytes(row));
            }
        }
        inUse.addAll(allocatedInUse);
    }

    /** A size class as a number: an exponent, or above all exponents the exact size in units of 8 bytes. */
    private int sizeClass(int type, long size) {
        boolean exact = !varies[type] && size % UNIT == 0 && size / UNIT < EXACT_SIZES;
        return exact ? SizeClass.END + (int) (size / UNIT) : SizeClass.exponent(size);
    }

    private static long size(int sizeClass) {
        return sizeClass >= SizeClass.END ? (long) (sizeClass - SizeClass.END) * UNIT : SizeClass.ofExponent(sizeClass);
    }

    private void count(int from, int to, Progress progress) {
        for (int begin = from; begin < to; begin += PROGRESS_STEP) {
            progress.check();
            countStep(begin, Math.min(to, begin + PROGRESS_STEP));
        }
    }

    private void countStep(int from, int to) {
        int site = allocated.from(from);
        int next = allocated.object(site);
        for (int object = from; object < to; object++) {
            int place = placeOf.get(object);
            if (object == next) {
                if (place != FramePlaces.NOWHERE) {
                    countAllocated(object, place, allocated.site(site));
                }
                next = allocated.object(++site);
            } else if (place != FramePlaces.NOWHERE) {
                count(object, place);
            }
        }
    }

    private void count(int object, int place) {
        long size = graph.shallowSize(object);
        int type = places.type(place);
        counts.add(place, fixed[type] ? FIXED : sizeClass(type, size), reachability(object), 1, size);
    }

    private void countAllocated(int object, int place, int site) {
        long size = graph.shallowSize(object);
        int type = places.type(place);
        int frame = places.frame(place);
        int reachability = reachability(object);
        allocatedCounts.add(place, 0, reachability, 1, size);
        long sizeClass = fixed[type] ? size : size(sizeClass(type, size));
        allocatedInUse.add(type, site, roots.kind(frame), reachability, roots.owner(frame), sizeClass, 1, size);
    }

    private int reachability(int object) {
        Strength strength = heap.strength(object);
        return strength == null ? 0 : strength.ordinal();
    }
}
