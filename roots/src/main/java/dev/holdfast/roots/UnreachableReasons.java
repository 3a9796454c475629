package dev.holdfast.roots;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;

/**
 * Why each unreachable object is unreachable; immutable and thread-safe.
 *
 * <p>An inference, because the dump does not say: HotSpot leaves fields of {@code java.lang.Class} and some roots out and
 * writes the fillers of its collectors like any array (hprof.md 0 facts 4 and 6, 1.13). What an entry into the unreachable
 * objects that is explained reaches is explained too. Memory: 1 byte an object, while it is found 5.
 */
public final class UnreachableReasons {
    private static final UnreachableReason[] REASONS = UnreachableReason.values();
    private static final int PROGRESS_STEP = 1 << 16;

    private final HeapSnapshot heap;
    private final byte[] reasons;
    private final long[] objects = new long[REASONS.length];
    private final long[] bytes = new long[REASONS.length];
    private final long stringsNotRead;

    private UnreachableReasons(HeapSnapshot heap, byte[] reasons, long stringsNotRead) {
        this.stringsNotRead = stringsNotRead;
        this.heap = heap;
        this.reasons = reasons;
        ObjectGraph graph = heap.graph();
        for (int object = 0; object < reasons.length; object++) {
            if (!heap.reachable(object)) {
                objects[reasons[object]]++;
                bytes[reasons[object]] += graph.shallowSize(object);
            }
        }
    }

    /**
     * Finds the reasons; reads unreachable strings that could be names of classes and the beginning of arrays that could be
     * fillers.
     *
     * @throws java.io.UncheckedIOException if the dump cannot be read
     */
    public static UnreachableReasons find(HeapSnapshot heap, Progress progress) {
        progress.phase("explaining unreachable objects", heap.graph().objectCount());
        byte[] reasons = new byte[heap.graph().objectCount()];
        long notRead = 0;
        if (heap.totals().unreachableObjects() > 0) {
            notRead = enter(heap, reasons, progress);
            // What a class holds by a lost field is named so even if a lost root reaches it too.
            spread(heap, reasons, UnreachableReason.LOST_CLASS_FIELD);
            spread(heap, reasons, UnreachableReason.ROOT_LOST);
        }
        return new UnreachableReasons(heap, reasons, notRead);
    }

    private static long enter(HeapSnapshot heap, byte[] reasons, Progress progress) {
        long[] referred = referred(heap);
        UnreachableEntries entries = new UnreachableEntries(heap, ObjectNames.of(heap));
        for (int object = 0; object < reasons.length; object++) {
            if (!heap.reachable(object)) {
                boolean isReferred = (referred[object >>> 6] >>> object & 1) != 0;
                reasons[object] = (byte) entries.reason(object, isReferred).ordinal();
            }
            if ((object & (PROGRESS_STEP - 1)) == 0) {
                progress.check();
                progress.advance(object);
            }
        }
        return entries.notRead();
    }

    /** A bit for each object that an unreachable one refers to. */
    private static long[] referred(HeapSnapshot heap) {
        ObjectGraph graph = heap.graph();
        long[] referred = new long[(graph.objectCount() + 63) >>> 6];
        for (int object = 0; object < graph.objectCount(); object++) {
            if (!heap.reachable(object)) {
                for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
                    int target = graph.target(r);
                    if (target != object && !graph.isHolder(target)) {
                        referred[target >>> 6] |= 1L << target;
                    }
                }
            }
        }
        return referred;
    }

    /** Gives a reason to all garbage that objects with it reach. */
    private static void spread(HeapSnapshot heap, byte[] reasons, UnreachableReason reason) {
        ObjectGraph graph = heap.graph();
        IntList waiting = new IntList();
        for (int object = 0; object < reasons.length; object++) {
            if (reasons[object] == reason.ordinal()) {
                waiting.add(object);
            }
        }
        for (int i = 0; i < waiting.size(); i++) {
            int object = waiting.get(i);
            for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
                int target = graph.target(r);
                if (!graph.isHolder(target) && !heap.reachable(target) && reasons[target] == 0) {
                    reasons[target] = (byte) reason.ordinal();
                    waiting.add(target);
                }
            }
            int classObject = graph.classObject(object);
            if (classObject >= 0 && !heap.reachable(classObject) && reasons[classObject] == 0) {
                reasons[classObject] = (byte) reason.ordinal();
                waiting.add(classObject);
            }
        }
    }

    /**
     * Why an object is unreachable.
     *
     * @throws IllegalArgumentException if it is reachable
     */
    public UnreachableReason of(int object) {
        if (heap.reachable(object)) {
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
