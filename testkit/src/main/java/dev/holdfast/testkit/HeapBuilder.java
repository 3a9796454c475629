package dev.holdfast.testkit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A readable way to a small heap dump, laid out and ordered as HotSpot 17 does it.
 *
 * <pre>{@code
 * HeapBuilder heap = new HeapBuilder();
 * FakeClass node = heap.classNamed("com.example.Node").field("next", OBJECT).field("value", INT);
 * FakeInstance a = heap.instance(node).set("value", 1);
 * FakeInstance b = heap.instance(node).set("next", a);
 * a.set("next", b);
 * heap.thread("main").frame(node, "run", "Node.java", 12).local(a);
 * byte[] dump = heap.toBytes();
 * }</pre>
 *
 * <p>An object has its address from the moment it is made: ascending, spaced by {@link FakeLayout}. Objects stand in the dump in the order they
 * were made. {@code java.lang.Object} and {@code java.lang.Class} always exist; other JDK classes are made when first needed. Classes of the boot
 * loader (the default) get a ROOT_STICKY_CLASS record. Ids are 8 bytes unless said otherwise. Not thread-safe; everything is held in memory.
 */
public final class HeapBuilder {
    private record Root(FakeRoot kind, FakeRef target, int threadSerial, int frame) {}

    /** Room for a class object, so that the spacing of class objects says nothing about sizes. */
    private static final int CLASS_SPACING = 160;

    private static final long TIME_MILLIS = 1_700_000_000_000L;

    private final int idSize;
    private final FakeLayout layout;
    private final List<FakeClass> classes = new ArrayList<>();
    private final Map<String, FakeClass> shared = new HashMap<>();
    private final List<FakeObject> objects = new ArrayList<>();
    private final List<FakeThread> threads = new ArrayList<>();
    private final List<Root> roots = new ArrayList<>();
    private final FakeClass object;
    private String version = HprofWriter.V1_0_2;
    private int segmentLimit = HprofWriter.HOTSPOT_SEGMENT;
    private boolean rootsFirst;
    private boolean classesLast;
    private boolean end = true;
    private long nextObject;
    private long nextClass;

    /** 8-byte ids, compressed references, JDK 17. */
    public HeapBuilder() {
        this(8, FakeLayout.JDK17);
    }

    /** Ids of 4 or 8 bytes and any layout; for 4 use {@link FakeLayout#BITS32}. */
    public HeapBuilder(int idSize, FakeLayout layout) {
        this.idSize = idSize;
        this.layout = layout;
        // Above 2^31, so that a reader that compares signed fails with 4-byte ids.
        this.nextClass = 0xD000_0000L;
        this.nextObject = 0xE000_0000L;
        this.object = add("java/lang/Object", null);
        shared.put(object.internalName(), object);
        shared("java.lang.Class");
    }

    // ---- the file

    /** The format name; 1.0.1 puts everything into one HEAP_DUMP record without an end record. */
    public HeapBuilder version(String formatName) {
        version = formatName;
        return this;
    }

    /** Most bytes of a segment's body; HotSpot's 1 MiB unless set. */
    public HeapBuilder segments(int maxBody) {
        segmentLimit = maxBody;
        return this;
    }

    /** Roots before classes and objects, as HotSpot does since JDK 22; else last. */
    public HeapBuilder rootsFirst() {
        rootsFirst = true;
        return this;
    }

    /** Class dumps after the objects. */
    public HeapBuilder classesLast() {
        classesLast = true;
        return this;
    }

    /** No HEAP_DUMP_END. */
    public HeapBuilder withoutEnd() {
        end = false;
        return this;
    }

    // ---- classes

    /** A new class of the boot loader; two of one name are two classes. Names with dots. */
    public FakeClass classNamed(String name) {
        return add(name.replace('.', '/'), object);
    }

    /** The one class of this name that the builder itself uses, made when first asked for. */
    public FakeClass shared(String name) {
        String internalName = name.replace('.', '/');
        FakeClass known = shared.get(internalName);
        if (known == null) {
            known = add(internalName, object);
            shared.put(internalName, known);
        }
        return known;
    }

