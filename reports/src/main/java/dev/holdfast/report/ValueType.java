package dev.holdfast.report;

import java.util.Objects;

/**
 * What one value of a sample counts: a name as viewers list it ({@code inuse_space}) and a unit they know how to
 * print ({@code bytes}, {@code nanoseconds}; {@code count} is the word for none).
 *
 * @param type lower-case letters and underscores; a hyphen would be refused by Pyroscope
 * @param unit the same alphabet
 */
public record ValueType(String type, String unit) {
    public static final ValueType INUSE_OBJECTS = new ValueType("inuse_objects", "count");
    public static final ValueType INUSE_SPACE = new ValueType("inuse_space", "bytes");

    public ValueType {
        Objects.requireNonNull(type);
        Objects.requireNonNull(unit);
        if (!isName(type) || !isName(unit)) {
            throw new IllegalArgumentException("not a sample type: " + type + "/" + unit);
        }
    }

    static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 'a' || c > 'z') && c != '_') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
