package dev.holdfast.report.waste;

import dev.holdfast.heap.CollectionLayout;
import dev.holdfast.heap.CollectionLayout.Backing;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.util.Arrays;
import java.util.Objects;

/**
 * What one worker finds that objects of a JVM waste, run by run; nothing is read from the dump any more.
 *
 * <p>A run's objects are sorted by what they are, and looked at in a small loop for each kind: such loops are compiled early
 * and for good. 4 MB, and 1/8 byte an object.
 */
final class JavaTally implements ObjectRanges.Work {
    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final DominatorTree dominators;
    private final JavaTypes types;
    private final Payloads payloads;
    private final EqualObjects equals;
    private final Bits sparse;
    private final Bits behind;
    private final Tally tally;

    /** The reachable objects of a run by their role. */
    private final int[][] ofRole = new int[JavaTypes.ROLES][ObjectRanges.RUN];

    private final int[] counts = new int[JavaTypes.ROLES];

    /** Of the collections of a run: their array or -1, its length, their elements, and what they are the inside of or -1. */
    private final int[] arrays = new int[ObjectRanges.RUN];

    private final long[] lengths = new long[ObjectRanges.RUN];
    private final long[] sizes = new long[ObjectRanges.RUN];
    private final int[] outers = new int[ObjectRanges.RUN];

    /**
     * A worker.
     *
     * @param payloads the numbers of objects, which give way to what they waste
     * @param sparse of all workers: arrays with more nulls than elements
     */
    JavaTally(HeapSnapshot heap, JavaTypes types, Payloads payloads, EqualObjects equals, Bits sparse) {
        this.heap = heap;
        this.graph = heap.graph();
        this.dominators = heap.dominators();
        this.types = types;
        this.payloads = payloads;
        this.equals = equals;
        this.sparse = sparse;
        this.behind = new Bits(graph.objectCount());
        this.tally = new Tally(types.count());
    }

    @Override
    public void run(int from, int to) {
        sort(from, to);
        equal(JavaTypes.STRING, WasteKind.DUPLICATE_STRING);
        equal(JavaTypes.SUBSTRING, WasteKind.DUPLICATE_STRING);
        equal(JavaTypes.BOXED, WasteKind.DUPLICATE_NUMBER);
        texts();
        collections();
        buffers();
        nulls();
    }

    private void sort(int from, int to) {
        Arrays.fill(counts, 0);
        for (int object = from; object < to; object++) {
            byte role = types.role(graph.typeOf(object));
            if (role != JavaTypes.NONE && heap.reachable(object)) {
                ofRole[role][counts[role]++] = object;
            }
        }
    }

    /** Adds what another worker found. */
    void add(JavaTally other) {
        tally.add(other.tally);
        behind.add(other.behind);
    }

    /** The sums, once all workers are added: which arrays belong to collections is known only now. */
    Tally end() {
        for (int array = sparse.next(0); array >= 0; array = sparse.next(array + 1)) {
            if (!behind.get(array)) {
                long length = graph.elementCount(array);
                waste(WasteKind.NULL_ARRAY, array, graph.typeOf(array), saved(array, length, present(array)));
            }
        }
        return tally;
    }

    private void waste(WasteKind kind, int object, int type, long bytes) {
        if (bytes > 0) {
            tally.waste(kind, type, bytes);
            payloads.waste(object, kind, bytes);
        }
    }

    private void equal(byte role, WasteKind kind) {
        int[] objects = ofRole[role];
        for (int i = 0; i < counts[role]; i++) {
            int object = objects[i];
            long size = graph.shallowSize(object);
            tally.look(kind, size);
            if (equals.duplicate(object)) {
                waste(kind, object, graph.typeOf(object), size);
            }
        }
    }

    private void texts() {
        int[] arrays = ofRole[JavaTypes.TEXT];
        for (int i = 0; i < counts[JavaTypes.TEXT]; i++) {
            long size = graph.shallowSize(arrays[i]);
            tally.look(WasteKind.DUPLICATE_TEXT, size);
            if (equals.duplicateArray(arrays[i])) {
                waste(WasteKind.DUPLICATE_TEXT, arrays[i], graph.typeOf(arrays[i]), size);
            }
        }
    }

    private void buffers() {
        for (int i = 0; i < counts[JavaTypes.BUFFER]; i++) {
            int object = ofRole[JavaTypes.BUFFER][i];
            int type = graph.typeOf(object);
            long count = payloads.get(object);
            long needed = types.pair(type) ? (count >>> 32) << (count & 1) : count;
            int array = References.of(graph, object, types.slot(type));
            if (array >= 0) {
                tally.look(WasteKind.SPARSE_COLLECTION, graph.shallowSize(array));
                spare(object, type, array, needed);
            }
        }
    }

    private void nulls() {
        int[] arrays = ofRole[JavaTypes.OBJECTS];
        for (int i = 0; i < counts[JavaTypes.OBJECTS]; i++) {
            tally.look(WasteKind.NULL_ARRAY, graph.shallowSize(arrays[i]));
            long present = present(arrays[i]);
            if (graph.elementCount(arrays[i]) - present > present) {
                sparse.set(arrays[i]);
            }
        }
    }

    private void collections() {
        int count = counts[JavaTypes.COLLECTION];
        findArrays(count);
        findSizes(count);
        findOuters(count);
        for (int i = 0; i < count; i++) {
            int object = ofRole[JavaTypes.COLLECTION][i];
            CollectionLayout layout = layout(object);
            if (sized(object, layout)) {
                collection(object, layout, i);
            }
        }
    }

