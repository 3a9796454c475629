package dev.holdfast.report;

import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.roots.UnreachableReason;
import dev.holdfast.roots.UnreachableReasons;
import java.util.List;

/** {@code unreachable.pb.gz}: what is in the file but not reachable, by type and package under the reason. */
final class UnreachableProfile {
    private static final ValueType OBJECTS = new ValueType("objects", "count");
    private static final ValueType SPACE = new ValueType("space", "bytes");

    private UnreachableProfile() {}

    static ProfileBuilder builder() {
        return new ProfileBuilder(List.of(OBJECTS, SPACE), SPACE).period(SPACE, 1);
    }

    static Profile of(HeapSnapshot heap, ProfileBuilder builder, ProfileLimits limits, Progress progress) {
        Language language = Language.of(heap.dump().info());
        ObjectGraph graph = heap.graph();
        UnreachableReasons reasons = UnreachableReasons.find(heap, progress);
        int types = heap.types().size();
        int kinds = UnreachableReason.values().length;
        long[] objects = new long[types * kinds];
        long[] bytes = new long[types * kinds];
        for (int i = reasons.next(0); i >= 0; i = reasons.next(i + 1)) {
            int row = graph.typeOf(i) * kinds + reasons.of(i).ordinal();
            objects[row]++;
            bytes[row] += graph.shallowSize(i);
        }
        for (int row = 0; row < objects.length; row++) {
            if (objects[row] > 0) {
                String type = language.type(heap.types().get(row / kinds).name());
                int frame = builder.frame(RetentionTree.ROOT, UnreachableReason.values()[row % kinds].label());
                frame = language.frames(builder, frame, type);
                builder.sample(frame, Labels.NONE.with("type", type), objects[row], bytes[row]);
            }
        }
        return builder.build(limits);
    }
}
