/** Naming and grouping of roots, paths and suspects. */
module dev.holdfast.roots {
    requires transitive dev.holdfast.heap;
    requires transitive dev.holdfast.stack;
    requires static transitive org.jspecify;

    exports dev.holdfast.roots;
}
