package dev.holdfast.testkit;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An object of JSON whose fields are known; immutable. */
final class JsonRow {
    private final Map<?, ?> fields;

    private JsonRow(Map<?, ?> fields) {
        this.fields = fields;
    }

    static JsonRow of(@Nullable Object value) {
        return new JsonRow((Map<?, ?>) Objects.requireNonNull(value));
    }

    /** A text that must be there. */
    String text(String name) {
        return (String) Objects.requireNonNull(fields.get(name), name);
    }

    /** A number; 0 if it is not there, as Go leaves it out. */
    long number(String name) {
        Object value = fields.get(name);
        return value == null ? 0 : ((Number) value).longValue();
    }

    /** Whether it is true; what is not there is not. */
    boolean is(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    /** A list of objects that must be there. */
    List<JsonRow> rows(String name) {
        return ((List<?>) Objects.requireNonNull(fields.get(name), name))
                .stream().map(JsonRow::of).toList();
    }
}
