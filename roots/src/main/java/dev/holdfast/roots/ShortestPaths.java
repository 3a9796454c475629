package dev.holdfast.roots;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shortest path from the nearest root to every object.
 *
 * <p>Where several paths are shortest, the one from the root first in order of kind, then address, is taken, and along it
 * the class before fields and fields in the dump's order. Lengths count objects; frames and other holders do not count.
 * Immutable and thread-safe. Memory: 4 bytes a node, while they are searched 8.
 */
public final class ShortestPaths {
    private static final int MAX_PATHS = 1 << 20;

    private final HeapSnapshot heap;
    private final RootNames rootNames;
    private final ReferenceNames references;
    private final boolean strongOnly;
    private final int[] parents;

    private ShortestPaths(
            HeapSnapshot heap, RootNames rootNames, ReferenceNames references, boolean strongOnly, int[] parents) {
        this.heap = heap;
        this.rootNames = rootNames;
        this.references = references;
        this.strongOnly = strongOnly;
        this.parents = parents;
    }

    /**
     * Searches the paths to all objects; takes about as long as the walk of the whole graph.
     *
     * @param strongOnly whether the referents of soft, weak, phantom and finalizer references are left out
     */
    public static ShortestPaths search(
            HeapSnapshot heap, RootNames rootNames, ReferenceNames references, boolean strongOnly, Progress progress) {
        BreadthFirstSearch search = new BreadthFirstSearch(heap, strongOnly, progress);
        search.run();
        return new ShortestPaths(heap, rootNames, references, strongOnly, search.parents());
    }

    /** Whether paths by soft, weak, phantom and finalizer references are left out. */
    public boolean strongOnly() {
        return strongOnly;
    }

    /** The shortest path to an object, or null if there is none. */
    public @Nullable RootPath pathTo(int object) {
        return parents[object] == BreadthFirstSearch.NOT_REACHED ? null : pathThrough(parents[object], object, parents);
    }

    /** How many objects the shortest path to an object has, both ends included; 0 if there is none. */
    public int length(int object) {
        int length = 0;
        int at = object;
        while (at >= 0 && !heap.graph().isHolder(at)) {
            length++;
            at = parents[at];
        }
        return at == BreadthFirstSearch.NOT_REACHED ? 0 : length;
    }

    /**
     * Several paths to one object, shortest first, without loops: each the shortest that ends with another referrer, or
     * another root. Takes one walk of the graph.
     *
     * @param limit at most so many
     */
    public List<RootPath> paths(int object, int limit, Progress progress) {
        BreadthFirstSearch search =
                new BreadthFirstSearch(heap, strongOnly, object, Math.min(limit, MAX_PATHS), progress);
        search.run();
        List<RootPath> paths = new ArrayList<>();
        for (int referrer : search.referrers()) {
            paths.add(pathThrough(referrer, object, search.parents()));
        }
        return paths;
    }

    private RootPath pathThrough(int referrer, int object, int[] before) {
        int length = 1;
        int at = referrer;
        for (; at >= 0 && !heap.graph().isHolder(at); at = before[at]) {
            length++;
        }
        int[] objects = new int[length];
        objects[length - 1] = object;
        int next = referrer;
        for (int step = length - 2; step >= 0; step--) {
            objects[step] = next;
            next = before[next];
        }
        return path(objects, at == BreadthFirstSearch.ROOT ? objects[0] : at);
    }

    private RootPath path(int[] objects, int root) {
        return new RootPath(rootNames.of(root), objects, references);
    }

    /** The object before a node on its path; a holder, or negative, if the node is the first. */
    int parent(int node) {
        return parents[node];
    }

    RootName rootOf(int firstObject) {
        int parent = parents[firstObject];
        return rootNames.of(parent >= 0 ? parent : firstObject);
    }

    ObjectNames objectNames() {
        return rootNames.objectNames();
    }

    ReferenceNames references() {
        return references;
    }

    HeapSnapshot heap() {
        return heap;
    }

    /** A copy of the column of parents, for tests. */
    int[] parents() {
        return Arrays.copyOf(parents, parents.length);
    }
}
