package dev.holdfast.dump.hprof;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.LayoutInfo;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.dump.StackSpace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sizes of all objects of a dump under one layout, in the form that the passes want; immutable and thread-safe. */
final class ObjectSizing implements ReferencePass.SizeInUnits {
    private static final long MAX_UNITS = 0xffffffffL;

    private final ClassTable classes;
    private final ShallowSizes sizes;
    private final LayoutInfo info;
    /** Null under MAT's rules. */
    private final @Nullable InferredLayout inferred;

    private final ObjectLayout layout;
    private final boolean[] individual;
    private final int stackChunkSizeField;
    private final long primitiveMirror;

    private ObjectSizing(
            ClassTable classes,
            ObjectLayout layout,
            @Nullable InferredLayout inferred,
            long[] instanceSizes,
            LayoutInfo info) {
        this.classes = classes;
        this.layout = layout;
        this.inferred = inferred;
        this.info = info;
        List<DumpType> types = classes.types();
        long[] base = new long[types.size()];
        long[] width = new long[types.size()];
        individual = new boolean[types.size()];
        boolean mat = inferred == null;
        for (DumpType type : types) {
            int i = type.index();
            int number = i - 1;
            boolean known = number >= 0 && number < classes.classCount() && classes.dumped(number);
            switch (type.kind()) {
                case OBJECT_ARRAY -> {
                    base[i] =
                            mat ? layout.header() + 4 : layout.arrayBase().offset(layout.header(), layout.reference());
                    width[i] = layout.reference();
                }
                case PRIMITIVE_ARRAY -> {
                    int element = elementBytes(classes, i);
                    base[i] = mat
                            ? (layout.header() + 4 + layout.reference() - 1) & -layout.reference()
                            : layout.arrayBase().offset(layout.header(), Math.max(1, element));
                    width[i] = element;
                }
                case CLASS -> individual[i] = true;
                case UNKNOWN -> individual[i] = true;
                case INSTANCE -> {
                    if (!known || inferred != null && inferred.stackChunkClass() == number) {
                        individual[i] = true;
                    } else {
                        base[i] = instanceSizes[number];
                    }
                }
            }
            if (individual[i]) {
                base[i] = 0;
                width[i] = 8;
            }
        }
        int mirrorClass = classes.javaLangClass() - 1;
        primitiveMirror = inferred != null
                ? inferred.mirrorBase()
                : mirrorClass < instanceSizes.length ? instanceSizes[mirrorClass] : layout.header();
        sizes = new ShallowSizes(base, width, Math.max(8, layout.alignment()));
        stackChunkSizeField = inferred == null || inferred.stackChunkClass() < 0 ? -1 : sizeFieldOffset(inferred);
    }

    private static int elementBytes(ClassTable classes, int type) {
        for (int code = BasicType.BOOLEAN; code <= BasicType.LONG; code++) {
            if (classes.primitiveType(code) == type) {
                return BasicType.valueType(code).bytes();
            }
        }
        return 1;
    }

    private int sizeFieldOffset(InferredLayout found) {
        ClassRecord record = classes.record(found.stackChunkClass());
        DumpType type = classes.types().get(found.stackChunkClass() + 1);
        int offset = 0;
        for (int i = 0; i < record.fieldTypes.length; i++) {
            if (type.fields().get(i).name().equals("size") && record.fieldTypes[i] == BasicType.INT) {
                return offset;
            }
            offset += BasicType.bytes(record.fieldTypes[i], classes.idBytes());
        }
        return -1;
    }

    /**
     * Sizes by MAT's formulas (hprof.md 2.5).
     *
     * @param divisor MAT's A, which it takes as it is; a JVM aligns to powers of two, and only a forged or tiny dump has another
     */
    static ObjectSizing mat(ClassTable classes, int reference, int divisor) {
        int alignment = Math.max(8, Integer.lowestOneBit(divisor));
        ObjectLayout layout = ObjectLayout.mat(classes.idBytes(), reference, alignment);
        LayoutInfo info = new LayoutInfo(classes.idBytes() + reference, reference, alignment, "mat", 0, true, 0, 0);
        return new ObjectSizing(classes, layout, null, InstanceSizes.of(shapes(classes), layout), info);
    }

