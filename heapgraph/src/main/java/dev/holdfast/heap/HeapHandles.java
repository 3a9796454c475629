package dev.holdfast.heap;

import dev.holdfast.dump.DumpType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The indices behind a snapshot's handles, each built when first asked for. Thread-safe. */
final class HeapHandles {
    private final HeapSnapshot heap;
    private final ColumnStore store;
    private @Nullable Map<String, int[]> types;
    private @Nullable TypeInstances instances;
    private @Nullable InboundEdges inbound;

    HeapHandles(HeapSnapshot heap, ColumnStore store) {
        this.heap = heap;
        this.store = store;
    }

    /** Takes references by target that are there already. */
    synchronized void ready(InboundEdges edges) {
        inbound = edges;
    }

    /** The types of a name by index. */
    List<HeapType> typesNamed(String name) {
        List<HeapType> found = new ArrayList<>();
        for (int type : typesByName().getOrDefault(name, new int[0])) {
            found.add(heap.typeAt(type));
        }
        return found;
    }

    private synchronized Map<String, int[]> typesByName() {
        Map<String, int[]> made = types;
        if (made == null) {
            made = new HashMap<>();
            for (DumpType type : heap.types()) {
                made.merge(type.name(), new int[] {type.index()}, HeapHandles::concatenated);
            }
            types = made;
        }
        return made;
    }

    private static int[] concatenated(int[] a, int[] b) {
        int[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** The objects of each type. */
    synchronized TypeInstances instances() {
        TypeInstances made = instances;
        if (made == null) {
            made = TypeInstances.of(heap.graph(), store);
            instances = made;
        }
        return made;
    }

    /** References by target. */
    synchronized InboundEdges inboundEdges() {
        InboundEdges made = inbound;
        if (made == null) {
            made = InboundEdges.of(heap.graph(), store);
            inbound = made;
        }
        return made;
    }
}
