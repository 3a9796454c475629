package dev.holdfast.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A profile read from its bytes by hand, sharing no code with the writer. */
record DecodedProfile(
        List<String> types, List<Sample> samples, List<String> comments, String defaultType, long timeNanos, int size) {
    /** One sample, its stack from root to leaf. */
    record Sample(List<String> stack, Map<String, String> labels, List<Long> values) {
        String key() {
            return String.join(" > ", stack) + " " + labels;
        }
    }

    static DecodedProfile of(Profile profile) {
        return of(profile.toByteArray());
    }

    static DecodedProfile of(byte[] bytes) {
        Map<Integer, List<Object>> top = fields(bytes);
        List<String> strings = top.getOrDefault(6, List.of()).stream()
                .map(text -> new String((byte[]) text, StandardCharsets.UTF_8))
                .toList();
        Map<Long, String> functions = new HashMap<>();
        for (Object function : top.getOrDefault(5, List.of())) {
            Map<Integer, List<Object>> fields = fields((byte[]) function);
            functions.put(number(fields, 1), strings.get((int) number(fields, 2)));
        }
        Map<Long, String> locations = new HashMap<>();
        for (Object location : top.getOrDefault(4, List.of())) {
            Map<Integer, List<Object>> fields = fields((byte[]) location);
            Map<Integer, List<Object>> line =
                    fields((byte[]) fields.getOrDefault(4, List.of()).get(0));
            String name = functions.get(number(line, 1));
            long lineNumber = number(line, 2);
            locations.put(number(fields, 1), lineNumber == 0 ? name : name + ":" + lineNumber);
        }
        List<Sample> samples = new ArrayList<>();
        for (Object sample : top.getOrDefault(2, List.of())) {
            Map<Integer, List<Object>> fields = fields((byte[]) sample);
            List<String> stack = new ArrayList<>();
            for (long id : numbers(fields, 1)) {
                stack.add(0, locations.get(id));
            }
            Map<String, String> labels = new TreeMap<>();
            for (Object label : fields.getOrDefault(3, List.of())) {
                Map<Integer, List<Object>> entry = fields((byte[]) label);
                String key = strings.get((int) number(entry, 1));
                String unit = strings.get((int) number(entry, 4));
                labels.put(key, unit.isEmpty() ? strings.get((int) number(entry, 2)) : number(entry, 3) + " " + unit);
            }
            samples.add(new Sample(stack, labels, numbers(fields, 2)));
        }
        List<String> types = new ArrayList<>();
        for (Object type : top.getOrDefault(1, List.of())) {
            Map<Integer, List<Object>> fields = fields((byte[]) type);
            types.add(strings.get((int) number(fields, 1)) + "/" + strings.get((int) number(fields, 2)));
        }
        List<String> comments = numbers(top, 13).stream()
                .map(index -> strings.get(index.intValue()))
                .toList();
        return new DecodedProfile(
                types, samples, comments, strings.get((int) number(top, 14)), number(top, 9), bytes.length);
    }

    /** The sum of a column over all samples. */
    long total(int column) {
        return samples.stream().mapToLong(sample -> sample.values().get(column)).sum();
    }

    /** The sum of a column over the samples at and below each stack, by the stack. */
    Map<List<String>, Long> cumulative(int column) {
        Map<List<String>, Long> sums = new HashMap<>();
        for (Sample sample : samples) {
            for (int depth = 1; depth <= sample.stack.size(); depth++) {
                sums.merge(
                        List.copyOf(sample.stack.subList(0, depth)),
                        sample.values().get(column),
                        Long::sum);
            }
        }
        return sums;
    }

    private static long number(Map<Integer, List<Object>> fields, int field) {
        List<Object> values = fields.getOrDefault(field, List.of());
        return values.isEmpty() ? 0 : (Long) values.get(0);
    }

    private static List<Long> numbers(Map<Integer, List<Object>> fields, int field) {
        List<Long> numbers = new ArrayList<>();
        for (Object value : fields.getOrDefault(field, List.of())) {
            if (value instanceof byte[] packed) {
                int[] at = {0};
                while (at[0] < packed.length) {
                    numbers.add(varint(packed, at));
                }
            } else {
                numbers.add((Long) value);
            }
        }
        return numbers;
    }

    private static Map<Integer, List<Object>> fields(byte[] bytes) {
        Map<Integer, List<Object>> fields = new HashMap<>();
        int[] at = {0};
        while (at[0] < bytes.length) {
            long tag = varint(bytes, at);
            Object value;
            if ((tag & 7) == 0) {
                value = varint(bytes, at);
            } else if ((tag & 7) == 2) {
                int length = (int) varint(bytes, at);
                byte[] part = new byte[length];
                System.arraycopy(bytes, at[0], part, 0, length);
                at[0] += length;
                value = part;
            } else {
                throw new IllegalStateException("wire type " + (tag & 7));
            }
            fields.computeIfAbsent((int) (tag >>> 3), key -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    private static long varint(byte[] bytes, int[] at) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = bytes[at[0]++];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }
}
