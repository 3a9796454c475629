package dev.holdfast.roots;

import dev.holdfast.dump.DumpType;
import dev.holdfast.heap.ObjectGraph;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The texts that {@code Class.name} and {@code Class.packageName} of the loaded classes can hold.
 *
 * <p>Both are interned strings, so each text belongs to one string; it is given to the first that has it. Before a string
 * is read, which takes microseconds, the length of its array must fit. Used by one thread.
 */
final class ClassNameTexts {
    /** More strings than this are not read: a second or two. */
    private static final int MAX_READ = 1 << 20;

    /** A slash, 0x and 16 digits. */
    private static final int MAX_SUFFIX = 19;

    private static final Map<String, String> PRIMITIVES = Map.of(
            "boolean", "Z", "byte", "B", "char", "C", "short", "S", "int", "I", "long", "J", "float", "F", "double",
            "D");

    private final ObjectGraph graph;
    private final StringTexts strings;
    private final Set<String> texts = new HashSet<>();
    private final BitSet lengths = new BitSet();
    private int read;

    ClassNameTexts(ObjectGraph graph, StringTexts strings) {
        this.graph = graph;
        this.strings = strings;
        PRIMITIVES.keySet().forEach(texts::add);
        texts.add("void");
        for (DumpType type : graph.types()) {
            addNames(type.name());
        }
        for (String text : texts) {
            lengths.set(text.length());
            if (text.contains("$$Lambda$") || text.contains("LambdaForm$")) {
                lengths.set(text.length() + 2, text.length() + MAX_SUFFIX + 1);
            }
        }
    }

    private void addNames(String name) {
        int dimensions = 0;
        int end = name.length();
        while (end >= 2 && name.endsWith("[]".repeat(dimensions + 1))) {
            dimensions++;
            end -= 2;
        }
        String element = name.substring(0, end);
        String primitive = PRIMITIVES.get(element);
        if (dimensions > 0) {
            texts.add("[".repeat(dimensions) + (primitive != null ? primitive : "L" + element + ";"));
        } else {
            texts.add(element);
            // A hidden class: Class.getName() has a slash where the dump has a plus.
            int suffix = element.lastIndexOf("+0x");
            if (suffix > 0) {
                texts.add(element.substring(0, suffix) + "/" + element.substring(suffix + 1));
            }
        }
        int dot = element.lastIndexOf('.');
        if (dot > 0) {
            texts.add(element.substring(0, dot));
        }
    }

    /** Whether the string has one of the texts and no string before it had; asks only once for each string. */
    boolean take(int string) {
        if (!lengthFits(string) || read >= MAX_READ) {
            return false;
        }
        read++;
        String text = strings.read(graph.addressOf(string));
        return text != null && (texts.remove(text) || texts.remove(withoutSuffix(text)));
    }

    /** Up to JDK 14 the dump names an anonymous class without the slash and number that {@code Class.getName()} appends. */
    private static String withoutSuffix(String text) {
        int slash = text.lastIndexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    private boolean lengthFits(int string) {
        List<DumpType> types = graph.types();
        DumpType type = types.get(graph.typeOf(string));
        // Before JDK 7u6 strings share arrays.
        boolean shares = type.fields().stream().anyMatch(field -> field.name().equals("offset"));
        for (long r = graph.firstReference(string); r < graph.endReference(string); r++) {
            int value = graph.target(r);
            if (!graph.isHolder(value) && types.get(graph.typeOf(value)).kind() == DumpType.Kind.PRIMITIVE_ARRAY) {
                int length = (int) Math.min(graph.elementCount(value), StringTexts.MAX_CHARACTERS);
                boolean utf16 = length % 2 == 0
                        && types.get(graph.typeOf(value)).name().equals("byte[]")
                        && lengths.get(length / 2);
                return shares || lengths.get(length) || utf16;
            }
        }
        return false;
    }
}
