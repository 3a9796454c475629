package dev.holdfast.report.waste;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.util.Arrays;
import java.util.Objects;

/**
 * Counts what is in the queues and maps that keep no count themselves, node by node. A node counts for the first, by address,
 * that leads to it, so that a damaged heap in which many share a chain takes no longer; hence one thread does it all.
 * 1/8 byte an object.
 */
final class ChainSizes {
    private static final int CHECK_MASK = (1 << 16) - 1;

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final JavaTypes types;
    private final Progress progress;
    private final Bits seen;
    private final Slots head;
    private final Slots node;
    private final Slots next;
    private final Slots item;
    private final Slots key;
    /** {@code val} since JDK 11. */
    private final Slots val;

    private final Slots value;
    private long steps;

    ChainSizes(HeapSnapshot heap, JavaTypes types, Progress progress) {
        this.heap = heap;
        this.graph = heap.graph();
        this.types = types;
        this.progress = progress;
        this.seen = new Bits(graph.objectCount());
        head = new Slots("head");
        node = new Slots("node");
        next = new Slots("next");
        item = new Slots("item");
        key = new Slots("key");
        val = new Slots("val");
        value = new Slots("value");
    }

    /** Sets how many elements each of these queues and maps has. */
    void fill(Payloads payloads, Bits chains) {
        for (int object = chains.next(0); object >= 0; object = chains.next(object + 1)) {
            boolean map =
                    Objects.requireNonNull(types.layout(graph.typeOf(object))).isMap();
            payloads.set(object, size(object, map));
        }
    }

    private long size(int object, boolean map) {
        int first = head.of(object);
        // A map's is an index above the nodes.
        int at = map && first >= 0 ? node.of(first) : first;
        long size = 0;
        while (at >= 0 && !seen.get(at)) {
            seen.set(at);
            if (map ? key.of(at) >= 0 && (val.of(at) >= 0 || value.of(at) >= 0) : item.of(at) >= 0) {
                size++;
            }
            at = next.of(at);
            if ((++steps & CHECK_MASK) == 0) {
                progress.check();
            }
        }
        return size;
    }

    /** A field of objects of several types. */
    private final class Slots {
        private static final int UNKNOWN = -2;

        private final String name;
        private final int[] byType = new int[types.count()];

        Slots(String name) {
            this.name = name;
            Arrays.fill(byType, UNKNOWN);
        }

        int of(int object) {
            int type = graph.typeOf(object);
            if (byType[type] == UNKNOWN) {
                byType[type] = heap.types().get(type).referenceFields().indexOf(name);
            }
            return References.of(graph, object, byType[type]);
        }
    }
}
