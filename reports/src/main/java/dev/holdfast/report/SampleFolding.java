package dev.holdfast.report;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Folds the smallest subtrees of a profile, so that it has at most a given number of samples. */
final class SampleFolding {
    private static final ProfileLimits UNLIMITED = new ProfileLimits(0, Long.MAX_VALUE, Integer.MAX_VALUE);

    private SampleFolding() {}

    /** The same totals in at most {@code limit} samples. */
    static CanonicalSamples fold(CanonicalSamples all, int limit) {
        int width = all.types().size();
        long[] weight = new long[all.size()];
        for (int sample = 0; sample < weight.length; sample++) {
            weight[sample] = all.value(sample, all.defaultType());
        }
        boolean[] stays = Selection.select(all.parents(), all.stacks(), weight, limit);

        ProfileBuilder folded = new ProfileBuilder(all.types(), all.types().get(all.defaultType()));
        int[] frame = new int[all.frames()];
        for (int i = 1; i < frame.length; i++) {
            // A folded frame becomes its topmost folded ancestor, which is (other) under a frame that stays.
            int parent = frame[all.parent(i)];
            if (stays[i]) {
                frame[i] = folded.frame(parent, all.place(i));
            } else {
                frame[i] = stays[all.parent(i)] ? folded.frame(parent, Place.OTHER) : parent;
            }
        }
        Map<Integer, Rest> rests = new HashMap<>();
        for (int sample = 0; sample < all.size(); sample++) {
            long[] values = new long[width];
            for (int column = 0; column < width; column++) {
                values[column] = all.value(sample, column);
            }
            int stack = frame[all.stack(sample)];
            if (stays[all.frames() + sample]) {
                folded.sample(stack, all.labels(sample), values);
            } else {
                rests.computeIfAbsent(stack, key -> new Rest(width)).add(all.labels(sample), values);
            }
        }
        rests.forEach((stack, rest) -> folded.sample(stack, rest.labels(), rest.values));
        folded.header(all.header().withComment(note(limit)));
        return CanonicalSamples.of(folded, UNLIMITED);
    }

    static String note(int limit) {
        return "at most " + limit + " samples: the smallest subtrees are folded into " + FrameNames.OTHER
                + ", samples of one stack into one with the labels they share; totals are complete";
    }

    /** What is folded at one place: the sum, and the labels that all of it has. */
    static final class Rest {
        private final long[] values;
        private @Nullable Labels common;

        Rest(int width) {
            values = new long[width];
        }

        void add(Labels labels, long[] more) {
            common = common == null ? labels : common.common(labels);
            for (int i = 0; i < values.length; i++) {
                values[i] += more[i];
            }
        }

        Labels labels() {
            return common == null ? Labels.NONE : common;
        }
    }
}
