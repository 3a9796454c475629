package dev.holdfast.roots;

import dev.holdfast.dump.DumpType;
import dev.holdfast.heap.ObjectGraph;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The texts that {@code Class.name} and {@code Class.packageName} of the loaded classes can hold.
 *
 * <p>Both are interned strings, so each text belongs to one string; it is given to the first that has it. Before a string
 * is read, which takes microseconds, the length of its array must fit. Used by one thread.
 */
final class ClassNameTexts {
    /** More strings than this are not read: a second or two, at 5 microseconds each. */
    private static final int MAX_READ = 1 << 18;

    /** A slash, 0x and 16 digits. */
    private static final int MAX_SUFFIX = 19;

    private static final Map<String, String> PRIMITIVES = Map.of(
            "boolean", "Z", "byte", "B", "char", "C", "short", "S", "int", "I", "long", "J", "float", "F", "double",
            "D");

    private final ObjectGraph graph;
    private final StringTexts strings;
    private final Set<String> texts = new HashSet<>();
    private final BitSet lengths = new BitSet();
    private final boolean arraysAreShared;
    private int read;
    private long notRead;

    ClassNameTexts(ObjectGraph graph, StringTexts strings) {
        this.graph = graph;
        this.strings = strings;
        PRIMITIVES.keySet().forEach(texts::add);
        texts.add("void");
        boolean shared = false;
        for (DumpType type : graph.types()) {
            addNames(type.name());
            // Before JDK 7u6 strings share arrays.
            shared |= type.name().equals("java.lang.String")
                    && type.fields().stream().anyMatch(field -> field.name().equals("offset"));
        }
        this.arraysAreShared = shared;
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
        int array = arrayOf(string);
        if (array < 0) {
            return false;
        }
        int length = (int) Math.min(graph.elementCount(array), Integer.MAX_VALUE);
        boolean bytes = "byte[]".equals(typeName(array));
        boolean asItIs = lengths.get(length);
        boolean asUtf16 = bytes && length % 2 == 0 && lengths.get(length / 2);
        if (!asItIs && !asUtf16 && !arraysAreShared) {
            return false;
        }
        if (read == MAX_READ) {
            notRead++;
            return false;
        }
        read++;
        if (arraysAreShared) {
            return removes(strings.read(graph.addressOf(string)));
        }
        // The array alone is read, and its encoding guessed: reading the string too would take three times as long.
        long[] elements = strings.elements(graph.addressOf(array), length);
        return asItIs && removes(bytes ? StringTexts.ofLatin1(elements) : StringTexts.ofChars(elements))
                || asUtf16 && removes(StringTexts.ofUtf16(elements));
    }

    /** How many strings could have been names and were not read, because they were too many. */
    long notRead() {
        return notRead;
    }

    private boolean removes(@Nullable String text) {
        return text != null && (texts.remove(text) || texts.remove(withoutSuffix(text)));
    }

    /** Up to JDK 14 the dump names an anonymous class without the slash and number that {@code Class.getName()} appends. */
    private static String withoutSuffix(String text) {
        int slash = text.lastIndexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    private int arrayOf(int string) {
        for (long r = graph.firstReference(string); r < graph.endReference(string); r++) {
            int target = graph.target(r);
            if (!graph.isHolder(target)
                    && graph.types().get(graph.typeOf(target)).kind() == DumpType.Kind.PRIMITIVE_ARRAY) {
                return target;
            }
        }
        return -1;
    }

    private String typeName(int object) {
        return graph.types().get(graph.typeOf(object)).name();
    }
}
