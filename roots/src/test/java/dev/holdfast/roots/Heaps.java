package dev.holdfast.roots;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.SnapshotOptions;
import dev.holdfast.testkit.FakeArray;
import dev.holdfast.testkit.FakeRef;
import dev.holdfast.testkit.FakeRoot;
import dev.holdfast.testkit.HeapBuilder;
import dev.holdfast.testkit.TestGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;

/** Opens heaps for tests. */
final class Heaps {
    private Heaps() {}

    static HeapSnapshot open(Path file) throws IOException {
        return open(file, DumpOptions.DEFAULT);
    }

    static HeapSnapshot open(Path file, DumpOptions options) throws IOException {
        return HeapSnapshot.open(DumpFile.open(file, options, Progress.NONE), SnapshotOptions.DEFAULT, Progress.NONE);
    }

    static HeapSnapshot open(HeapBuilder builder, Path folder) throws IOException {
        Path file = folder.resolve("heap.hprof");
        builder.toFile(file);
        return open(file);
    }

    static RootNames names(HeapSnapshot heap) {
        return RootNames.of(heap, ObjectNames.of(heap));
    }

    static ShortestPaths paths(HeapSnapshot heap, boolean strongOnly) {
        return ShortestPaths.search(heap, names(heap), ReferenceNames.of(heap), strongOnly, Progress.NONE);
    }

    static int node(HeapSnapshot heap, FakeRef object) {
        return heap.graph().indexOf(object.address());
    }

    /**
     * A heap with an array for each node of a graph; its roots are JNI globals. Array objects come in the order of nodes, so
     * addresses ascend with them.
     */
    static FakeArray[] build(HeapBuilder builder, TestGraph graph) {
        FakeArray[] nodes = new FakeArray[graph.nodes()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = builder.arrayOfLength(builder.javaLangObject(), graph.successors()[i].length);
        }
        for (int i = 0; i < nodes.length; i++) {
            int[] successors = graph.successors()[i];
            for (int j = 0; j < successors.length; j++) {
                nodes[i].set(j, nodes[successors[j]]);
            }
        }
        for (int root : graph.roots()) {
            builder.root(FakeRoot.JNI_GLOBAL, nodes[root]);
        }
        return nodes;
    }

    /** Distance of each node from the nearest root by breadth-first search, a root 1, what is not reached 0. */
    static int[] distances(TestGraph graph, int removed) {
        int[] distance = new int[graph.nodes()];
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int root : graph.roots()) {
            if (root != removed && distance[root] == 0) {
                distance[root] = 1;
                queue.add(root);
            }
        }
        while (!queue.isEmpty()) {
            int node = queue.remove();
            for (int next : graph.successors()[node]) {
                if (next != removed && distance[next] == 0) {
                    distance[next] = distance[node] + 1;
                    queue.add(next);
                }
            }
        }
        return distance;
    }
}
