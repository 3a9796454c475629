package dev.holdfast.heap;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Evidence;
import java.util.Arrays;

/** Objects and bytes by type, reachable and in all; immutable and thread-safe. Memory: 40 bytes a type. */
public final class TypeSums {
    private final long[] reachableObjects;
    private final long[] reachableBytes;
    private final long[] objects;
    private final long[] bytes;
    private final long[] retained;
    private final long[] typedBytes;

    /** Takes ownership of the arrays. */
    private TypeSums(
            long[] reachableObjects,
            long[] reachableBytes,
            long[] objects,
            long[] bytes,
            long[] retained,
            long[] typedBytes) {
        this.reachableObjects = reachableObjects;
        this.reachableBytes = reachableBytes;
        this.objects = objects;
        this.bytes = bytes;
        this.retained = retained;
        this.typedBytes = typedBytes;
    }

    /** Counts: two passes over all objects, and one over the dominator tree. */
    static TypeSums of(HeapSnapshot heap, DominatorChildren children) {
        ObjectGraph graph = heap.graph();
        int types = heap.types().size();
        TypeSums sums = new TypeSums(
                new long[types],
                new long[types],
                new long[types],
                new long[types],
                TypeRetention.of(heap, children),
                typedBytes(heap));
        for (int object = 0; object < graph.objectCount(); object++) {
            int type = graph.typeOf(object);
            long size = graph.shallowSize(object);
            sums.objects[type]++;
            sums.bytes[type] += size;
            if (heap.reachable(object)) {
                sums.reachableObjects[type]++;
                sums.reachableBytes[type] += size;
            }
        }
        return sums;
    }

    /** Shallow size of the reachable objects by the ordinal of what is known of their type: one pass over all objects. */
    static long[] typedBytes(HeapSnapshot heap) {
        ObjectGraph graph = heap.graph();
        boolean[] unknown = new boolean[heap.types().size()];
        for (DumpType type : heap.types()) {
            unknown[type.index()] = type.kind() == DumpType.Kind.UNKNOWN;
        }
        long[] bytes = new long[Evidence.values().length];
        for (int object = 0; object < graph.objectCount(); object++) {
            if (heap.reachable(object)) {
                Evidence evidence = unknown[graph.typeOf(object)]
                        ? Evidence.NONE
                        : heap.dump().evidence(object);
                bytes[evidence.ordinal()] += graph.shallowSize(object);
            }
        }
        return bytes;
    }

    /** {@link #typedBytes(HeapSnapshot)} as it was counted; not to be changed. */
    long[] typedBytes() {
        return typedBytes;
    }

    /** Reachable objects of a type. */
    public long reachableObjects(int type) {
        return reachableObjects[type];
    }

    /** Their shallow size. */
    public long reachableBytes(int type) {
        return reachableBytes[type];
    }

    /** All objects of a type. */
    public long objects(int type) {
        return objects[type];
    }

    /** Their shallow size. */
    public long bytes(int type) {
        return bytes[type];
    }

    /** What the objects of each type retain: the sum over those that no object of the same type dominates. */
    public long[] retained() {
        return Arrays.copyOf(retained, retained.length);
    }

    void write(IndexOutput out) {
        for (int type = 0; type < objects.length; type++) {
            out.number(reachableObjects[type]);
            out.number(reachableBytes[type]);
            out.number(objects[type]);
            out.number(bytes[type]);
            out.number(retained[type]);
        }
        for (long typed : typedBytes) {
            out.number(typed);
        }
    }

    static TypeSums read(IndexInput in, int types) throws DumpFormatException {
        TypeSums sums = new TypeSums(
                new long[types],
                new long[types],
                new long[types],
                new long[types],
                new long[types],
                new long[Evidence.values().length]);
        for (int type = 0; type < types; type++) {
            sums.reachableObjects[type] = in.number();
            sums.reachableBytes[type] = in.number();
            sums.objects[type] = in.number();
            sums.bytes[type] = in.number();
            sums.retained[type] = in.number();
        }
        for (int i = 0; i < sums.typedBytes.length; i++) {
            sums.typedBytes[i] = in.number();
        }
        return sums;
    }
}
