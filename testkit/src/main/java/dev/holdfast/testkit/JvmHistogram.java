package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JVM's own class histogram ({@code GC.class_histogram}, {@code jmap -histo}): the truth for shallow sizes. Names are the language's, as in
 * {@code byte[]} and {@code java.lang.Object[][]}; classes of one name are summed up.
 */
public final class JvmHistogram {
    /** Objects and bytes of one class. */
    public record Row(long objects, long bytes) {
        Row plus(Row other) {
            return new Row(objects + other.objects, bytes + other.bytes);
        }
    }

    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)(?:\\s+\\(.*\\))?\\s*");
    private static final Map<Character, String> PRIMITIVES = Map.of(
            'Z', "boolean", 'C', "char", 'F', "float", 'D', "double", 'B', "byte", 'S', "short", 'I', "int", 'J',
            "long");

    private final Map<String, Row> rows;

    private JvmHistogram(Map<String, Row> rows) {
        this.rows = Collections.unmodifiableMap(rows);
    }

    /** Parses a text with several histograms, each ended by its line of totals. */
    public static List<JvmHistogram> parseAll(String text) {
        List<JvmHistogram> all = new ArrayList<>();
        StringBuilder one = new StringBuilder();
        for (String line : text.lines().toList()) {
            one.append(line).append('\n');
            if (line.startsWith("Total")) {
                all.add(parse(one.toString()));
                one.setLength(0);
            }
        }
        return all;
    }

    /** Parses the text of one histogram; lines of any other form are passed over. */
    public static JvmHistogram parse(String text) {
        Map<String, Row> rows = new LinkedHashMap<>();
        text.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
            Row row = new Row(Long.parseLong(line.group(1)), Long.parseLong(line.group(2)));
            rows.merge(languageName(line.group(3)), row, Row::plus);
        });
        return new JvmHistogram(rows);
    }

    /** {@code [[I} to {@code int[][]}, {@code [Ljava.lang.String;} to {@code java.lang.String[]}; other names unchanged. */
    public static String languageName(String name) {
        int dimensions = 0;
        while (dimensions < name.length() && name.charAt(dimensions) == '[') {
            dimensions++;
        }
        if (dimensions == 0) {
            return name;
        }
        String element = name.substring(dimensions);
        String base = element.startsWith("L")
                ? element.substring(1, element.length() - 1)
                : PRIMITIVES.getOrDefault(element.charAt(0), element);
        return base + "[]".repeat(dimensions);
    }

    /** By class name, in the JVM's order: most bytes first. */
    public Map<String, Row> rows() {
        return rows;
    }

    /** The same with GC fillers, {@code FillerElement[]} since JDK 19, counted as {@code int[]}: so they are dumped. */
    public JvmHistogram asDumped() {
        Map<String, Row> dumped = new LinkedHashMap<>(rows);
        Row fillers = dumped.remove("jdk.internal.vm.FillerElement[]");
        if (fillers != null) {
            dumped.merge("int[]", fillers, Row::plus);
        }
        return new JvmHistogram(dumped);
    }

    /** The rows that both histograms have in common, equal in objects and bytes. */
    public Map<String, Row> equalIn(JvmHistogram other) {
        Map<String, Row> equal = new LinkedHashMap<>(rows);
        equal.entrySet().removeIf(row -> !row.getValue().equals(other.rows.get(row.getKey())));
        return equal;
    }

    public long totalObjects() {
        return rows.values().stream().mapToLong(Row::objects).sum();
    }

    public long totalBytes() {
        return rows.values().stream().mapToLong(Row::bytes).sum();
    }
}
