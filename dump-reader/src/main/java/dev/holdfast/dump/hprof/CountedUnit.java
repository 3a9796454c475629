package dev.holdfast.dump.hprof;

import java.util.ArrayList;
import java.util.List;

/**
 * What a part of a file held besides objects to be counted, in file order: classes, roots, some places, and the objects at
 * its two ends. Filled by one thread.
 */
final class CountedUnit {
    final List<ClassRecord> classes = new ArrayList<>();
    final RootRecords roots = new RootRecords();
    /** Null where nothing will be read at random. */
    final @org.jspecify.annotations.Nullable ObjectAnchors anchors;

    /** Address of the first object, 0 if there is none. */
    long firstAddress;

    /** Whether the last object met is to be sampled, but what follows it is not known yet. */
    boolean waiting;

    /** Element type of the object that waits, or {@link RecordBlock#INSTANCE}. */
    int waitingKind;

    long waitingAddress;
    /** The class of a waiting instance, the length of a waiting array. */
    long waitingValue;

    CountedUnit(@org.jspecify.annotations.Nullable ObjectAnchors anchors) {
        this.anchors = anchors;
    }
}
