package dev.holdfast.roots;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path from a root to an object, both included; immutable, thread-safe.
 *
 * <p>Names of references are found when asked for, so that a path of millions of objects costs 4 bytes each.
 */
public final class RootPath {
    private final RootName root;
    private final int[] objects;
    private final ReferenceNames names;

    RootPath(RootName root, int[] objects, ReferenceNames names) {
        this.root = root;
        this.objects = objects;
        this.names = names;
    }

    /** The root: what makes the first object live. */
    public RootName root() {
        return root;
    }

    /** How many objects it has, both ends included; 1 if the object is a root itself. */
    public int length() {
        return objects.length;
    }

    /** An object of the path, the root's first. */
    public int object(int step) {
        return objects[step];
    }

    /** The reference that leads to an object of the path from the one before it; null for the first. */
    public @Nullable String via(int step) {
        return step == 0 ? null : names.via(objects[step - 1], objects[step]);
    }

    /** The path as a list that finds names when read. */
    public List<PathStep> steps() {
        return new AbstractList<>() {
            @Override
            public PathStep get(int step) {
                return new PathStep(object(step), via(step));
            }

            @Override
            public int size() {
                return length();
            }
        };
    }
}
