package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One small dump that holds every kind of record and heap sub-record at least once, of HotSpot, ART and the old agent, for cutting and mutating.
 *
 * <p>It is coherent: names, classes, traces and threads resolve, and all objects hang together. Only {@link #UNKNOWN_TAG} is no known record. It is one
 * dump: a HEAP_DUMP, a HEAP_DUMP_SEGMENT and a HEAP_DUMP_END, which in a 1.0.1 file are two. Below 4 KB.
 */
public final class EveryRecord {
    /** A top-level tag that no writer uses. */
    public static final int UNKNOWN_TAG = 0x42;

    /** INSTANCE_DUMPs: a thread and two nodes. */
    public static final int INSTANCES = 3;

    /** Primitive arrays: one of each type, and one without data. */
    public static final int PRIMITIVE_ARRAYS = 9;

    /** CLASS_DUMPs: four classes, an object array's and eight primitive arrays'. */
    public static final int CLASSES = 13;

    private static final long CLASS = 0x7000_0000L;
    // Negative as an int: addresses are unsigned.
    private static final long OBJECT = 0x8000_0000L;
    private static final long THREAD = OBJECT;
    private static final long NODE = OBJECT + 0x100;
    private static final long OTHER_NODE = OBJECT + 0x200;
    private static final long NODES = OBJECT + 0x300;
    private static final long ARRAYS = OBJECT + 0x400;
    private static final List<HprofType> PRIMITIVES =
            List.of(HprofType.values()).stream().filter(HprofType::isPrimitive).toList();

    private final HprofWriter out;
    private final Map<String, Long> names = new LinkedHashMap<>();
    private final Map<String, Long> classIds = new LinkedHashMap<>();

    private EveryRecord(int idSize, Compression compression) {
        out = HprofWriter.inMemory(idSize, compression);
    }

    /** The dump with ids of 4 or 8 bytes, format 1.0.2. */
    public static byte[] dump(int idSize) {
        return dump(idSize, HprofWriter.V1_0_2, Compression.NONE);
    }

    public static byte[] dump(int idSize, String formatName, Compression compression) {
        EveryRecord every = new EveryRecord(idSize, compression);
        every.out.header(formatName, 1_700_000_000_000L).micros(1);
        every.topLevel();
        every.out.beginHeapDump();
        every.classes();
        every.objects();
        every.out.endSegment().beginSegment();
        every.primitiveArrays();
        every.roots();
        every.out.endSegment().heapDumpEnd();
        return every.out.toByteArray();
    }

    private void topLevel() {
        for (String name : List.of("run", "()V", "Node.java", "main", "group", "app", "ref", "f")) {
            name(name);
        }
        load("java/lang/Object");
        load("java/lang/Class");
        load("java/lang/Thread");
        load("pkg/Node");
        load("[Lpkg/Node;");
        PRIMITIVES.forEach(type -> load(type.arrayClassName()));
        out.unloadClass(99);
        out.frame(1, name("run"), name("()V"), name("Node.java"), 4, 12);
        out.frame(2, name("run"), name("()V"), 0, 4, -3);
        out.trace(1, 0).trace(2, 1, 1, 2);
        out.startThread(1, THREAD, 2, name("main"), name("group"), 0).endThread(7);
        out.controlSettings(3, 8);
        out.allocSites(1, 0, 16, 1, 32, 2, new HprofWriter.AllocSite(0, 4, 2, 16, 1, 32, 2));
        out.heapSummary(16, 1, 32, 2);
        out.cpuSamples(5, 5, 2);
        out.record(UNKNOWN_TAG, new byte[] {1, 2, 3});
    }

    private void classes() {
        emptyClass("java/lang/Object");
        emptyClass("java/lang/Class");
        emptyClass("java/lang/Thread");
        int width = out.idSize();
        List<ClassDump.Static> statics = new ArrayList<>();
        List<ClassDump.Field> fields = new ArrayList<>();
        statics.add(new ClassDump.Static(name("ref"), HprofType.OBJECT, NODES));
        fields.add(new ClassDump.Field(name("ref"), HprofType.OBJECT));
        for (HprofType type : PRIMITIVES) {
            statics.add(new ClassDump.Static(name("f"), type, 1));
            fields.add(new ClassDump.Field(name("f"), type));
            width += type.width(out.idSize());
        }
        List<ClassDump.Constant> constants = List.of(
                new ClassDump.Constant(1, HprofType.OBJECT, OTHER_NODE),
                new ClassDump.Constant(2, HprofType.DOUBLE, Double.doubleToRawLongBits(1)));
        long loader = NODE;
        out.classDump(new ClassDump(
                id("pkg/Node"),
                1,
                id("java/lang/Object"),
                loader,
                NODES,
                OTHER_NODE,
                0,
                0,
                width,
                constants,
                statics,
                fields));
        emptyClass("[Lpkg/Node;");
        PRIMITIVES.forEach(type -> emptyClass(type.arrayClassName()));
    }

    private void objects() {
        out.heapDumpInfo('A', name("app"));
        out.instance(THREAD, 1, id("java/lang/Thread"), new byte[0]);
        node(NODE, OTHER_NODE);
        node(OTHER_NODE, NODES);
        long[] elements = new long[3 + PRIMITIVE_ARRAYS];
        elements[0] = NODE;
        elements[1] = NODES;
        for (int i = 0; i < PRIMITIVE_ARRAYS; i++) {
            elements[3 + i] = ARRAYS + 0x40L * i;
        }
        out.objectArray(NODES, 2, id("[Lpkg/Node;"), elements);
    }

    private void primitiveArrays() {
        for (int i = 0; i < PRIMITIVES.size(); i++) {
            HprofType type = PRIMITIVES.get(i);
            out.primitiveArray(ARRAYS + 0x40L * i, 2, type, new byte[2 * type.width(out.idSize())]);
        }
        out.primitiveArrayNoData(ARRAYS + 0x40L * PRIMITIVES.size(), 2, 3, HprofType.INT);
    }

    private void roots() {
        out.rootUnknown(NODE);
        out.rootJniGlobal(NODE, 0x10);
        out.rootJniLocal(NODE, 1, -1);
        out.rootJavaFrame(OTHER_NODE, 1, 0);
        out.rootNativeStack(NODE, 1);
        out.rootStickyClass(id("java/lang/Object"));
        out.rootThreadBlock(NODE, 1);
        out.rootMonitorUsed(NODE);
        out.rootThreadObject(THREAD, 1, 2);
        out.root(HprofTag.ROOT_INTERNED_STRING, NODE);
        out.root(HprofTag.ROOT_FINALIZING, NODE);
        out.root(HprofTag.ROOT_DEBUGGER, NODE);
        out.root(HprofTag.ROOT_REFERENCE_CLEANUP, NODE);
        out.root(HprofTag.ROOT_VM_INTERNAL, NODE);
        out.rootJniMonitor(NODE, 1, 0);
        out.root(HprofTag.ROOT_UNREACHABLE, NODE);
    }

    private void node(long id, long target) {
        int primitives = PRIMITIVES.stream().mapToInt(type -> type.width(0)).sum();
        out.instanceHeader(id, 2, id("pkg/Node"), out.idSize() + primitives)
                .id(target)
                .raw(new byte[primitives]);
    }

    private void emptyClass(String internalName) {
        long superId = internalName.equals("java/lang/Object") ? 0 : id("java/lang/Object");
        out.classDump(ClassDump.of(id(internalName), superId, 0, 0, List.of(), List.of()));
    }

    private void load(String internalName) {
        long id = CLASS + 0x80L * classIds.size();
        classIds.put(internalName, id);
        out.loadClass(classIds.size(), id, 1, name(internalName));
    }

    private long id(String internalName) {
        return classIds.getOrDefault(internalName, 0L);
    }

    private long name(String text) {
        Long known = names.get(text);
        if (known != null) {
            return known;
        }
        long id = 0x1000L + names.size();
        names.put(text, id);
        out.utf8(id, text);
        return id;
    }
}
