package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A profile.proto with its string indices resolved, ids and order kept as written. An id that is absent on the wire is 0.
 *
 * @param defaultSampleType empty if absent
 */
public record DecodedProfile(
        List<ValueType> sampleTypes,
        List<Sample> samples,
        List<Mapping> mappings,
        List<Location> locations,
        List<Function> functions,
        List<String> strings,
        String dropFrames,
        String keepFrames,
        long timeNanos,
        long durationNanos,
        ValueType periodType,
        long period,
        List<String> comments,
        String defaultSampleType,
        String docUrl) {

    public record ValueType(String type, String unit) {}

    /** {@code locationIds} leaf first. */
    public record Sample(List<Long> locationIds, List<Long> values, List<Label> labels) {}

    /** A string label has {@code text}, a number {@code number} and {@code unit}; the other is empty or 0. */
    public record Label(String key, String text, long number, String unit) {}

    public record Mapping(
            long id,
            long memoryStart,
            long memoryLimit,
            long fileOffset,
            String filename,
            String buildId,
            boolean hasFunctions,
            boolean hasFilenames,
            boolean hasLineNumbers,
            boolean hasInlineFrames) {}

    public record Location(long id, long mappingId, long address, List<Line> lines, boolean folded) {}

    public record Line(long functionId, long line, long column) {}

    public record Function(long id, String name, String systemName, String filename, long startLine) {}

    /** The position of the sample type with this name. */
    public int valueIndex(String type) {
        for (int i = 0; i < sampleTypes.size(); i++) {
            if (sampleTypes.get(i).type().equals(type)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no sample type " + type + " in " + sampleTypes);
    }

    /** The sum over all samples. */
    public long total(int valueIndex) {
        return samples.stream().mapToLong(s -> s.values().get(valueIndex)).sum();
    }

    /** The sample's function names from the root to the leaf, inlined lines expanded. */
    public List<String> stack(Sample sample) {
        List<String> names = new ArrayList<>();
        for (long id : sample.locationIds()) {
            for (Line line : location(id).lines()) {
                names.add(function(line.functionId()).name());
            }
        }
        Collections.reverse(names);
        return names;
    }

    /** The value of each function name: of all samples that have it anywhere on their stack, each counted once. */
    public Map<String, Long> cumulativeByFrame(int valueIndex) {
        Map<String, Long> sums = new LinkedHashMap<>();
        for (Sample sample : samples) {
            Set<String> onStack = new HashSet<>(stack(sample));
            onStack.forEach(name -> sums.merge(name, sample.values().get(valueIndex), Long::sum));
        }
        return sums;
    }

    /** The value of each path from the root down to any frame, that is of each bar of the flame graph; the empty path holds the total. */
    public Map<List<String>, Long> cumulativeByPath(int valueIndex) {
        Map<List<String>, Long> sums = new LinkedHashMap<>();
        for (Sample sample : samples) {
            List<String> stack = stack(sample);
            for (int depth = 0; depth <= stack.size(); depth++) {
                sums.merge(List.copyOf(stack.subList(0, depth)), sample.values().get(valueIndex), Long::sum);
            }
        }
        return sums;
    }

    /** The text of the string label, empty if the sample has none. */
    public static String label(Sample sample, String key) {
        for (Label label : sample.labels()) {
            if (label.key().equals(key) && !label.text().isEmpty()) {
                return label.text();
            }
        }
        return "";
    }

    /** The location with this id; ids are looked up by position first, as writers number from 1. */
    public Location location(long id) {
        if (id >= 1 && id <= locations.size() && locations.get((int) id - 1).id() == id) {
            return locations.get((int) id - 1);
        }
        return locations.stream()
                .filter(location -> location.id() == id)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no location " + id));
    }

    /** The function with this id. */
    public Function function(long id) {
        if (id >= 1 && id <= functions.size() && functions.get((int) id - 1).id() == id) {
            return functions.get((int) id - 1);
        }
        return functions.stream()
                .filter(function -> function.id() == id)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no function " + id));
    }
}
