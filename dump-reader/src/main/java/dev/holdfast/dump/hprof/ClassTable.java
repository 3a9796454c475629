package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpField;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.Strength;
import dev.holdfast.dump.io.LongList;
import dev.holdfast.dump.io.LongLongMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The classes of a dump and the types made of them; immutable but for shapes, which are made when first asked for.
 *
 * <p>Type 0 is the unknown type, type {@code n + 1} the class with number {@code n}: LOAD_CLASS order first, then
 * classes without such a record by identifier, at last basic arrays for which the dump has no class.
 */
final class ClassTable {
    /** Longest chain of superclasses followed; real ones are below 30, hostile ones may be cyclic. */
    private static final int MAX_DEPTH = 1000;

    private static final int MAX_SHAPE_BYTES = 1 << 24;
    private static final String[] PRIMITIVE_ARRAYS = {
        null, null, null, null, "boolean[]", "char[]", "float[]", "double[]", "byte[]", "short[]", "int[]", "long[]"
    };

    private final int idBytes;
    private final StringTable strings;
    private final Map<Long, String> decoded = new HashMap<>();
    private final ClassNumbers numbers;
    /** By class number. */
    private final ClassRecord[] records;

    private final boolean[] dumped;
    private final List<DumpType> types = new ArrayList<>();
    private final int[] primitiveTypes = new int[12];
    private final @Nullable InstanceShape[] shapes;
    private int javaLangClass;
    private final boolean[] invented;

    /**
     * Makes the table.
     *
     * @param found class records in file order; of two with one identifier the first counts
     * @param stray identifiers of classes that have instances but no record of any kind
     */
    ClassTable(FileLayout layout, List<ClassRecord> found, Iterable<Long> stray) {
        this.idBytes = layout.idBytes;
        this.strings = layout.strings;
        LongList ids = new LongList();
        LongLongMap known = new LongLongMap();
        for (int i = 0; i < layout.classIds.size(); i++) {
            known.put(layout.classIds.get(i), 1);
            ids.add(layout.classIds.get(i));
        }
        java.util.TreeSet<Long> others = new java.util.TreeSet<>(Long::compareUnsigned);
        for (ClassRecord record : found) {
            if (known.get(record.id, 0) == 0) {
                others.add(record.id);
            }
        }
        for (long id : stray) {
            if (known.get(id, 0) == 0) {
                others.add(id);
            }
        }
        for (long id : others) {
            ids.add(id);
        }
        numbers = new ClassNumbers(ids);
        int count = ids.size();
        records = new ClassRecord[count];
        dumped = new boolean[count];
        for (ClassRecord record : found) {
            int number = numbers.of(record.id);
            if (!dumped[number]) {
                dumped[number] = true;
                records[number] = record;
            }
        }
        for (int i = 0; i < count; i++) {
            if (!dumped[i]) {
                records[i] = ClassRecord.unknown(ids.get(i));
            }
        }
        makeTypes(layout);
        invented = new boolean[types.size()];
        shapes = new InstanceShape[types.size()];
    }

    private void makeTypes(FileLayout layout) {
        types.add(placeholder("(unknown type)", DumpType.Kind.UNKNOWN));
        String[] names = new String[records.length];
        for (int i = 0; i < records.length; i++) {
            long nameId = layout.classNames.get(records[i].id, 0);
            names[i] = ClassNames.ofInternal(string(nameId, "unknown-class@0x" + Long.toHexString(records[i].id)));
            if (names[i].equals("java.lang.Class") && (javaLangClass == 0 || dumped[i])) {
                javaLangClass = i + 1;
            }
        }
        for (int i = 0; i < records.length; i++) {
            types.add(makeType(i, names));
            int code = primitiveArray(names[i]);
            if (code != 0 && (primitiveTypes[code] == 0 || dumped[i])) {
                primitiveTypes[code] = i + 1;
            }
        }
        for (int code = BasicType.BOOLEAN; code <= BasicType.LONG; code++) {
            if (primitiveTypes[code] == 0) {
                primitiveTypes[code] = types.size();
                types.add(placeholder(PRIMITIVE_ARRAYS[code], DumpType.Kind.PRIMITIVE_ARRAY));
            }
        }
        if (javaLangClass == 0) {
            javaLangClass = types.size();
            types.add(placeholder("java.lang.Class", DumpType.Kind.CLASS));
        }
    }

