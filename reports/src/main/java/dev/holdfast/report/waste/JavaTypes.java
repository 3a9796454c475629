package dev.holdfast.report.waste;

import dev.holdfast.dump.ContentRequest;
import dev.holdfast.dump.DumpType;
import dev.holdfast.heap.CollectionLayout;
import dev.holdfast.heap.CollectionLayout.Backing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the objects of each type are to the census, and which of their fields it needs; immutable. */
final class JavaTypes {
    static final byte NONE = 0;
    static final byte STRING = 1;
    /** A string that has a part of an array, as up to JDK 7u5. */
    static final byte SUBSTRING = 2;

    static final byte BOXED = 3;
    static final byte COLLECTION = 4;
    /** A set that is a map inside. */
    static final byte KEYS = 5;

    static final byte BUFFER = 6;
    static final byte OBJECTS = 7;
    /** An array that may belong to strings. */
    static final byte TEXT = 8;

    /** Roles are below. */
    static final int ROLES = 9;

    private static final Set<String> BOXES = Set.of(
            "java.lang.Boolean",
            "java.lang.Byte",
            "java.lang.Short",
            "java.lang.Character",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Float",
            "java.lang.Double");

    /** Growing arrays that are no collections: class, array, count, and what says that an element takes two bytes. */
    private static final Map<String, List<String>> BUFFERS = Map.of(
            "java.lang.AbstractStringBuilder", List.of("value", "count", "coder"),
            "java.lang.StringBuilder", List.of("value", "count", "coder"),
            "java.lang.StringBuffer", List.of("value", "count", "coder"),
            "java.io.ByteArrayOutputStream", List.of("buf", "count"),
            "java.io.CharArrayWriter", List.of("buf", "count"),
            "java.util.BitSet", List.of("words", "wordsInUse"));

    private final List<DumpType> types;
    private final byte[] roles;
    private final int[] slots;
    private final boolean[] pairs;
    private final boolean[] queues;
    private final boolean[] chained;
    private final @Nullable CollectionLayout[] layouts;
    private final Map<Integer, List<String>> numbers = new HashMap<>();
    private final Set<Integer> arrays = new HashSet<>();

    JavaTypes(List<DumpType> types) {
        this.types = types;
        roles = new byte[types.size()];
        slots = new int[types.size()];
        pairs = new boolean[types.size()];
        queues = new boolean[types.size()];
        chained = new boolean[types.size()];
        layouts = new CollectionLayout[types.size()];
        for (DumpType type : types) {
            slots[type.index()] = -1;
            add(type);
        }
        numbers.forEach((type, names) -> pairs[type] = names.size() > 1);
    }

    private void add(DumpType type) {
        int index = type.index();
        switch (type.kind()) {
            case OBJECT_ARRAY -> roles[index] = OBJECTS;
            case PRIMITIVE_ARRAY -> {
                if (type.name().equals("byte[]") || type.name().equals("char[]")) {
                    roles[index] = TEXT;
                    arrays.add(index);
                }
            }
            case INSTANCE -> instance(type, index);
            default -> {}
        }
    }

    private void instance(DumpType type, int index) {
        String name = type.name();
        if (name.equals("java.lang.String")) {
            boolean part = type.fields().stream().anyMatch(field -> field.name().equals("offset"));
            role(type, part ? SUBSTRING : STRING, "value", part ? List.of("offset", "count") : List.of("coder"));
        } else if (BOXES.contains(name)) {
            role(type, BOXED, "", List.of("value"));
        } else if (name.equals("java.util.concurrent.atomic.AtomicInteger") || name.endsWith("$CounterCell")) {
            numbers.put(index, List.of("value"));
        } else {
            List<String> buffer = buffer(type);
            CollectionLayout layout =
                    buffer != null ? null : CollectionLayout.of(types, index).orElse(null);
            if (buffer != null) {
                role(type, BUFFER, buffer.get(0), buffer.subList(1, buffer.size()));
            } else if (layout != null && layout.backing() != Backing.FIXED) {
                role(type, layout.backing() == Backing.KEYS ? KEYS : COLLECTION, layout.array(), layout.numbers());
                layouts[index] = layout;
                queues[index] = isQueue(type);
                chained[index] = isChained(layout, queues[index]);
            }
        }
    }

    private void role(DumpType type, byte role, String array, List<String> fields) {
        roles[type.index()] = role;
        slots[type.index()] = array.isEmpty() ? -1 : type.referenceFields().indexOf(array);
        if (!fields.isEmpty()) {
            numbers.put(type.index(), fields);
        }
    }

    private @Nullable List<String> buffer(DumpType type) {
        for (DumpType at : lineage(type)) {
            List<String> found = BUFFERS.get(at.name());
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private boolean isQueue(DumpType type) {
        return lineage(type).stream()
                .anyMatch(at ->
                        at.name().equals("java.util.AbstractQueue") || at.name().equals("java.util.ArrayDeque"));
    }

    private List<DumpType> lineage(DumpType type) {
        List<DumpType> all = new ArrayList<>();
        DumpType at = type;
        while (all.size() < types.size()) {
            all.add(at);
            if (at.superType() < 0) {
                break;
            }
            at = types.get(at.superType());
        }
        return all;
    }

    /** What has to be read from the dump. */
    ContentRequest request() {
        return new ContentRequest(numbers, arrays);
    }

    int count() {
        return roles.length;
    }

    byte role(int type) {
        return roles[type];
    }

    /** Slot of the reference to the array, or -1. */
    int slot(int type) {
        return slots[type];
    }

    /** Slot of the reference to further counts, or -1. */
    int cells(int type) {
        return types.get(type).referenceFields().indexOf("counterCells");
    }

    /** Whether two numbers were asked for: then each has half of the 64 bits, the first the upper one. */
    boolean pair(int type) {
        return pairs[type];
    }

    boolean queue(int type) {
        return queues[type];
    }

    /** Whether its objects are queues or maps of nodes that keep no count. */
    boolean chained(int type) {
        return chained[type];
    }

    private static boolean isChained(CollectionLayout layout, boolean queue) {
        // A deque's first node may lie before what it calls its head.
        return layout.backing() == Backing.NODES && layout.numbers().isEmpty() && (layout.isMap() || queue);
    }

    @Nullable
    CollectionLayout layout(int type) {
        return layouts[type];
    }

    String name(int type) {
        return types.get(type).name();
    }
}
