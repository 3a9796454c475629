package dev.holdfast.roots;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.util.BitSet;

/**
 * Why each unreachable object is unreachable; immutable and thread-safe.
 *
 * <p>An inference, because the dump does not say: HotSpot leaves fields of {@code java.lang.Class} and some roots out and
 * writes the fillers of its collectors like any array (hprof.md 0 facts 4 and 6, 1.13). What an entry into the unreachable
 * objects that is explained reaches is explained too. Memory: 9 bits an object, while it is found 5 bytes more.
 */
public final class UnreachableReasons {
    private static final UnreachableReason[] REASONS = UnreachableReason.values();
    private static final int PROGRESS_STEP = 1 << 16;

    private final HeapSnapshot heap;
    private final BitSet unreachable;

    /** By object; garbage where it is reachable. */
    private final byte[] reasons;

    private final long[] objects = new long[REASONS.length];
    private final long[] bytes = new long[REASONS.length];
    private long stringsNotRead;

    private UnreachableReasons(HeapSnapshot heap) {
        this.heap = heap;
        this.unreachable = new BitSet(heap.graph().objectCount());
        this.reasons = new byte[heap.graph().objectCount()];
    }

    /**
     * Finds the reasons; reads unreachable strings that could be names of classes and the beginning of arrays that could be
     * fillers.
     *
     * @throws java.io.UncheckedIOException if the dump cannot be read
     */
    public static UnreachableReasons find(HeapSnapshot heap, Progress progress) {
        progress.phase("explaining unreachable objects", heap.graph().objectCount());
        UnreachableReasons reasons = new UnreachableReasons(heap);
        if (heap.totals().unreachableObjects() > 0) {
            reasons.findUnreachable(progress);
            reasons.enter(progress);
            // What a class holds by a lost field is named so even if a lost root reaches it too.
            reasons.spread(UnreachableReason.LOST_CLASS_FIELD);
            reasons.spread(UnreachableReason.ROOT_LOST);
            reasons.addUp();
        }
        return reasons;
    }

    private void findUnreachable(Progress progress) {
        for (int from = 0; from < reasons.length; from += PROGRESS_STEP) {
            progress.check();
            progress.advance(from);
            findUnreachable(from, (int) Math.min(reasons.length, (long) from + PROGRESS_STEP));
        }
    }

    private void findUnreachable(int from, int to) {
        for (int object = from; object < to; object++) {
            if (!heap.reachable(object)) {
                unreachable.set(object);
            }
        }
    }

    private void enter(Progress progress) {
        BitSet referred = referred();
        UnreachableEntries entries = new UnreachableEntries(heap, ObjectNames.of(heap));
        int step = 0;
        for (int object = next(0); object >= 0; object = next(object + 1)) {
            reasons[object] =
                    (byte) entries.reason(object, referred.get(object)).ordinal();
            if ((++step & (PROGRESS_STEP - 1)) == 0) {
                progress.check();
                progress.advance(object);
            }
        }
        stringsNotRead = entries.notRead();
    }

    /** The objects that an unreachable one refers to. */
    private BitSet referred() {
        ObjectGraph graph = heap.graph();
        BitSet referred = new BitSet(graph.objectCount());
        for (int object = next(0); object >= 0; object = next(object + 1)) {
            for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
                int target = graph.target(r);
                if (target != object && !graph.isHolder(target)) {
                    referred.set(target);
                }
            }
        }
        return referred;
    }

    /** Gives a reason to all garbage that objects with it reach. */
    private void spread(UnreachableReason reason) {
        ObjectGraph graph = heap.graph();
        IntList waiting = new IntList();
        for (int object = next(0); object >= 0; object = next(object + 1)) {
            if (reasons[object] == reason.ordinal()) {
                waiting.add(object);
            }
        }
        for (int i = 0; i < waiting.size(); i++) {
            int object = waiting.get(i);
            for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
                int target = graph.target(r);
                if (!graph.isHolder(target) && isGarbage(target)) {
                    reasons[target] = (byte) reason.ordinal();
                    waiting.add(target);
                }
            }
            int classObject = graph.classObject(object);
            if (classObject >= 0 && isGarbage(classObject)) {
                reasons[classObject] = (byte) reason.ordinal();
                waiting.add(classObject);
            }
        }
    }

    private boolean isGarbage(int object) {
        return reasons[object] == UnreachableReason.GARBAGE.ordinal() && unreachable.get(object);
    }

    private void addUp() {
        for (int object = next(0); object >= 0; object = next(object + 1)) {
            objects[reasons[object]]++;
            bytes[reasons[object]] += heap.graph().shallowSize(object);
        }
    }

    /** The first unreachable object from the given one on, or -1. */
    public int next(int object) {
        return unreachable.nextSetBit(object);
    }

    /**
     * Why an object is unreachable.
     *
     * @throws IllegalArgumentException if it is reachable
     */
    public UnreachableReason of(int object) {
        if (!unreachable.get(object)) {
            throw new IllegalArgumentException("object " + object + " is reachable");
        }
        return REASONS[reasons[object]];
    }

    /** How many objects are unreachable for a reason. */
    public long objects(UnreachableReason reason) {
        return objects[reason.ordinal()];
    }

    /** Their shallow size. */
    public long bytes(UnreachableReason reason) {
        return bytes[reason.ordinal()];
    }

    /**
     * How many unreachable strings could have been names of classes but were not read, because they were too many; they
     * count as garbage.
     */
    public long stringsNotRead() {
        return stringsNotRead;
    }
}