    /**
     * Gives each class that has objects but is not in the dump a class object at a low address, as MAT does. Called before
     * anything else uses the types.
     *
     * @param used numbers of the classes with objects
     * @param usedPrimitives element types of the primitive arrays
     */
    void invent(BitSet used, BitSet usedPrimitives) {
        int superType = 0;
        BitSet missing = new BitSet();
        for (DumpType type : types) {
            if (type.name().equals("java.lang.Object")) {
                superType = type.index();
            }
            boolean always =
                    type.name().equals("java.lang.Class") || type.name().equals("java.lang.ClassLoader");
            if (!type.hasClassObject() && (always || type.index() > 0 && used.get(type.index() - 1))) {
                missing.set(type.index());
            }
        }
        for (int code = BasicType.BOOLEAN; code <= BasicType.LONG; code++) {
            if (usedPrimitives.get(code) && !types.get(primitiveTypes[code]).hasClassObject()) {
                missing.set(primitiveTypes[code]);
            }
        }
        long address = 0;
        for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
            DumpType type = types.get(i);
            address += 8;
            invented[i] = true;
            types.set(
                    i,
                    new DumpType(
                            i,
                            type.name(),
                            type.kind(),
                            superType,
                            address,
                            true,
                            0,
                            type.fields(),
                            type.statics(),
                            type.referenceFields(),
                            type.referentSlot(),
                            type.referentStrength(),
                            "java.lang.Object"));
        }
    }

    /** Whether the class object of the type is not in the dump but invented for MAT's model. */
    boolean isInvented(int type) {
        return invented[type];
    }

    private DumpType placeholder(String name, DumpType.Kind kind) {
        return new DumpType(
                types.size(), name, kind, -1, 0, false, 0, List.of(), List.of(), List.of(), -1, Strength.STRONG, "");
    }

    private static int primitiveArray(String name) {
        for (int code = BasicType.BOOLEAN; code <= BasicType.LONG; code++) {
            if (name.equals(PRIMITIVE_ARRAYS[code])) {
                return code;
            }
        }
        return 0;
    }

    private DumpType makeType(int number, String[] names) {
        ClassRecord record = records[number];
        String name = names[number];
        DumpType.Kind kind;
        if (name.equals("java.lang.Class")) {
            kind = DumpType.Kind.CLASS;
        } else if (primitiveArray(name) != 0) {
            kind = DumpType.Kind.PRIMITIVE_ARRAY;
        } else if (name.endsWith("[]")) {
            kind = DumpType.Kind.OBJECT_ARRAY;
        } else {
            kind = DumpType.Kind.INSTANCE;
        }
        List<String> references = new ArrayList<>();
        int referentSlot = -1;
        Strength strength = Strength.STRONG;
        int depth = 0;
        for (int at = number; at >= 0 && depth < MAX_DEPTH; at = superNumber(at), depth++) {
            ClassRecord part = records[at];
            if (strength == Strength.STRONG) {
                strength = strengthOf(names[at]);
            }
            boolean reference = names[at].equals("java.lang.ref.Reference");
            for (int i = 0; i < part.fieldTypes.length; i++) {
                if (BasicType.isReference(part.fieldTypes[i]) && references.size() < 255) {
                    String field = string(part.fieldNames[i], "?");
                    if (reference && field.equals("referent")) {
                        referentSlot = references.size();
                    }
                    references.add(field);
                }
            }
        }
        int superNumber = superNumber(number);
        return new DumpType(
                number + 1,
                name,
                kind,
                superNumber < 0 ? -1 : superNumber + 1,
                record.id,
                dumped[number],
                record.loaderId,
                fields(record.fieldNames, record.fieldTypes),
                fields(record.staticNames, record.staticTypes),
                List.copyOf(references),
                strength == Strength.STRONG ? -1 : referentSlot,
                referentSlot < 0 ? Strength.STRONG : strength,
                superNumber < 0 ? "" : names[superNumber]);
    }

    private static Strength strengthOf(String className) {
        switch (className) {
            case "java.lang.ref.SoftReference":
                return Strength.SOFT;
            case "java.lang.ref.WeakReference":
                return Strength.WEAK;
            case "java.lang.ref.FinalReference":
                return Strength.FINALIZER;
            case "java.lang.ref.PhantomReference":
                return Strength.PHANTOM;
            default:
                return Strength.STRONG;
        }
    }

    private List<DumpField> fields(long[] names, byte[] codes) {
        if (names.length == 0) {
            return List.of();
        }
        DumpField[] fields = new DumpField[names.length];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = new DumpField(string(names[i], "?"), BasicType.valueType(codes[i]));
        }
        return List.of(fields);
    }

    private String string(long id, String otherwise) {
        String cached = decoded.get(id);
        if (cached == null) {
            cached = strings.get(id, "");
            if (cached.isEmpty()) {
                // Absent or forged, and an empty name could not be shown. Not kept: another user has another
                // alternative.
                return otherwise;
            }
            if (decoded.size() < 1 << 20) {
                decoded.put(id, cached);
            }
        }
        return cached;
    }

    private int superNumber(int number) {
        long superId = records[number].superId;
        return superId == 0 ? -1 : numbers.of(superId);
    }

    /** The types by index. */
    List<DumpType> types() {
        return Collections.unmodifiableList(types);
    }

    int idBytes() {
        return idBytes;
    }

    /** Number of classes; the class with number n is type n + 1. */
    int classCount() {
        return records.length;
    }

    ClassRecord record(int number) {
        return records[number];
    }

    boolean dumped(int number) {
        return dumped[number];
    }

    /** Type of the instances of a class, by the class's identifier; 0 if unknown. */
    int typeOf(long classId) {
        return numbers.of(classId) + 1;
    }

    int primitiveType(int code) {
        return primitiveTypes[code];
    }

    /** The type of class objects. */
    int javaLangClass() {
        return javaLangClass;
    }

    /** Where references lie in instances of the type. Thread-safe: two threads at worst make the same. */
    InstanceShape shape(int type) {
        InstanceShape shape = shapes[type];
        if (shape == null) {
            shape = makeShape(type);
            shapes[type] = shape;
        }
        return shape;
    }

    private InstanceShape makeShape(int type) {
        int number = type - 1;
        if (number < 0 || number >= records.length) {
            return InstanceShape.UNKNOWN;
        }
        int[] references = new int[8];
        int count = 0;
        long offset = 0;
        int depth = 0;
        int at = number;
        while (at >= 0) {
            ClassRecord record = records[at];
            if (++depth > MAX_DEPTH || offset > MAX_SHAPE_BYTES || !dumped[at]) {
                break;
            }
            for (byte code : record.fieldTypes) {
                if (BasicType.isReference(code)) {
                    if (count == references.length) {
                        references = Arrays.copyOf(references, count * 2);
                    }
                    references[count++] = (int) offset;
                }
                offset += BasicType.bytes(code, idBytes);
            }
            at = superNumber(at);
        }
        return new InstanceShape((int) offset, Arrays.copyOf(references, count));
    }

    /** Where the nearest field of that name lies in instances of the type, times 256, and its type code; -1 if there is none. */
    long place(int type, String name) {
        long offset = 0;
        int depth = 0;
        for (int at = type - 1; at >= 0 && ++depth <= MAX_DEPTH && dumped[at]; at = superNumber(at)) {
            ClassRecord record = records[at];
            for (int i = 0; i < record.fieldTypes.length; i++) {
                if (string(record.fieldNames[i], "?").equals(name)) {
                    return offset << 8 | record.fieldTypes[i];
                }
                offset += BasicType.bytes(record.fieldTypes[i], idBytes);
                if (offset > MAX_SHAPE_BYTES) {
                    return -1;
                }
            }
        }
        return -1;
    }
}
