package dev.holdfast.dump.hprof;

import dev.holdfast.dump.ReferenceSink;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The second pass over a chunk: hands each object with its references to a sink. Used by one thread.
 *
 * <p>Slots of a class object: 0 superclass, 1 loader, 2 signers, 3 protection domain, 4 constant pool and reserved
 * words, then its static references.
 */
final class ReferencePass implements HeapRecordHandler {
    static final int SUPER = 0;
    static final int LOADER = 1;
    static final int SIGNERS = 2;
    static final int DOMAIN = 3;
    static final int CONSTANT = 4;
    static final int FIRST_STATIC = 5;

    private static final int BLOCK = 1 << 13;

    private final ClassTable classes;
    private final SizeInUnits sizes;
    private final boolean mat;
    private final int idBytes;
    private final ReferenceSink sink;
    private final NotInDump.@Nullable Gaps gaps;
    private long lastClass;
    private int lastType;
    private InstanceShape lastShape = InstanceShape.UNKNOWN;
    private long shortInstances;

    /** Sizes of objects whose type does not fix them, in units of 8 bytes. */
    interface SizeInUnits {
        /** Whether objects of the type are sized one by one. */
        boolean individual(int type);

        /**
         * Size of an instance; its values start where the input stands.
         *
         * @param readable how many bytes of them may be read
         * @param recorded how many the record has
         */
        int instance(int type, long address, RecordInput in, int readable, long recorded) throws IOException;

        /** Size of a class object. */
        int classObject(ClassRecord record);
    }

    ReferencePass(
            ClassTable classes,
            SizeInUnits sizes,
            boolean mat,
            int idBytes,
            ReferenceSink sink,
            NotInDump.@Nullable Gaps gaps) {
        this.classes = classes;
        this.sizes = sizes;
        this.mat = mat;
        this.idBytes = idBytes;
        this.sink = sink;
        this.gaps = gaps;
    }

    private void object(long address, int type, int elements) {
        if (gaps != null) {
            gaps.object(address, type, elements);
        }
        sink.object(address, type, elements);
    }

    /** Adds what lies behind the objects of this chunk; several workers may do so at once. */
    void addGapsTo(NotInDump.Gaps all) {
        if (gaps != null) {
            synchronized (all) {
                all.add(gaps);
            }
        }
    }

    /** Instances with fewer bytes than their class has fields. */
    long shortInstances() {
        return shortInstances;
    }

    @Override
    public void root(int tag, long address, int threadSerial, int detail) {}

    @Override
    public void classDump(long address, long offset, RecordInput in) throws IOException {
        if (address == 0) {
            return;
        }
        // Parsed twice: the object must be announced, with its size, before its references.
        long body = in.position();
        ClassRecord record = ClassRecord.parse(address, offset, in, ClassReferences.NONE);
        object(address, classes.javaLangClass(), sizes.classObject(record));
        if (record.superId != 0) {
            sink.reference(record.superId, SUPER);
        }
        if (record.loaderId != 0 || mat) {
            sink.reference(record.loaderId, LOADER);
        }
        if (!mat) {
            if (record.signersId != 0) {
                sink.reference(record.signersId, SIGNERS);
            }
            if (record.domainId != 0) {
                sink.reference(record.domainId, DOMAIN);
            }
            for (long other : record.otherReferences) {
                if (other != 0) {
                    sink.reference(other, CONSTANT);
                }
            }
        }
        in.seek(body);
        ClassRecord.parse(address, offset, in, new ClassReferences(sink));
    }

    /** Hands the static references of a class object to a sink. */
    private static final class ClassReferences implements ClassRecord.Values {
        static final ClassReferences NONE = new ClassReferences(null);

        private final @Nullable ReferenceSink sink;

        ClassReferences(@Nullable ReferenceSink sink) {
            this.sink = sink;
        }

        @Override
        public void constant(long value) {}

        @Override
        public void staticField(int index, int type, long value) {
            if (sink != null && value != 0 && BasicType.isReference(type)) {
                sink.reference(value, Math.min(FIRST_STATIC + index, ReferenceSink.UNNAMED_SLOT));
            }
        }
    }

    @Override
    public void instance(long address, long offset, long classId, long bytes, RecordInput in) throws IOException {
        if (address == 0) {
            return;
        }
        if (classId != lastClass || lastType == 0) {
            lastClass = classId;
            lastType = classes.typeOf(classId);
            lastShape = classes.shape(lastType);
        }
        InstanceShape shape = lastShape;
        int readable = (int) Math.min(bytes, shape.bytes());
        if (readable < shape.bytes()) {
            shortInstances++;
        }
        in.require(readable);
        object(
                address,
                lastType,
                sizes.individual(lastType) ? sizes.instance(lastType, address, in, readable, bytes) : 0);
        for (int slot = 0; slot < shape.referenceCount(); slot++) {
            int at = shape.reference(slot);
            if (at + idBytes > readable) {
                break;
            }
            long target = in.idAhead(at);
            if (target != 0) {
                sink.reference(target, Math.min(slot, ReferenceSink.UNNAMED_SLOT));
            }
        }
    }

    @Override
    public void objectArray(long address, long offset, long classId, long count, RecordInput in) throws IOException {
        if (address == 0) {
            return;
        }
        object(address, classes.typeOf(classId), (int) count);
        long left = count;
        while (left > 0) {
            int block = (int) Math.min(left, BLOCK);
            in.require(block * idBytes);
            for (int i = 0; i < block; i++) {
                long target = in.id();
                if (target != 0) {
                    sink.reference(target, 0);
                }
            }
            left -= block;
        }
    }

    @Override
    public void primitiveArray(long address, long offset, int elementType, long count) {
        if (address != 0) {
            object(address, classes.primitiveType(elementType), (int) count);
        }
    }
}
