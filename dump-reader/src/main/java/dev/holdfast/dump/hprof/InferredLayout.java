package dev.holdfast.dump.hprof;

import java.util.List;

/**
 * The sizes of all objects of a dump, and how far they can be trusted.
 *
 * <p>Immutable and thread-safe. 9 bytes a class, plus 8 for its class object.
 */
final class InferredLayout {
    /** A class whose objects are not as large as its fields say. */
    record Enlarged(String name, long instances, long computed, long used, Sizing sizing) {}

    private final LayoutScore score;
    private final ObjectLayout layout;
    private final boolean assumed;
    private final double runnerUp;
    private final long[] sizes;
    private final Sizing[] sizings;
    private final MirrorSizes mirrors;
    private final int stackChunkClass;
    private final List<Enlarged> enlarged;

    InferredLayout(
            LayoutScore score,
            boolean assumed,
            double runnerUp,
            long[] sizes,
            Sizing[] sizings,
            MirrorSizes mirrors,
            int stackChunkClass,
            List<Enlarged> enlarged) {
        this.score = score;
        this.layout = score.layout();
        this.assumed = assumed;
        this.runnerUp = runnerUp;
        this.sizes = sizes;
        this.sizings = sizings;
        this.mirrors = mirrors;
        this.stackChunkClass = stackChunkClass;
        this.enlarged = enlarged;
    }

    ObjectLayout layout() {
        return layout;
    }

    /** Whether the layout is a default because the dump gives no evidence. */
    boolean assumed() {
        return assumed;
    }

    /** The share of sampled objects whose distance to the next object is exactly the computed size; 0 if assumed. */
    double confidence() {
        return assumed ? 0 : score.share();
    }

    LayoutScore score() {
        return score;
    }

    /** The best share of a layout that differs in header, reference or alignment. */
    double runnerUp() {
        return runnerUp;
    }

    /** The size of an instance of a class; of {@link #stackChunkClass} only the part before the frames. */
    long instance(int classIndex) {
        return sizes[classIndex];
    }

    Sizing sizing(int classIndex) {
        return sizings[classIndex];
    }

    /** The size of an instance whose class the dump does not describe, from the bytes recorded of it: assumed. */
    long instanceOfUnknownClass(long recordedBytes) {
        return layout.aligned(layout.header() + recordedBytes);
    }

    long objectArray(long length) {
        return layout.objectArray(length);
    }

    long primitiveArray(int type, long length) {
        return layout.primitiveArray(type, length);
    }

    /** The size of the class object of a class, its static fields included. */
    long mirror(int classIndex) {
        return mirrors.sizes[classIndex];
    }

    /** The size of a class object without static fields: of arrays, of primitive types. */
    long mirrorBase() {
        return mirrors.base;
    }

    /** The share of class objects whose distance to the next object is exactly the computed size; -1 if none. */
    double mirrorShare() {
        return mirrors.share;
    }

    /** The index of {@code jdk.internal.vm.StackChunk}, -1 if the dump has none. */
    int stackChunkClass() {
        return stackChunkClass;
    }

    /** The size of a stack chunk, whose {@code size} field counts the words of frames in it (hprof.md 2.4). */
    long stackChunk(int words) {
        long frames = Math.max(0, words);
        long bits = frames * (8 / layout.reference());
        return layout.aligned(sizes[stackChunkClass] + 8 * frames + 8 * ((bits + 63) / 64));
    }

    /** The classes with instances whose size is not what their fields say, in the order of the classes. */
    List<Enlarged> enlarged() {
        return enlarged;
    }
}
