package dev.holdfast.testkit;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Dumps of a size or shape that breaks careless algorithms, streamed to a file with 8-byte ids. Everything is held by the static field
 * {@code head} of {@code com.example.Holder}, whose class is the only thing but the other classes that is a root. Memory: the writer's buffers.
 */
public final class StressDumps {
    /**
     * What was written.
     *
     * @param objects instances and arrays; classes do not count
     * @param shallowBytes of those, as JDK 17 lays them out with compressed references
     * @param head address of the object that holds all others
     * @param headClass its class's name with dots
     */
    public record Written(Path file, long objects, long shallowBytes, long head, String headClass) {}

    private static final long FIRST_OBJECT = 0xE000_0000L;
    private static final long CLASS_BASE = 0xD000_0000L;
    private static final int PAGE = 1 << 20;

    private final HprofWriter out;
    private final Map<String, Long> classIds = new LinkedHashMap<>();
    private long names = 0x7f00_4000_0000L;
    private long address = FIRST_OBJECT;
    private long objects;
    private long shallow;

    private StressDumps(Path file) {
        out = HprofWriter.toFile(file, 8, Compression.NONE).header(HprofWriter.V1_0_2, 1_700_000_000_000L);
    }

    /** An Object[] of {@code references} references to {@code targets} objects in turn. */
    public static Written star(Path file, int references, int targets) {
        StressDumps dump = new StressDumps(file);
        dump.classes("java.lang.Object", "[Ljava.lang.Object;", "com.example.Holder");
        dump.noFields("java.lang.Object");
        dump.noFields("[Ljava.lang.Object;");
        dump.holder(FIRST_OBJECT);
        long first = FIRST_OBJECT + FakeLayout.JDK17.arraySize(HprofType.OBJECT, references);
        dump.out.objectArrayHeader(dump.take(first - FIRST_OBJECT), 1, references, dump.id("[Ljava.lang.Object;"));
        for (int i = 0; i < references; i++) {
            dump.out.id(first + 16L * (i % targets));
        }
        for (int i = 0; i < targets; i++) {
            dump.out.instanceHeader(dump.take(16), 1, dump.id("java.lang.Object"), 0);
        }
        return dump.end(file, FIRST_OBJECT, "java.lang.Object[]");
    }

    /** A singly linked list of {@code com.example.Node}. */
    public static Written list(Path file, int nodes) {
        return list(file, nodes, 16, false);
    }

    /** A doubly linked list of {@code com.example.Node}. */
    public static Written doublyLinkedList(Path file, int nodes) {
        return list(file, nodes, 24, true);
    }

    /** A singly linked list whose nodes lie one to a page of 1 MiB: three million of them spread over 3 TB of addresses. */
    public static Written sparseIds(Path file, int nodes) {
        return list(file, nodes, PAGE, false);
    }

    /**
     * Elements, each of which holds an ArrayList, which holds an Object[1], which holds the next element: a dominator tree of depth
     * {@code 3 * elements} that no rule folds by comparing an object with its parent only.
     */
    public static Written periodicChain(Path file, int elements) {
        StressDumps dump = new StressDumps(file);
        dump.classes(
                "java.lang.Object",
                "[Ljava.lang.Object;",
                "java.util.ArrayList",
                "com.example.Element",
                "com.example.Holder");
        dump.noFields("java.lang.Object");
        dump.noFields("[Ljava.lang.Object;");
        dump.type("java.util.ArrayList", 16, dump.field("elementData", HprofType.OBJECT), dump.size(), dump.modCount());
        dump.type("com.example.Element", 8, dump.field("children", HprofType.OBJECT));
        dump.holder(FIRST_OBJECT);
        for (int i = 0; i < elements; i++) {
            long element = dump.take(16);
            long list = dump.take(24);
            long array = dump.take(24);
            dump.out
                    .instanceHeader(element, 1, dump.id("com.example.Element"), 8)
                    .id(list);
            dump.out
                    .instanceHeader(list, 1, dump.id("java.util.ArrayList"), 16)
                    .id(array)
                    .value(HprofType.INT, 1)
                    .value(HprofType.INT, 1);
            dump.out.objectArray(array, 1, dump.id("[Ljava.lang.Object;"), i + 1 < elements ? array + 24 : 0);
        }
        return dump.end(file, FIRST_OBJECT, "com.example.Element");
    }

