/** The object graph as columns: reachability, dominators, retained sizes. */
module dev.holdfast.heap {
    requires java.management;
    requires transitive dev.holdfast.dump;
    requires transitive org.jgrapht.core;
    requires static transitive org.jspecify;

    exports dev.holdfast.heap;
}
