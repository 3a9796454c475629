package dev.holdfast.heap;

import dev.holdfast.dump.Strength;

/** Objects and bytes of a heap, reachable and not, and by how strongly they are held; immutable. */
public final class HeapTotals {
    private final long reachableObjects;
    private final long reachableBytes;
    private final long unreachableObjects;
    private final long unreachableBytes;
    private final long[] objectsByStrength;
    private final long[] bytesByStrength;

    private HeapTotals(long[] reachable, long[] unreachable, long[] objectsByStrength, long[] bytesByStrength) {
        this.reachableObjects = reachable[0];
        this.reachableBytes = reachable[1];
        this.unreachableObjects = unreachable[0];
        this.unreachableBytes = unreachable[1];
        this.objectsByStrength = objectsByStrength;
        this.bytesByStrength = bytesByStrength;
    }

    static HeapTotals of(ObjectGraph graph, DominatorTree dominators, Reachability reachability) {
        long[] reachable = new long[2];
        long[] unreachable = new long[2];
        int strengths = Strength.values().length;
        long[] objects = new long[strengths];
        long[] bytes = new long[strengths];
        for (int i = 0; i < graph.objectCount(); i++) {
            long size = graph.shallowSize(i);
            long[] sum = dominators.reachable(i) ? reachable : unreachable;
            sum[0]++;
            sum[1] += size;
            int level = reachability.level(i);
            if (level != Reachability.UNREACHABLE) {
                objects[level - 1]++;
                bytes[level - 1] += size;
            }
        }
        return new HeapTotals(reachable, unreachable, objects, bytes);
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
