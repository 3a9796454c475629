package dev.holdfast.heap;

import dev.holdfast.dump.Strength;
import java.util.Arrays;

/** Objects and bytes of a heap, reachable and not, and by how strongly they are held; immutable. */
public final class HeapTotals {
    private static final int OBJECTS_A_STEP = 1 << 16;

    private final long reachableObjects;
    private final long reachableBytes;
    private final long unreachableObjects;
    private final long unreachableBytes;
    private final long[] objectsByStrength;
    private final long[] bytesByStrength;

    HeapTotals(long[] reachable, long[] unreachable, long[] objectsByStrength, long[] bytesByStrength) {
        this.reachableObjects = reachable[0];
        this.reachableBytes = reachable[1];
        this.unreachableObjects = unreachable[0];
        this.unreachableBytes = unreachable[1];
        this.objectsByStrength = objectsByStrength;
        this.bytesByStrength = bytesByStrength;
    }

    /**
     * Adds up.
     *
     * @param strongOnly whether only strong references count for what is reachable
     */
    static HeapTotals of(ObjectGraph graph, Reachability reachability, boolean strongOnly) {
        int levels = Strength.values().length + 1;
        long[] objects = new long[levels];
        long[] bytes = new long[levels];
        for (int from = 0; from < graph.objectCount(); from += OBJECTS_A_STEP) {
            int to = (int) Math.min(graph.objectCount(), (long) from + OBJECTS_A_STEP);
            add(graph, reachability, from, to, objects, bytes);
        }
        long[] reachable = new long[2];
        long[] unreachable = new long[2];
        int strong = Reachability.level(Strength.STRONG);
        for (int level = 0; level < levels; level++) {
            boolean counts = strongOnly ? level == strong : level != Reachability.UNREACHABLE;
            long[] sum = counts ? reachable : unreachable;
            sum[0] += objects[level];
            sum[1] += bytes[level];
        }
        return new HeapTotals(
                reachable, unreachable, Arrays.copyOfRange(objects, 1, levels), Arrays.copyOfRange(bytes, 1, levels));
    }

    private static void add(
            ObjectGraph graph, Reachability reachability, int from, int to, long[] objects, long[] bytes) {
        for (int i = from; i < to; i++) {
            int level = reachability.level(i);
            objects[level]++;
            bytes[level] += graph.shallowSize(i);
        }
    }

    /** Objects that are reachable by the references that count. */
    public long reachableObjects() {
        return reachableObjects;
    }

    /** Their shallow size. */
    public long reachableBytes() {
        return reachableBytes;
    }

    /** The other objects. */
    public long unreachableObjects() {
        return unreachableObjects;
    }

    /** Their shallow size. */
    public long unreachableBytes() {
        return unreachableBytes;
    }

    /** Objects that are held so strongly at best, over all references. */
    public long objects(Strength strength) {
        return objectsByStrength[strength.ordinal()];
    }

    /** Their shallow size. */
    public long bytes(Strength strength) {
        return bytesByStrength[strength.ordinal()];
    }
}
