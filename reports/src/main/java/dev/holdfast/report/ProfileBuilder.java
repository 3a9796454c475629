package dev.holdfast.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects the samples of one profile and builds it within limits.
 *
 * <p>Frames form a tree from the root of the stacks to their leaves: {@link #frame} answers the number of a stack, and
 * equal stacks have equal numbers. Samples with equal stack and labels are summed. What is built depends only on the
 * set of samples, never on the order of the calls.
 *
 * <p>Not thread-safe. About 22 bytes a frame and 32 a sample, names and label sets once each.
 */
public final class ProfileBuilder {
    /** The empty stack, the parent of outermost frames. */
    public static final int ROOT = FrameTree.ROOT;

    private final List<ValueType> types;
    private final int defaultType;
    private final FrameTree frames = new FrameTree();
    private final Map<Place, Integer> placeNumbers = new HashMap<>();
    private final List<Place> places = new ArrayList<>();
    private final Map<Labels, Integer> labelNumbers = new HashMap<>();
    private final List<Labels> labels = new ArrayList<>();
    private final SampleTable samples;
    private ProfileHeader header = ProfileHeader.EMPTY;

    /**
     * A builder for samples with one value of each type.
     *
     * @param defaultType what viewers show first and what decides which subtrees are small
     */
    public ProfileBuilder(List<ValueType> types, ValueType defaultType) {
        this.types = List.copyOf(types);
        this.defaultType = this.types.indexOf(defaultType);
        if (this.defaultType < 0 || this.types.stream().distinct().count() != this.types.size()) {
            throw new IllegalArgumentException("default " + defaultType + " of " + types);
        }
        this.samples = new SampleTable(this.types.size());
    }

    /** A builder for the two values of every memory profile, the default being bytes. */
    public static ProfileBuilder inUse() {
        return new ProfileBuilder(List.of(ValueType.INUSE_OBJECTS, ValueType.INUSE_SPACE), ValueType.INUSE_SPACE);
    }

    /** When the profile was taken, nanoseconds since 1970 UTC. */
    public ProfileBuilder timeNanos(long nanos) {
        header = header.withTimeNanos(nanos);
        return this;
    }

    /** What one sample stands for; backends make it part of a series' identity. */
    public ProfileBuilder period(ValueType type, long period) {
        header = header.withPeriod(type, period);
        return this;
    }

    /**
     * The name of the one mapping, which viewers show as the program.
     *
     * <p>It must be the same for two dumps of one program: samples merge only within equally named mappings.
     */
    public ProfileBuilder mapping(String name) {
        header = header.withMapping(ProfileText.clean(name));
        return this;
    }

    /** Adds a sentence for the reader of the profile. */
    public ProfileBuilder comment(String text) {
        header = header.withComment(ProfileText.clean(text));
        return this;
    }

    /** The stack that is {@code parent} with one more frame at its leaf. */
    public int frame(int parent, String name) {
        return frame(parent, name, null, 0);
    }

    /**
     * The stack that is {@code parent} with one more frame at its leaf.
     *
     * <p>On the deepest permitted frame this is {@code (deeper)}, and whatever would stand below that is it again.
     *
     * @param file source file, or another text that tells two functions of one name apart
     * @param line 0 where unknown
     */
    public int frame(int parent, String name, @Nullable String file, int line) {
        int depth = frames.depth(parent);
        if (depth >= ProfileLimits.MAX_DEPTH) {
            return parent;
        }
        if (depth == ProfileLimits.MAX_DEPTH - 1) {
            return frame(parent, Place.DEEPER);
        }
        return frame(parent, Place.of(name, file == null ? "" : file, line));
    }

    /** The stack with one more frame, unchecked. */
    int frame(int parent, Place place) {
        Integer known = placeNumbers.putIfAbsent(place, places.size());
        if (known == null) {
            places.add(place);
            known = places.size() - 1;
        }
        return frames.findOrAdd(parent, known, 0);
    }

    /**
     * Adds a sample.
     *
     * @param values one of each type, none negative; a sample of zeros only is left out of the profile
     */
    public void sample(int frame, Labels sampleLabels, long... values) {
        if (values.length != types.size()) {
            throw new IllegalArgumentException(values.length + " values for " + types);
        }
        if (frame == ROOT) {
            throw new IllegalArgumentException("a sample needs a frame: some readers skip empty stacks");
        }
        Objects.checkIndex(frame, frames.size());
        for (long value : values) {
            if (value < 0) {
                throw new IllegalArgumentException("negative value " + value);
            }
        }
        int row = samples.row(frame, labelNumber(sampleLabels));
        for (int i = 0; i < values.length; i++) {
            samples.add(row, i, values[i]);
        }
    }

    /** The number of distinct (stack, labels) pairs so far. */
    public int samples() {
        return samples.size();
    }

    /** The profile within limits; the builder may go on afterwards. */
    public Profile build(ProfileLimits limits) {
        CanonicalSamples all = CanonicalSamples.of(this, limits);
        return ProfileFitting.fit(limits, cap -> all.size() > cap ? SampleFolding.fold(all, cap) : all);
    }

    /** A builder of the same kind without samples. */
    ProfileBuilder empty() {
        return new ProfileBuilder(types, types.get(defaultType)).header(header);
    }

    ProfileBuilder header(ProfileHeader other) {
        header = other;
        return this;
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

    FrameTree frames() {
        return frames;
    }

    List<Place> places() {
        return places;
    }

    List<Labels> labels() {
        return labels;
    }

    SampleTable sampleTable() {
        return samples;
    }

    private int labelNumber(Labels set) {
        Integer known = labelNumbers.putIfAbsent(set, labels.size());
        if (known != null) {
            return known;
        }
        labels.add(set);
        return labels.size() - 1;
    }
}