    /** One instance of a class whose name has {@code length} characters. */
    public static Written longClassName(Path file, int length) {
        String name = "com.example." + "L".repeat(length - "com.example.".length());
        StressDumps dump = new StressDumps(file);
        dump.classes("java.lang.Object", name, "com.example.Holder");
        dump.noFields("java.lang.Object");
        dump.noFields(name);
        dump.holder(FIRST_OBJECT);
        dump.out.instanceHeader(dump.take(16), 1, dump.id(name), 0);
        return dump.end(file, FIRST_OBJECT, name);
    }

    private static Written list(Path file, int nodes, int spacing, boolean doubly) {
        StressDumps dump = new StressDumps(file);
        dump.classes("java.lang.Object", "com.example.Node", "com.example.Holder");
        dump.noFields("java.lang.Object");
        if (doubly) {
            dump.type(
                    "com.example.Node",
                    16,
                    dump.field("next", HprofType.OBJECT),
                    dump.field("previous", HprofType.OBJECT));
        } else {
            dump.type("com.example.Node", 8, dump.field("next", HprofType.OBJECT));
        }
        dump.holder(FIRST_OBJECT);
        for (int i = 0; i < nodes; i++) {
            long node = dump.take(spacing);
            dump.out
                    .instanceHeader(node, 1, dump.id("com.example.Node"), doubly ? 16 : 8)
                    .id(i + 1 < nodes ? node + spacing : 0);
            if (doubly) {
                dump.out.id(i > 0 ? node - spacing : 0);
            }
        }
        dump.shallow = nodes * (doubly ? 24L : 16L);
        return dump.end(file, FIRST_OBJECT, "com.example.Node");
    }

    private void classes(String... dottedNames) {
        int serial = 0;
        for (String name : dottedNames) {
            long classId = CLASS_BASE + 160L * serial++;
            classIds.put(name, classId);
            out.loadClass(serial, classId, 1, name(name.replace('.', '/')));
        }
        out.trace(1, 0);
    }

    private long name(String text) {
        names += 16;
        out.utf8(names, text);
        return names;
    }

    private ClassDump.Field field(String name, HprofType type) {
        return new ClassDump.Field(name(name), type);
    }

    private ClassDump.Field size() {
        return field("size", HprofType.INT);
    }

    private ClassDump.Field modCount() {
        return field("modCount", HprofType.INT);
    }

    private long id(String className) {
        Long id = classIds.get(className);
        if (id == null) {
            throw new IllegalArgumentException(className);
        }
        return id;
    }

    private void noFields(String className) {
        type(className, 0);
    }

    private void type(String className, int instanceSize, ClassDump.Field... fields) {
        long superId = className.equals("java.lang.Object") ? 0 : id("java.lang.Object");
        out.autoSegments(HprofWriter.HOTSPOT_SEGMENT)
                .classDump(ClassDump.of(id(className), superId, 0, instanceSize, List.of(), List.of(fields)));
    }

    private void holder(long head) {
        long headName = name("head");
        out.classDump(ClassDump.of(
                id("com.example.Holder"),
                id("java.lang.Object"),
                0,
                0,
                List.of(new ClassDump.Static(headName, HprofType.OBJECT, head)),
                List.of()));
    }

    private long take(long size) {
        long at = address;
        address += size;
        objects++;
        shallow += size;
        return at;
    }

    private Written end(Path file, long head, String headClass) {
        for (Map.Entry<String, Long> type : classIds.entrySet()) {
            if (!type.getKey().startsWith("[")) {
                out.rootStickyClass(type.getValue());
            }
        }
        out.heapDumpEnd().close();
        return new Written(file, objects, shallow, head, headClass);
    }
}
