package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpOptions;
import org.jspecify.annotations.Nullable;

/**
 * What the caller decides about the layout instead of leaving it to inference; 0 or null where nothing is decided.
 *
 * @param header 8, 12 or 16
 * @param reference 4 or 8
 * @param alignment a power of two from 8 to 256
 * @param rule how instance fields are placed
 * @param arrayBase where array elements start
 */
record LayoutOverride(
        int header,
        int reference,
        int alignment,
        @Nullable FieldRule rule,
        @Nullable ArrayBase arrayBase) {
    static final LayoutOverride NONE = new LayoutOverride(0, 0, 0, null, null);

    /** What the options say. */
    static LayoutOverride of(DumpOptions options) {
        String decided = options.layout();
        return decided == null ? NONE : parse(decided);
    }

    /**
     * Reads the form {@code header=12,reference=4,alignment=8,rule=jdk15,arrays=jdk22}; every part may be absent.
     *
     * @throws IllegalArgumentException that says which part is wrong and what would be right
     */
    static LayoutOverride parse(String text) {
        int header = 0;
        int reference = 0;
        int alignment = 0;
        FieldRule rule = null;
        ArrayBase arrays = null;
        for (String part : text.split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            String name = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            String value = equals < 0 ? "" : part.substring(equals + 1).strip();
            switch (name) {
                case "header" -> header = oneOf(name, value, 8, 12, 16);
                case "reference" -> reference = oneOf(name, value, 4, 8);
                case "alignment" -> alignment = oneOf(name, value, 8, 16, 32, 64, 128, 256);
                case "rule" -> rule = rule(value);
                case "arrays" -> arrays = arrays(value);
                default ->
                    throw new IllegalArgumentException(
                            "layout: '" + name + "' is none of header, reference, alignment, rule, arrays");
            }
        }
        return new LayoutOverride(header, reference, alignment, rule, arrays);
    }

    private static int oneOf(String name, String value, int... allowed) {
        for (int one : allowed) {
            if (value.equals(Integer.toString(one))) {
                return one;
            }
        }
        throw new IllegalArgumentException(
                "layout: " + name + "=" + value + " is none of " + java.util.Arrays.toString(allowed));
    }

    private static FieldRule rule(String value) {
        for (FieldRule rule : FieldRule.values()) {
            if (rule != FieldRule.MAT && rule.label().equals(value)) {
                return rule;
            }
        }
        throw new IllegalArgumentException("layout: rule=" + value + " is none of jdk15, jdk14, declared");
    }

    private static ArrayBase arrays(String value) {
        for (ArrayBase base : ArrayBase.values()) {
            if (base.label().equals(value)) {
                return base;
            }
        }
        throw new IllegalArgumentException("layout: arrays=" + value + " is none of jdk22, jdk23");
    }

    boolean allows(ObjectLayout layout) {
        return (header == 0 || header == layout.header())
                && (reference == 0 || reference == layout.reference())
                && (rule == null || rule == layout.rule())
                && (arrayBase == null || arrayBase == layout.arrayBase());
    }

    /** The layout with what is decided put in. */
    ObjectLayout applied(ObjectLayout layout) {
        return new ObjectLayout(
                header == 0 ? layout.header() : header,
                reference == 0 ? layout.reference() : reference,
                alignment == 0 ? layout.alignment() : alignment,
                rule == null ? layout.rule() : rule,
                arrayBase == null ? layout.arrayBase() : arrayBase);
    }
}
