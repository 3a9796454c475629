package dev.holdfast.report;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The samples of a builder in the one order that depends on nothing but themselves: stacks in preorder of the frame
 * tree with siblings by name, equal stacks by their labels; all-zero samples and too varied labels are gone.
 *
 * <p>Immutable once made. Sorting is on primitive keys: with all samples asked for, there may be millions.
 */
final class CanonicalSamples {
    private final ProfileHeader header;
    private final List<ValueType> types;
    private final int defaultType;
    private final List<Place> places;
    private final List<Labels> labels;

    /** By preorder number of a frame; 0 is the root. */
    private final int[] parent;

    private final int[] place;

    /** By sample. */
    private final int[] stack;

    private final int[] label;
    private final long[] values;

    private CanonicalSamples(ProfileBuilder builder, ProfileLimits limits) {
        this.types = builder.types();
        this.defaultType = builder.defaultType();

        ProfileHeader withWarnings = builder.header();
        List<Labels> given = builder.labels();
        Map<String, Integer> tooVaried = tooVaried(given, limits.maxLabelValues());
        for (Map.Entry<String, Integer> entry : tooVaried.entrySet()) {
            withWarnings = withWarnings.withWarning("label " + entry.getKey() + " left out: " + entry.getValue()
                    + " values, at most " + limits.maxLabelValues() + " are useful to a viewer");
        }
        this.header = withWarnings;
        List<Labels> kept = given.stream()
                .map(set -> tooVaried.isEmpty()
                        ? set
                        : set.keep(entry -> !entry.isText() || !tooVaried.containsKey(entry.key())))
                .toList();
        this.labels = List.copyOf(new TreeSet<>(kept));
        int[] labelRank = ranks(kept, labels);

        this.places = builder.places().stream().sorted().toList();
        FrameTree frames = builder.frames();
        this.parent = new int[frames.size()];
        this.place = new int[frames.size()];
        int[] preorder = number(frames, ranks(builder.places(), places));

        SampleTable table = builder.sampleTable();
        SampleTable merged = new SampleTable(types.size());
        for (int row = 0; row < table.size(); row++) {
            if (table.isZero(row)) {
                continue;
            }
            int to = merged.row(preorder[table.stack(row)], labelRank[table.labels(row)]);
            for (int column = 0; column < types.size(); column++) {
                merged.add(to, column, table.value(row, column));
            }
        }
        long[] keys = new long[merged.size()];
        for (int row = 0; row < keys.length; row++) {
            keys[row] = (long) merged.stack(row) << 32 | merged.labels(row);
        }
        Arrays.sort(keys);
        this.stack = new int[keys.length];
        this.label = new int[keys.length];
        this.values = new long[Math.multiplyExact(keys.length, types.size())];
        for (int i = 0; i < keys.length; i++) {
            stack[i] = (int) (keys[i] >>> 32);
            label[i] = (int) keys[i];
            int row = merged.row(stack[i], label[i]);
            for (int column = 0; column < types.size(); column++) {
                values[i * types.size() + column] = merged.value(row, column);
            }
        }
    }

    static CanonicalSamples of(ProfileBuilder builder, ProfileLimits limits) {
        return new CanonicalSamples(builder, limits);
    }

    /** The number of samples. */
    int size() {
        return stack.length;
    }

    int frames() {
        return parent.length;
    }

    int parent(int frame) {
        return parent[frame];
    }

    Place place(int frame) {
        return places.get(place[frame]);
    }

    /** The number of a frame's place: equal places have equal numbers. */
    int placeNumber(int frame) {
        return place[frame];
    }

    int places() {
        return places.size();
    }

    int stack(int sample) {
        return stack[sample];
    }

    Labels labels(int sample) {
        return labels.get(label[sample]);
    }

    long value(int sample, int column) {
        return values[sample * types.size() + column];
    }

    ProfileHeader header() {
        return header;
    }

    List<ValueType> types() {
        return types;
    }

    int defaultType() {
        return defaultType;
    }

    int[] parents() {
        return parent;
    }

    int[] stacks() {
        return stack;
    }

    private static Map<String, Integer> tooVaried(List<Labels> sets, int limit) {
        Map<String, Set<String>> seen = new HashMap<>();
        for (Labels set : sets) {
            for (Labels.Label entry : set.entries()) {
                if (entry.text() != null) {
                    seen.computeIfAbsent(entry.key(), key -> new HashSet<>()).add(entry.text());
                }
            }
        }
        Map<String, Integer> counts = new TreeMap<>();
        seen.forEach((key, texts) -> {
            if (texts.size() > limit) {
                counts.put(key, texts.size());
            }
        });
        return counts;
    }

    private static <T> int[] ranks(List<T> items, List<T> sorted) {
        Map<T, Integer> rank = new HashMap<>();
        for (int i = 0; i < sorted.size(); i++) {
            rank.put(sorted.get(i), i);
        }
        int[] ranks = new int[items.size()];
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = Objects.requireNonNull(rank.get(items.get(i)));
        }
        return ranks;
    }

    /** Fills the frame columns and answers the preorder number of each of the builder's frames. */
    private int[] number(FrameTree frames, int[] placeRank) {
        int count = frames.size();
        int[] byRank = new int[placeRank.length];
        for (int i = 0; i < placeRank.length; i++) {
            byRank[placeRank[i]] = i;
        }
        // Sorted, these keys are the children of frame 0, of frame 1, ..., each group by name.
        long[] keys = new long[count - 1];
        int[] firstChild = new int[count + 1];
        for (int frame = 1; frame < count; frame++) {
            keys[frame - 1] = (long) frames.parent(frame) << 32 | placeRank[frames.first(frame)];
            firstChild[frames.parent(frame) + 1]++;
        }
        Arrays.sort(keys);
        for (int frame = 0; frame < count; frame++) {
            firstChild[frame + 1] += firstChild[frame];
        }
        int[] numbers = new int[count];
        int[] pending = new int[count];
        int top = 0;
        pending[top++] = FrameTree.ROOT;
        for (int number = 0; top > 0; number++) {
            int frame = pending[--top];
            numbers[frame] = number;
            parent[number] = numbers[frames.parent(frame)];
            place[number] = frame == FrameTree.ROOT ? -1 : placeRank[frames.first(frame)];
            for (int i = firstChild[frame + 1] - 1; i >= firstChild[frame]; i--) {
                pending[top++] = frames.find(frame, byRank[(int) keys[i]], 0);
            }
        }
        return numbers;
    }
}
