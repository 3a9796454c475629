package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class of a {@link HeapBuilder}. Superclass and instance fields must be complete before its first instance or subclass instance is made; all else
 * may be set until the dump is written.
 */
public final class FakeClass implements FakeRef {
    record Field(String name, HprofType type) {}

    record Static(
            String name,
            HprofType type,
            long bits,
            @Nullable FakeRef target) {
        long value() {
            return target == null ? bits : target.address();
        }
    }

    private final long address;
    private final int serial;
    private final String internalName;
    private @Nullable FakeClass superclass;
    private final List<Field> fields = new ArrayList<>();
    private final List<Static> statics = new ArrayList<>();
    private final List<ClassDump.Constant> constants = new ArrayList<>();
    private FakeRef loader = FakeRef.NULL;
    private FakeRef signers = FakeRef.NULL;
    private FakeRef protectionDomain = FakeRef.NULL;
    private boolean sticky = true;
    private boolean loadRecord = true;
    private boolean dumpRecord = true;
    private boolean frozen;

    FakeClass(long address, int serial, String internalName, @Nullable FakeClass superclass) {
        this.address = address;
        this.serial = serial;
        this.internalName = internalName;
        this.superclass = superclass;
    }

    /** The superclass; {@code java.lang.Object} unless set. */
    public FakeClass extending(FakeClass other) {
        requireOpen();
        superclass = other;
        return this;
    }

    /** Declares an instance field; fields are dumped in the order of these calls. */
    public FakeClass field(String name, HprofType type) {
        requireOpen();
        fields.add(new Field(name, type));
        return this;
    }

    /** A static reference. */
    public FakeClass staticField(String name, FakeRef value) {
        statics.add(new Static(name, HprofType.OBJECT, 0, value));
        return this;
    }

    /** A static primitive, floating point as raw bits. */
    public FakeClass staticField(String name, HprofType type, long bits) {
        statics.add(new Static(name, type, bits, null));
        return this;
    }

    /** The class loader; null, the boot loader, unless set. Also makes the class no sticky root. */
    public FakeClass loadedBy(FakeRef classLoader) {
        loader = classLoader;
        sticky = false;
        return this;
    }

    public FakeClass signers(FakeRef value) {
        signers = value;
        return this;
    }

    public FakeClass protectionDomain(FakeRef value) {
        protectionDomain = value;
        return this;
    }

    /** Appends a constant pool entry, as the old agent writes them. */
    public FakeClass constant(FakeRef value) {
        constants.add(new ClassDump.Constant(constants.size() + 1, HprofType.OBJECT, value.address()));
        return this;
    }

    /** No ROOT_STICKY_CLASS record, although the boot loader's. */
    public FakeClass notSticky() {
        sticky = false;
        return this;
    }

    /** No LOAD_CLASS record: the name is lost. */
    public FakeClass withoutLoadRecord() {
        loadRecord = false;
        return this;
    }

    /** No CLASS_DUMP record: fields and superclass are lost. */
    public FakeClass withoutDump() {
        dumpRecord = false;
        return this;
    }

    @Override
    public long address() {
        return address;
    }

    /** The serial number of the LOAD_CLASS record. */
    public int serial() {
        return serial;
    }

    /** The name as the dump holds it, such as {@code java/lang/String} or {@code [I}. */
    public String internalName() {
        return internalName;
    }

    boolean isSticky() {
        return sticky && !internalName.startsWith("[");
    }

    boolean hasLoadRecord() {
        return loadRecord;
    }

    boolean hasDump() {
        return dumpRecord;
    }

    FakeRef loader() {
        return loader;
    }

    /** Classes from the topmost down to this one. */
    List<FakeClass> lineage() {
        List<FakeClass> lineage = new ArrayList<>();
        for (FakeClass c = this; c != null; c = c.superclass) {
            lineage.add(c);
        }
        Collections.reverse(lineage);
        return lineage;
    }

    List<Field> fields() {
        return fields;
    }

    void freeze() {
        for (FakeClass c = this; c != null; c = c.superclass) {
            c.frozen = true;
        }
    }

    int dataLength(int idSize) {
        int length = 0;
        for (FakeClass c = this; c != null; c = c.superclass) {
            for (Field field : c.fields) {
                length += field.type.width(idSize);
            }
        }
        return length;
    }

    void names(List<String> into) {
        into.add(internalName);
        statics.forEach(field -> into.add(field.name));
        fields.forEach(field -> into.add(field.name));
    }

    void write(HprofWriter out, FakeNames names) {
        List<ClassDump.Static> staticDumps = new ArrayList<>();
        for (Static field : statics) {
            staticDumps.add(new ClassDump.Static(names.id(field.name), field.type, field.value()));
        }
        List<ClassDump.Field> fieldDumps = new ArrayList<>();
        for (Field field : fields) {
            fieldDumps.add(new ClassDump.Field(names.id(field.name), field.type));
        }
        boolean array = internalName.startsWith("[");
        out.classDump(new ClassDump(
                address,
                1,
                superclass == null ? 0 : superclass.address,
                loader.address(),
                signers.address(),
                protectionDomain.address(),
                0,
                0,
                array ? 0 : dataLength(out.idSize()),
                constants,
                staticDumps,
                fieldDumps));
    }

    private void requireOpen() {
        if (frozen) {
            throw new IllegalStateException(internalName + " already has instances");
        }
    }
}