    private void findArrays(int count) {
        int[] objects = ofRole[JavaTypes.COLLECTION];
        for (int i = 0; i < count; i++) {
            arrays[i] = References.of(graph, objects[i], types.slot(graph.typeOf(objects[i])));
        }
    }

    private void findSizes(int count) {
        for (int i = 0; i < count; i++) {
            int object = ofRole[JavaTypes.COLLECTION][i];
            CollectionLayout layout = layout(object);
            lengths[i] = arrays[i] < 0 || layout.backing() == Backing.COUNTED_NODES ? 0 : graph.elementCount(arrays[i]);
            sizes[i] = size(object, layout, arrays[i], lengths[i]);
        }
    }

    private void findOuters(int count) {
        for (int i = 0; i < count; i++) {
            outers[i] = outer(ofRole[JavaTypes.COLLECTION][i]);
        }
    }

    private CollectionLayout layout(int object) {
        return Objects.requireNonNull(types.layout(graph.typeOf(object)));
    }

    /** Whether it is known how many elements the collection has. */
    private boolean sized(int object, CollectionLayout layout) {
        return !layout.numbers().isEmpty() || layout.backing() == Backing.FILLED || types.chained(graph.typeOf(object));
    }

    private void collection(int object, CollectionLayout layout, int i) {
        Backing backing = layout.backing();
        int array = arrays[i];
        long size = sizes[i];
        int outer = outers[i];
        int type = graph.typeOf(object);
        int shown = outer < 0 ? type : graph.typeOf(outer);
        long shell = graph.shallowSize(object) + (outer < 0 ? 0 : graph.shallowSize(outer));
        boolean arrayOfItsOwn = array >= 0 && backing != Backing.COUNTED_NODES;
        boolean owns = arrayOfItsOwn && dominators.immediateDominator(array) == object;
        if (arrayOfItsOwn) {
            behind.set(array);
        }
        long structure = shell + (owns ? graph.shallowSize(array) : 0);
        tally.map(layout, size, structure);
        if (types.queue(type)) {
            tally.queue(type, size, limit(object, layout, lengths[i]));
        }
        if (backing == Backing.BOUNDED) {
            unused(object, shown, array, lengths[i] - size);
            return;
        }
        tally.look(WasteKind.EMPTY_COLLECTION, structure);
        if (size <= 0) {
            waste(WasteKind.EMPTY_COLLECTION, object, shown, structure);
        } else if (owns) {
            tally.look(WasteKind.SPARSE_COLLECTION, graph.shallowSize(array));
            spare(object, shown, array, backing.lengthFor(size));
        }
    }

    private long size(int object, CollectionLayout layout, int array, long length) {
        long numbers = payloads.get(object);
        return switch (layout.backing()) {
            case FILLED -> layout.numbers().isEmpty() ? length : numbers;
            case RING -> length == 0 ? 0 : Math.floorMod((int) numbers - (int) (numbers >>> 32), length);
            case COUNTED_NODES -> array < 0 ? 0 : payloads.get(array);
            case CELLS -> numbers + cells(object);
            case NODES -> layout.numbers().size() > 1 ? numbers >>> 32 : numbers;
            default -> numbers;
        };
    }

    private long cells(int object) {
        int slot = types.cells(graph.typeOf(object));
        int cells = References.of(graph, object, slot);
        long sum = 0;
        if (cells >= 0) {
            for (long r = graph.firstReference(cells); r < graph.endReference(cells); r++) {
                sum += payloads.get(graph.target(r));
            }
        }
        return sum;
    }

    private long limit(int object, CollectionLayout layout, long length) {
        long numbers = payloads.get(object);
        long limit = switch (layout.backing()) {
            case BOUNDED -> length;
            case COUNTED_NODES -> numbers;
            case NODES -> layout.numbers().size() > 1 ? (int) numbers : -1;
            default -> -1;
        };
        // What the library takes for no limit.
        return limit == Integer.MAX_VALUE ? -1 : limit;
    }

    /** The set that alone holds a map and is made of it, or -1. */
    private int outer(int object) {
        int dominator = dominators.immediateDominator(object);
        if (dominator < 0 || graph.isHolder(dominator)) {
            return -1;
        }
        int type = graph.typeOf(dominator);
        return types.role(type) == JavaTypes.KEYS && References.of(graph, dominator, types.slot(type)) == object
                ? dominator
                : -1;
    }

    private void unused(int object, int type, int array, long free) {
        if (array >= 0) {
            tally.look(WasteKind.UNUSED_BUFFER, graph.shallowSize(array));
            long length = graph.elementCount(array);
            if (free > 0 && free <= length) {
                waste(WasteKind.UNUSED_BUFFER, object, type, saved(array, length, length - free));
            }
        }
    }

    private void spare(int object, int type, int array, long needed) {
        long length = graph.elementCount(array);
        if (needed >= 0 && needed < length && dominators.immediateDominator(array) == object) {
            WasteKind kind = needed <= length / 2 ? WasteKind.SPARSE_COLLECTION : WasteKind.SPARE_CAPACITY;
            waste(kind, object, type, saved(array, length, needed));
        }
    }

    private long present(int array) {
        return graph.endReference(array) - graph.firstReference(array);
    }

    private long saved(int array, long length, long needed) {
        int type = graph.typeOf(array);
        return graph.sizeOf(type, length) - graph.sizeOf(type, needed);
    }
}
