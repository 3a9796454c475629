package dev.holdfast.testkit;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the dumped program knew about itself ({@code truth.json}); see the fixtures' README for the meaning of each entry. */
public final class GoTruth {
    private final Map<String, @Nullable Object> json;

    /** A structure below one package variable; an expectation that the library does not settle is null. */
    public record Structure(
            String root,
            String what,
            @Nullable Long expectedObjects,
            @Nullable Long expectedBytes,
            long measuredObjects,
            long measuredBytes,
            boolean agrees) {}

    /** A single object. */
    public record Point(
            String path,
            long address,
            String type,
            long slotBytes,
            @Nullable Long retainedObjects,
            @Nullable Long retainedBytes) {}

    /** A package variable. */
    public record Global(String name, long address, long size, String type) {}

    /** Goroutines with one value of the label {@code kind}. */
    public record Goroutines(String kind, long count, String state, String function) {}

    GoTruth(Map<String, @Nullable Object> json) {
        this.json = json;
    }

    /** The whole file. */
    public Map<String, @Nullable Object> json() {
        return json;
    }

    /** A text at the top. */
    public String text(String name) {
        return (String) Objects.requireNonNull(json.get(name), name);
    }

    /** A number at the top, or (with a dot) in an object at the top: {@code final.HeapAlloc}. */
    public long number(String name) {
        Object found = json.get(name);
        int dot = name.indexOf('.');
        if (found == null && dot > 0) {
            found = object(json.get(name.substring(0, dot))).get(name.substring(dot + 1));
        }
        return ((Number) Objects.requireNonNull(found, name)).longValue();
    }

    /** Below package variables. */
    public List<Structure> structures() {
        return rows("structures").stream()
                .map(row -> new Structure(
                        string(row, "root"),
                        string(row, "what"),
                        (Long) row.get("expected_objects"),
                        (Long) row.get("expected_bytes"),
                        integer(row, "measured_objects"),
                        integer(row, "measured_bytes"),
                        Boolean.TRUE.equals(row.get("agrees"))))
                .toList();
    }

    /** Single objects. */
    public List<Point> points() {
        return rows("points").stream()
                .map(row -> new Point(
                        string(row, "path"),
                        Long.decode(string(row, "address")),
                        string(row, "type"),
                        integer(row, "slot_bytes"),
                        (Long) row.get("retained_objects"),
                        (Long) row.get("retained_bytes")))
                .toList();
    }

    /** Package variables. */
    public List<Global> globals() {
        return rows("globals").stream()
                .map(row -> new Global(
                        string(row, "name"),
                        Long.decode(string(row, "address")),
                        integer(row, "size"),
                        string(row, "type")))
                .toList();
    }

    /** Goroutines by kind. */
    public List<Goroutines> goroutines() {
        return rows("goroutines").stream()
                .map(row -> new Goroutines(
                        string(row, "kind"), integer(row, "count"), string(row, "state"), string(row, "function")))
                .toList();
    }

    private List<Map<String, @Nullable Object>> rows(String name) {
        return ((List<?>) Objects.requireNonNull(json.get(name), name))
                .stream().map(GoTruth::object).toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }

    private static String string(Map<String, @Nullable Object> row, String name) {
        Object value = row.get(name);
        return value == null ? "" : (String) value;
    }

    private static long integer(Map<String, @Nullable Object> row, String name) {
        Object value = row.get(name);
        return value == null ? 0 : ((Number) value).longValue();
    }
}
