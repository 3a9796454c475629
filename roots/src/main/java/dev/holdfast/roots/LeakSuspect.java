package dev.holdfast.roots;

import org.jspecify.annotations.Nullable;

/**
 * An object, or all objects of a class, that retains so much of the heap that it may be a leak.
 *
 * @param kind a single object or a group
 * @param object the object; -1 for a group
 * @param type index of its type, or of the group's
 * @param objects 1, or how many objects the group has
 * @param retainedBytes what it retains, the group together
 * @param share of the reachable heap, 0 to 1
 * @param accumulation the node below which the memory is: of a single object the dominated object or frame where retained
 *     sizes stop being nearly equal, of a group the object that nearly all of its shortest paths share; -1 if there is none
 * @param accumulatedBytes retained size of the accumulation point; 0 if there is none
 * @param path a shortest path from a root to the accumulation point if that is an object, else to the suspect; null if
 *     there is none
 * @param classLoader who loaded the suspect's class, type and name; null for the boot loader
 * @param runtime whether it belongs to the virtual machine and cannot be the program's leak
 */
public record LeakSuspect(
        Kind kind,
        int object,
        int type,
        long objects,
        long retainedBytes,
        double share,
        int accumulation,
        long accumulatedBytes,
        @Nullable RootPath path,
        @Nullable String classLoader,
        boolean runtime) {

    /** What a suspect is. */
    public enum Kind {
        /** One object. */
        SINGLE,
        /** All objects of a type that nothing but the roots dominates. */
        GROUP
    }
}
