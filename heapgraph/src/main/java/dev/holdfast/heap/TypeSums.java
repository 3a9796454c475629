package dev.holdfast.heap;

import dev.holdfast.dump.DumpFormatException;
import java.util.Arrays;

/** Objects and bytes by type, reachable and in all; immutable and thread-safe. Memory: 40 bytes a type. */
public final class TypeSums {
    private final long[] reachableObjects;
    private final long[] reachableBytes;
    private final long[] objects;
    private final long[] bytes;
    private final long[] retained;

    /** Takes ownership of the arrays. */
    TypeSums(long[] reachableObjects, long[] reachableBytes, long[] objects, long[] bytes, long[] retained) {
        this.reachableObjects = reachableObjects;
        this.reachableBytes = reachableBytes;
        this.objects = objects;
        this.bytes = bytes;
        this.retained = retained;
    }

    /** Counts: one pass over all objects, and one over the dominator tree. */
    static TypeSums of(HeapSnapshot heap, DominatorChildren children) {
        ObjectGraph graph = heap.graph();
        int types = heap.types().size();
        TypeSums sums = new TypeSums(
                new long[types], new long[types], new long[types], new long[types], TypeRetention.of(heap, children));
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
    }

    static TypeSums read(IndexInput in, int types) throws DumpFormatException {
        TypeSums sums =
                new TypeSums(new long[types], new long[types], new long[types], new long[types], new long[types]);
        for (int type = 0; type < types; type++) {
            sums.reachableObjects[type] = in.number();
            sums.reachableBytes[type] = in.number();
            sums.objects[type] = in.number();
            sums.bytes[type] = in.number();
            sums.retained[type] = in.number();
        }
        return sums;
    }
}
