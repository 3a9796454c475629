package dev.holdfast.roots;

import dev.holdfast.dump.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The shortest paths to many objects laid over each other: paths that begin at roots of one name and go by references of
 * one name to objects of one type share their nodes. Immutable and thread-safe.
 *
 * <p>A pair of reference and type that already is on the path opens no second node; the path goes on from the first. So a
 * list of a million nodes is one node of the tree, and the depth is at most the number of distinct pairs.
 */
public final class PathTree {
    private static final Comparator<Branch> ORDER = Comparator.comparingLong(Branch::objects)
            .reversed()
            .thenComparing(Comparator.comparingLong(Branch::bytes).reversed())
            .thenComparing(branch -> branch.root() == null ? "" : branch.root().toString())
            .thenComparing(branch -> branch.via() == null ? "" : branch.via())
            .thenComparing(Branch::type);

    private final List<Branch> roots;
    private final long objects;
    private final long bytes;

    /**
     * A node of the tree.
     *
     * @param root name of the root, of a topmost node; else null
     * @param via the reference that leads here; null at a topmost node and at a first object
     * @param type what the objects here are: a type, {@code class X} for class objects, empty for a topmost node
     * @param here how many of the objects looked for are here, their paths end
     * @param objects how many of them are here or below
     * @param bytes their shallow size
     * @param children what is below, most objects first
     */
    public record Branch(
            @Nullable RootName root,
            @Nullable String via,
            String type,
            long here,
            long objects,
            long bytes,
            List<Branch> children) {}

    private PathTree(List<Branch> roots, long objects, long bytes) {
        this.roots = roots;
        this.objects = objects;
        this.bytes = bytes;
    }

    /**
     * Merges the paths to all objects of a type.
     *
     * @param type index of the type
     */
    public static PathTree ofType(ShortestPaths paths, int type, Progress progress) {
        return merge(paths, object -> paths.heap().graph().typeOf(object) == type, progress);
    }

    /** Merges the paths to all objects that a predicate takes; those that have no path are left out. */
    public static PathTree merge(ShortestPaths paths, IntPredicate wanted, Progress progress) {
        PathMerge merge = new PathMerge(paths, wanted, progress);
        merge.run();
        return merge.tree();
    }

    /** One node for each name of a root, most objects first. */
    public List<Branch> roots() {
        return roots;
    }

    /** How many objects have a path. */
    public long objects() {
        return objects;
    }

    /** Their shallow size. */
    public long bytes() {
        return bytes;
    }

    /** A tree of columns whose parents come before their children. */
    static PathTree of(PathMerge merge) {
        List<List<Branch>> children = new ArrayList<>();
        for (int i = 0; i < merge.size(); i++) {
            children.add(new ArrayList<>());
        }
        List<Branch> roots = new ArrayList<>();
        long objects = 0;
        long bytes = 0;
        for (int i = merge.size() - 1; i >= 0; i--) {
            children.get(i).sort(ORDER);
            Branch branch = merge.branch(i, List.copyOf(children.get(i)));
            if (branch.root() != null) {
                roots.add(branch);
                objects += branch.objects();
                bytes += branch.bytes();
            } else {
                children.get(merge.parent(i)).add(branch);
            }
        }
        roots.sort(ORDER);
        return new PathTree(List.copyOf(roots), objects, bytes);
    }
}
