package dev.holdfast.roots;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what may be leaks by the rule of Eclipse Memory Analyzer (hprof.md 5.7): what is not dominated by another object
 * and retains more than a tenth of the heap, alone or all of its class together.
 */
public final class LeakSuspects {
    /** The share of the heap from which on something is a suspect. */
    public static final double DEFAULT_THRESHOLD = 0.1;

    /** A dominated object that retains at least so much of what its dominator does continues the chain. */
    private static final double BIG_DROP = 0.7;

    /** A node that more than so many of a group's paths share continues the common path. */
    private static final double COMMON = 0.8;

    /** So many paths of a group are looked at. */
    private static final int MAX_PATHS = 10_000;

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final DominatorTree dominators;
    private final ObjectNames names;
    private final RootNames rootNames;
    private final ShortestPaths paths;
    private final double threshold;
    private final Progress progress;
    private @Nullable ShortestPaths allPaths;
    private int[] largestChild = new int[0];

    private LeakSuspects(ShortestPaths paths, double threshold, Progress progress) {
        this.heap = paths.heap();
        this.graph = heap.graph();
        this.dominators = heap.dominators();
        this.names = paths.objectNames();
        this.rootNames = paths.rootNames();
        this.paths = paths;
        this.threshold = threshold;
        this.progress = progress;
    }

    /**
     * Finds the suspects of a heap, largest first, those of the virtual machine last.
     *
     * @param paths where paths come from, best strong ones only; where they do not reach a suspect, all references count
     * @param threshold share of the reachable heap, {@link #DEFAULT_THRESHOLD}
     */
    public static List<LeakSuspect> find(ShortestPaths paths, double threshold, Progress progress) {
        return new LeakSuspects(paths, threshold, progress).find();
    }

    private List<LeakSuspect> find() {
        long limit = (long) (threshold * dominators.totalRetainedSize());
        List<LeakSuspect> suspects = new ArrayList<>();
        long[] retained = new long[graph.types().size()];
        long[] objects = new long[graph.types().size()];
        for (int object = 0; object < graph.objectCount(); object++) {
            if (dominators.immediateDominator(object) != DominatorTree.VIRTUAL_ROOT) {
                continue;
            }
            long bytes = dominators.retainedSize(object);
            if (bytes > limit) {
                suspects.add(single(object));
            } else if (isInGroup(object)) {
                retained[graph.typeOf(object)] += bytes;
                objects[graph.typeOf(object)]++;
            }
        }
        for (int type = 0; type < retained.length; type++) {
            if (retained[type] > limit) {
                suspects.add(group(type, objects[type], retained[type], limit));
            }
        }
        suspects.sort(Comparator.comparing(LeakSuspect::runtime)
                .thenComparing(
                        Comparator.comparingLong(LeakSuspect::retainedBytes).reversed())
                .thenComparing(LeakSuspect::type)
                .thenComparing(LeakSuspect::object));
        return suspects;
    }

    /** Classes of the boot loader are never unloaded and each has its own statics, so that there are many is no leak. */
    private boolean isInGroup(int object) {
        int position = heap.roots().positionOf(object);
        return position < 0 || heap.roots().kind(position) != RootKind.SYSTEM_CLASS;
    }

    private LeakSuspect single(int object) {
        int point = object;
        int[] children = largestChildren();
        for (int step = 0;
                children[point] >= 0
                        && dominators.retainedSize(children[point]) >= BIG_DROP * dominators.retainedSize(point)
                        && dominators.immediateDominator(children[point], step) == point;
                step++) {
            point = children[point];
        }
        DumpType stood = names.classOf(object);
        return new LeakSuspect(
                LeakSuspect.Kind.SINGLE,
                object,
                graph.typeOf(object),
                1,
                dominators.retainedSize(object),
                share(dominators.retainedSize(object)),
                point,
                dominators.retainedSize(point),
                pathTo(graph.isHolder(point) ? object : point),
                loader(stood != null ? stood.index() : graph.typeOf(object)),
                rootNames.isArchive(object));
    }

    private LeakSuspect group(int type, long objects, long retained, long limit) {
        int[] sample = sample(type, objects, limit);
        int common = new CommonPath(allPathsFor(sample), COMMON).end(sample);
        return new LeakSuspect(
                LeakSuspect.Kind.GROUP,
                -1,
                type,
                objects,
                retained,
                share(retained),
                common,
                common < 0 ? 0 : dominators.retainedSize(common),
                common < 0 || graph.isHolder(common) ? null : pathTo(common),
                loader(type),
                common >= 0 && rootNames.isArchive(common));
    }

    /** Evenly spread over the group, so that the same dump gives the same sample. */
    private int[] sample(int type, long objects, long limit) {
        IntList sample = new IntList();
        long step = Math.max(1, objects / MAX_PATHS);
        long seen = 0;
        for (int object = 0; object < graph.objectCount() && sample.size() < MAX_PATHS; object++) {
            if (graph.typeOf(object) == type
                    && dominators.immediateDominator(object) == DominatorTree.VIRTUAL_ROOT
                    && dominators.retainedSize(object) <= limit
                    && isInGroup(object)
                    && seen++ % step == 0) {
                sample.add(object);
            }
        }
        return sample.toArray();
    }

    /** The paths given, unless they miss an object of the sample. */
    private ShortestPaths allPathsFor(int[] sample) {
        boolean complete = Arrays.stream(sample).allMatch(object -> paths.length(object) > 0);
        return complete ? paths : allPaths();
    }

    private @Nullable RootPath pathTo(int object) {
        RootPath path = paths.pathTo(object);
        return path != null || !paths.strongOnly() ? path : allPaths().pathTo(object);
    }

    private ShortestPaths allPaths() {
        ShortestPaths all = allPaths;
        if (all == null) {
            all = paths.strongOnly()
                    ? ShortestPaths.search(heap, rootNames, paths.references(), false, progress)
                    : paths;
            allPaths = all;
        }
        return all;
    }

    private double share(long bytes) {
        return (double) bytes / dominators.totalRetainedSize();
    }

    private @Nullable String loader(int type) {
        int loader = names.loaderOf(type);
        return loader < 0 ? null : names.loaderLabel(loader);
    }

    /** Of each node the dominated node that retains most, the first of several; -1 if it dominates none. */
    private int[] largestChildren() {
        if (largestChild.length == 0) {
            largestChild = new int[graph.nodeCount()];
            Arrays.fill(largestChild, -1);
            for (int node = 0; node < largestChild.length; node++) {
                int above = dominators.immediateDominator(node);
                if (above >= 0
                        && (largestChild[above] < 0
                                || dominators.retainedSize(node) > dominators.retainedSize(largestChild[above]))) {
                    largestChild[above] = node;
                }
            }
        }
        return largestChild;
    }
}
