package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.elf.MemoryReader;
import java.util.List;

/**
 * Puts names of types together so that both sources give the same, with full import paths.
 *
 * <p>A descriptor's own string has only the last part of each path ({@code *http.Client}), and is not unique.
 */
final class TypeNames {
    /** Deeper nested unnamed types keep the name that their source gives them. */
    private static final int MAX_DEPTH = 24;

    private static final int MAX_LENGTH = 4096;

    private TypeNames() {}

    /** Name of a named type by its path and its short name, such as {@code vault.Item[int]}. */
    static String qualified(String path, String shortName) {
        if (path.isEmpty() || shortName.startsWith("go.shape.")) {
            return shortName;
        }
        int arguments = shortName.indexOf('[');
        int dot = shortName.lastIndexOf('.', arguments < 0 ? shortName.length() : arguments);
        return path + "." + shortName.substring(dot + 1);
    }

    /** Name of an unnamed type by what it is made of; {@code given} where that cannot be said better. */
    static String composed(GoTypes types, GoType.Draft draft, String given, int depth) {
        if (depth > MAX_DEPTH) {
            return given.isEmpty() ? "(type nested too deep)" : given;
        }
        switch (draft.kind) {
            case POINTER:
                return limited("*" + types.resolve(draft.element, depth + 1).name());
            case SLICE:
                return limited("[]" + types.resolve(draft.element, depth + 1).name());
            case ARRAY:
                return limited("[" + draft.length + "]"
                        + types.resolve(draft.element, depth + 1).name());
            case CHAN:
                return limited((draft.length == 1 ? "<-chan " : draft.length == 2 ? "chan<- " : "chan ")
                        + types.resolve(draft.element, depth + 1).name());
            case MAP:
                return limited("map[" + types.resolve(draft.key, depth + 1).name() + "]"
                        + types.resolve(draft.element, depth + 1).name());
            case STRUCT:
                return limited(struct(types, draft.fields, depth));
            case INTERFACE:
                return given.isEmpty() ? "interface {...}" : given;
            default:
                return given;
        }
    }

    private static String struct(GoTypes types, List<GoField> fields, int depth) {
        String storage = mapStorage(types, fields, depth);
        if (!storage.isEmpty()) {
            return storage;
        }
        StringBuilder name = new StringBuilder("struct {");
        for (int i = 0; i < fields.size() && name.length() < MAX_LENGTH; i++) {
            GoField field = fields.get(i);
            name.append(i == 0 ? " " : "; ");
            if (!field.embedded()) {
                name.append(field.name()).append(' ');
            }
            name.append(types.resolve(field.reference(), depth + 1).name());
        }
        return name.append(fields.isEmpty() ? "}" : " }").toString();
    }

    /** Groups and buckets of maps are unnamed structs with telling fields. */
    private static String mapStorage(GoTypes types, List<GoField> fields, int depth) {
        if (fields.size() >= 2 && fields.get(0).name().startsWith("ctrl")) {
            if (fields.size() == 2 && fields.get(1).name().equals("slots")) {
                GoType slots = types.resolve(fields.get(1).reference(), depth + 1);
                GoType slot = types.resolve(slots.element(), depth + 1);
                if (slot.fields().size() >= 2) {
                    return "map.group[" + fieldType(types, slot, 0, depth) + "]" + fieldType(types, slot, 1, depth);
                }
            }
            if (fields.size() == 3) {
                return "map.group[" + elementName(types, fields.get(1), depth) + "]"
                        + elementName(types, fields.get(2), depth);
            }
        }
        if (fields.size() == 4
                && fields.get(0).name().equals("topbits")
                && fields.get(3).name().equals("overflow")) {
            return "map.bucket[" + elementName(types, fields.get(1), depth) + "]"
                    + elementName(types, fields.get(2), depth);
        }
        return "";
    }

    private static String fieldType(GoTypes types, GoType struct, int field, int depth) {
        return types.resolve(struct.fields().get(field).reference(), depth + 1).name();
    }

    private static String elementName(GoTypes types, GoField array, int depth) {
        return types.resolve(types.resolve(array.reference(), depth + 1).element(), depth + 1)
                .name();
    }

    /** Name of a function type whose parameters and results are listed at an address. */
    static String function(
            GoTypes types, MemoryReader memory, long list, int in, int out, boolean variadic, int depth) {
        if (depth > MAX_DEPTH) {
            return "func(...)";
        }
        StringBuilder name = new StringBuilder("func(");
        for (int i = 0; i < in && name.length() < MAX_LENGTH; i++) {
            String parameter =
                    types.ofDescriptor(memory.word(list + 8L * i), depth + 1).name();
            name.append(i == 0 ? "" : ", ")
                    .append(
                            variadic && i == in - 1 && parameter.startsWith("[]")
                                    ? "..." + parameter.substring(2)
                                    : parameter);
        }
        name.append(')');
        for (int i = 0; i < out && name.length() < MAX_LENGTH; i++) {
            name.append(i > 0 ? ", " : out > 1 ? " (" : " ")
                    .append(types.ofDescriptor(memory.word(list + 8L * (in + i)), depth + 1)
                            .name());
        }
        return limited(out > 1 ? name + ")" : name.toString());
    }

    /** Forged descriptors nest names in names; no real one is that long. */
    private static String limited(String name) {
        return name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH) + "...";
    }

    /** A name as the debugging information has it, without what the linker escapes. */
    static String plain(String name) {
        String plain = name.startsWith("noalg.") ? name.substring(6) : name;
        int percent = plain.indexOf('%');
        if (percent < 0) {
            return plain;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c == '%' && i + 2 < plain.length()) {
                int high = Character.digit(plain.charAt(i + 1), 16);
                int low = Character.digit(plain.charAt(i + 2), 16);
                if (high >= 0 && low >= 0) {
                    c = (char) (high << 4 | low);
                    i += 2;
                }
            }
            text.append(c);
        }
        return text.toString();
    }
}