    /** Sizes as inferred from the addresses. */
    static ObjectSizing of(ClassTable classes, InferredLayout inferred) {
        ObjectLayout layout = inferred.layout();
        long[] instances = new long[classes.classCount()];
        for (int i = 0; i < instances.length; i++) {
            instances[i] = inferred.instance(i);
        }
        LayoutInfo info = new LayoutInfo(
                layout.header(),
                layout.reference(),
                layout.alignment(),
                layout.rule().label(),
                inferred.confidence(),
                inferred.assumed(),
                0,
                0);
        return new ObjectSizing(classes, layout, inferred, instances, info);
    }

    /** What the layout rules want to know of the classes, by class number. */
    static List<ClassShape> shapes(ClassTable classes) {
        List<ClassShape> shapes = new ArrayList<>(classes.classCount());
        for (int i = 0; i < classes.classCount(); i++) {
            ClassRecord record = classes.record(i);
            DumpType type = classes.types().get(i + 1);
            int invented = 0;
            for (var field : type.statics()) {
                if (ClassShape.isInventedStatic(field.name())) {
                    invented++;
                }
            }
            shapes.add(new ClassShape(
                    type.name(),
                    type.superType() - 1 < 0 ? -1 : type.superType() - 1,
                    FieldWidths.of(record.fieldTypes),
                    FieldWidths.of(record.staticTypes),
                    invented,
                    record.instanceBytes,
                    record.id));
        }
        return shapes;
    }

    ShallowSizes sizes() {
        return sizes;
    }

    /** What estimates the heap that is not in the dump; null where nothing can be said of it. */
    @Nullable
    NotInDump notInDump(AddressSet addresses) {
        if (inferred == null || inferred.assumed()) {
            return null;
        }
        long[] mirrors = new long[classes.classCount()];
        long bytes = 0;
        int n = 0;
        for (int i = 0; i < mirrors.length; i++) {
            if (classes.dumped(i)) {
                mirrors[n++] = classes.record(i).id;
                bytes += inferred.mirror(i);
            }
        }
        return NotInDump.of(Arrays.copyOf(mirrors, n), inferred.mirrorBase(), bytes, sizes, addresses);
    }

    LayoutInfo info() {
        return info;
    }

    /** Where the field that says how large a stack chunk is lies in its values; -1 where there is none. */
    int stackChunkSizeField() {
        return stackChunkSizeField;
    }

    /**
     * How the memory of a stack chunk is used; all of it is the chunk's shallow size. Null where that is not known.
     *
     * @param words its field {@code size}
     * @param sp its field {@code sp}: where its frames begin, which reach to the end
     */
    @Nullable
    StackSpace stackChunk(int words, int sp) {
        if (inferred == null || inferred.stackChunkClass() < 0 || stackChunkSizeField < 0) {
            return null;
        }
        long frames = Math.max(0, words);
        long free = Math.max(0, Math.min(sp, frames));
        return new StackSpace(8 * free, 8 * (frames - free), inferred.stackChunk(words) - 8 * frames);
    }

    @Override
    public boolean individual(int type) {
        return individual[type];
    }

    @Override
    public int instance(int type, long address, RecordInput in, int readable, long recorded) throws IOException {
        if (type == classes.javaLangClass()) {
            // Mirrors of primitive types are dumped as instances.
            return units(primitiveMirror);
        }
        if (inferred == null) {
            return units(layout.aligned(layout.header() + recorded));
        }
        if (type - 1 == inferred.stackChunkClass() && stackChunkSizeField >= 0 && stackChunkSizeField + 4 <= readable) {
            return units(inferred.stackChunk(in.i4Ahead(stackChunkSizeField)));
        }
        return units(inferred.instanceOfUnknownClass(recorded));
    }

    @Override
    public int classObject(ClassRecord record) {
        if (inferred == null) {
            return units(layout.aligned(FieldWidths.of(record.staticTypes).bytes(layout.reference())));
        }
        int number = classes.typeOf(record.id) - 1;
        return units(number >= 0 ? inferred.mirror(number) : inferred.mirrorBase());
    }

    private static int units(long bytes) {
        return (int) Math.min(MAX_UNITS, bytes >>> 3);
    }
}
