package dev.holdfast.report;

import dev.holdfast.testkit.DecodedProfile;
import dev.holdfast.testkit.PprofDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A profile as the testkit's decoder reads it, with stacks and labels in a form that is easy to compare. */
record ReadProfile(List<Sample> samples, DecodedProfile decoded) {
    /** One sample, its stack from root to leaf. */
    record Sample(List<String> stack, Map<String, String> labels, List<Long> values) {
        String key() {
            return String.join(" > ", stack) + " " + labels;
        }
    }

    static ReadProfile of(Profile profile) {
        return of(PprofDecoder.decode(profile.toByteArray()));
    }

    static ReadProfile of(DecodedProfile decoded) {
        List<Sample> samples = new ArrayList<>();
        for (DecodedProfile.Sample sample : decoded.samples()) {
            List<String> stack = new ArrayList<>();
            for (long location : sample.locationIds()) {
                for (DecodedProfile.Line line : decoded.location(location).lines()) {
                    String function = decoded.function(line.functionId()).name();
                    stack.add(line.line() == 0 ? function : function + ":" + line.line());
                }
            }
            Collections.reverse(stack);
            Map<String, String> labels = new TreeMap<>();
            for (DecodedProfile.Label label : sample.labels()) {
                String text = !label.text().isEmpty()
                                || label.number() == 0 && label.unit().isEmpty()
                        ? label.text()
                        : label.number() + " " + label.unit();
                if (labels.put(label.key(), text) != null) {
                    throw new IllegalStateException("twice " + label.key());
                }
            }
            samples.add(new Sample(stack, labels, sample.values()));
        }
        return new ReadProfile(samples, decoded);
    }

    long total(int column) {
        return decoded.total(column);
    }

    /** The sum of a column over the samples at and below each stack, by the stack. */
    Map<List<String>, Long> cumulative(int column) {
        Map<List<String>, Long> sums = new HashMap<>(decoded.cumulativeByPath(column));
        sums.remove(List.of());
        return sums;
    }
}