    public FakeClass javaLangObject() {
        return object;
    }

    /** {@code java.lang.String} with the fields of JDK 9 and later. */
    public FakeClass javaLangString() {
        FakeClass string = shared("java.lang.String");
        if (string.fields().isEmpty()) {
            string.field("hashIsZero", HprofType.BOOLEAN)
                    .field("hash", HprofType.INT)
                    .field("coder", HprofType.BYTE)
                    .field("value", HprofType.OBJECT);
        }
        return string;
    }

    /** {@code java.lang.Thread} with the fields of JDK 9 to 18 that analysers read. */
    public FakeClass javaLangThread() {
        FakeClass thread = shared("java.lang.Thread");
        if (thread.fields().isEmpty()) {
            thread.field("threadStatus", HprofType.INT)
                    .field("tid", HprofType.LONG)
                    .field("stackSize", HprofType.LONG)
                    .field("threadLocals", HprofType.OBJECT)
                    .field("inheritableThreadLocals", HprofType.OBJECT)
                    .field("contextClassLoader", HprofType.OBJECT)
                    .field("group", HprofType.OBJECT)
                    .field("target", HprofType.OBJECT)
                    .field("parkBlocker", HprofType.OBJECT)
                    .field("eetop", HprofType.LONG)
                    .field("daemon", HprofType.BOOLEAN)
                    .field("priority", HprofType.INT)
                    .field("name", HprofType.OBJECT);
        }
        return thread;
    }

    /** The class of arrays of the element class, of the same loader. */
    public FakeClass arrayClass(FakeClass element) {
        String name = element.internalName();
        String arrayName = name.startsWith("[") ? "[" + name : "[L" + name + ";";
        // Keyed by address: two classes of one name have two array classes.
        String key = arrayName + "@" + element.address();
        FakeClass known = shared.get(key);
        if (known == null) {
            known = add(arrayName, object).loadedBy(element.loader());
            shared.put(key, known);
        }
        return known;
    }

    /** All classes made so far, in order. */
    public List<FakeClass> classes() {
        return List.copyOf(classes);
    }

    // ---- objects

    /** The next object, and those after it, lie from this address on. */
    public HeapBuilder nextAt(long address) {
        nextObject = address;
        return this;
    }

    public FakeInstance instance(FakeClass type) {
        type.freeze();
        List<List<HprofType>> levels = new ArrayList<>();
        for (FakeClass level : type.lineage()) {
            levels.add(level.fields().stream().map(FakeClass.Field::type).toList());
        }
        int size = layout.instanceSize(levels);
        return add(new FakeInstance(take(size), type, size));
    }

    /** An array of references. */
    public FakeArray array(FakeClass element, FakeRef... elements) {
        FakeArray array = arrayOfLength(element, elements.length);
        for (int i = 0; i < elements.length; i++) {
            array.set(i, elements[i]);
        }
        return array;
    }

    /** An array of null references. */
    public FakeArray arrayOfLength(FakeClass element, int length) {
        long size = layout.arraySize(HprofType.OBJECT, length);
        return add(new FakeArray(take(size), arrayClass(element), size, length));
    }

    /** An array of primitives from its bytes in the dump. */
    public FakeArray primitives(HprofType type, byte[] data) {
        long size = layout.arraySize(type, data.length / type.width(idSize));
        return add(new FakeArray(take(size), shared(type.arrayClassName()), size, type, data));
    }

    /** An array of zeros. */
    public FakeArray zeros(HprofType type, int length) {
        return primitives(type, new byte[length * type.width(idSize)]);
    }

    public FakeArray bytes(byte... values) {
        return primitives(HprofType.BYTE, values);
    }

