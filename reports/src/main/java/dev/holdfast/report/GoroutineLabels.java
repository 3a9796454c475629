package dev.holdfast.report;

import dev.holdfast.dump.DumpThread;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The labels that programs attach to their goroutines, as far as viewers can use them: one with a value for each request
 * would make a sample of each object. Immutable.
 */
final class GoroutineLabels {
    private final Map<String, Integer> tooVaried = new TreeMap<>();
    private final int most;

    /** Looks at all goroutines; more values of one key than {@code most} are too many. */
    GoroutineLabels(List<DumpThread> threads, int most) {
        this.most = most;
        Map<String, Set<String>> values = new HashMap<>();
        for (DumpThread thread : threads) {
            thread.labels()
                    .forEach((key, value) ->
                            values.computeIfAbsent(key, made -> new HashSet<>()).add(value));
        }
        values.forEach((key, all) -> {
            if (all.size() > most) {
                tooVaried.put(key, all.size());
            }
        });
    }

    /** The labels of one goroutine. */
    Labels of(DumpThread thread) {
        Labels labels = Labels.NONE;
        for (Map.Entry<String, String> label : thread.labels().entrySet()) {
            if (!tooVaried.containsKey(label.getKey())) {
                labels = labels.withRecorded(label.getKey(), label.getValue());
            }
        }
        return labels;
    }

    /** Says in a profile what was left out. */
    ProfileBuilder warn(ProfileBuilder builder) {
        for (Map.Entry<String, Integer> key : tooVaried.entrySet()) {
            builder.header(builder.header()
                    .withWarning("label " + ProfileText.clean(key.getKey()) + " left out: " + key.getValue()
                            + " values, at most " + most + " are useful to a viewer"));
        }
        return builder;
    }
}