    /** A string and its array; characters must be Latin-1. */
    public FakeInstance string(String text) {
        FakeInstance string = instance(javaLangString());
        return string.set("value", bytes(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** All objects made so far, in order; classes are not among them. */
    public List<FakeObject> objects() {
        return List.copyOf(objects);
    }

    // ---- roots

    /** A running thread with a name, alive, non-daemon, priority 5. */
    public FakeThread thread(String name) {
        FakeInstance instance = instance(javaLangThread());
        int serial = threads.size() + 1;
        instance.set("name", string(name)).set("tid", serial).set("priority", 5).set("threadStatus", 0x5);
        instance.set("eetop", 0x7f00_2000_0000L + 4096L * serial);
        return thread(instance);
    }

    /** A thread whose object is any instance. */
    public FakeThread thread(FakeInstance threadObject) {
        FakeThread thread = new FakeThread(threadObject, threads.size() + 1);
        threads.add(thread);
        return thread;
    }

    /** A root of a kind without thread; a kind that has one gets thread 0, frame -1. */
    public HeapBuilder root(FakeRoot kind, FakeRef target) {
        return root(kind, target, 0, -1);
    }

    public HeapBuilder root(FakeRoot kind, FakeRef target, int threadSerial, int frame) {
        roots.add(new Root(kind, target, threadSerial, frame));
        return this;
    }

    // ---- output

    /** The whole file. */
    public byte[] toBytes() {
        return toBytes(Compression.NONE);
    }

    public byte[] toBytes(Compression compression) {
        HprofWriter out = HprofWriter.inMemory(idSize, compression);
        writeTo(out);
        return out.toByteArray();
    }

    /** Creates or replaces the file. */
    public void toFile(Path file) {
        toFile(file, Compression.NONE);
    }

    public void toFile(Path file, Compression compression) {
        try (HprofWriter out = HprofWriter.toFile(file, idSize, compression)) {
            writeTo(out);
        }
    }

    /** Header and records. */
    public void writeTo(HprofWriter out) {
        out.header(version, TIME_MILLIS);
        writeRecords(out);
    }

    /** The records without a header: a further dump in the same file. */
    public void writeRecords(HprofWriter out) {
        FakeNames names = new FakeNames(idSize);
        collectNames(names);
        names.write(out);
        for (FakeClass type : classes) {
            if (type.hasLoadRecord()) {
                out.loadClass(type.serial(), type.address(), 1, names.id(type.internalName()));
            }
        }
        out.trace(1, 0);
        long frameId = 1;
        for (FakeThread thread : threads) {
            thread.writeTrace(out, names, frameId);
            frameId += thread.frames().size();
        }
        boolean single = version.equals(HprofWriter.V1_0_1);
        if (single) {
            out.autoSegments(0).beginHeapDump();
        } else {
            out.autoSegments(segmentLimit);
        }
        writeHeap(out, names);
        if (single) {
            out.endSegment();
        } else if (end) {
            out.heapDumpEnd();
        }
    }

    private void writeHeap(HprofWriter out, FakeNames names) {
        if (rootsFirst) {
            writeRoots(out);
        }
        if (!classesLast) {
            writeClasses(out, names);
        }
        objects.forEach(each -> each.write(out));
        if (classesLast) {
            writeClasses(out, names);
        }
        if (!rootsFirst) {
            writeRoots(out);
        }
    }

    private void writeClasses(HprofWriter out, FakeNames names) {
        classes.stream().filter(FakeClass::hasDump).forEach(type -> type.write(out, names));
    }

    private void writeRoots(HprofWriter out) {
        threads.forEach(thread -> thread.writeRoots(out));
        roots.forEach(root -> root.kind.write(out, root.target.address(), root.threadSerial, root.frame));
        classes.stream().filter(FakeClass::isSticky).forEach(type -> out.rootStickyClass(type.address()));
    }

    private void collectNames(FakeNames names) {
        List<String> texts = new ArrayList<>();
        classes.forEach(type -> type.names(texts));
        threads.forEach(thread -> thread.frames().forEach(frame -> frame.names(texts)));
        texts.forEach(names::id);
    }

    private FakeClass add(String internalName, @Nullable FakeClass superclass) {
        FakeClass type = new FakeClass(nextClass, classes.size() + 1, internalName, superclass);
        nextClass += CLASS_SPACING;
        classes.add(type);
        return type;
    }

    private <T extends FakeObject> T add(T made) {
        objects.add(made);
        return made;
    }

    private long take(long size) {
        long address = nextObject;
        nextObject += size;
        return address;
    }
}
