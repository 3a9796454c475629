package dev.holdfast.dump.hprof;

import dev.holdfast.dump.ReferenceBlock;
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
    private final ReferenceBlock out;
    private final ReferenceSink sink;
    private final NotInDump.@Nullable Gaps gaps;
    /** Types of the records of a block. */
    private int[] types = new int[0];

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

    /**
     * A pass over one chunk.
     *
     * @param out an empty block
     */
    ReferencePass(
            ClassTable classes,
            SizeInUnits sizes,
            boolean mat,
            int idBytes,
            ReferenceBlock out,
            ReferenceSink sink,
            NotInDump.@Nullable Gaps gaps) {
        this.classes = classes;
        this.sizes = sizes;
        this.mat = mat;
        this.idBytes = idBytes;
        this.out = out;
        this.sink = sink;
        this.gaps = gaps;
    }

    /** Passes on what was gathered; at the end of the chunk at the latest. */
    void flush() {
        if (gaps != null) {
            gaps.objects(out);
        }
        sink.block(out);
        out.clear();
    }

    private void flushIfFull() {
        if (out.full()) {
            flush();
        }
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
        ClassRecord record = ClassRecord.parse(address, offset, in, ClassRecord.Values.IGNORED);
        out.object(address, classes.javaLangClass(), sizes.classObject(record));
        if (record.superId != 0) {
            out.reference(record.superId, SUPER);
        }
        if (record.loaderId != 0 || mat) {
            out.reference(record.loaderId, LOADER);
        }
        if (!mat) {
            if (record.signersId != 0) {
                out.reference(record.signersId, SIGNERS);
            }
            if (record.domainId != 0) {
                out.reference(record.domainId, DOMAIN);
            }
            for (long other : record.otherReferences) {
                if (other != 0) {
                    out.reference(other, CONSTANT);
                }
            }
        }
        in.seek(body);
        ClassRecord.parse(address, offset, in, new ClassReferences(out));
        flushIfFull();
    }

    /** Hands the static references of a class object to a sink. */
    private static final class ClassReferences implements ClassRecord.Values {
        private final ReferenceBlock out;

        ClassReferences(ReferenceBlock out) {
            this.out = out;
        }

        @Override
        public void constant(long value) {}

        @Override
        public void staticField(int index, int type, long value) {
            if (value != 0 && BasicType.isReference(type)) {
                out.reference(value, Math.min(FIRST_STATIC + index, ReferenceSink.UNNAMED_SLOT));
            }
        }
    }

    @Override
    public void block(RecordBlock block, RecordInput in) throws IOException {
        if (types.length < block.size()) {
            types = new int[block.size()];
        }
        findTypes(block);
        for (int i = 0; i < block.size(); ) {
            i = take(block, i, in);
            flushIfFull();
        }
    }

    /** A loop of its own, as the processor then overlaps look-ups. */
    private void findTypes(RecordBlock block) {
        for (int i = 0; i < block.size(); i++) {
            types[i] = block.isOfClass(i) ? classes.typeOf(block.classId(i)) : classes.primitiveType(block.kind(i));
        }
    }

    /** Takes records from the given one on until it is time to pass them on; returns the next. */
    private int take(RecordBlock block, int from, RecordInput in) throws IOException {
        int i = from;
        for (; i < block.size() && !out.full(); i++) {
            int kind = block.kind(i);
            if (kind == RecordBlock.INSTANCE) {
                in.seek(block.body(i, in));
                takeInstance(block.address(i), types[i], block.count(i), in);
            } else if (kind == BasicType.OBJECT) {
                in.seek(block.body(i, in));
                int count = (int) block.count(i);
                out.object(block.address(i), types[i], count);
                takeElements(count, in);
            } else {
                out.object(block.address(i), types[i], (int) block.count(i));
            }
        }
        return i;
    }

    private void takeInstance(long address, int type, long bytes, RecordInput in) throws IOException {
        InstanceShape shape = classes.shape(type);
        int readable = (int) Math.min(bytes, shape.bytes());
        if (readable < shape.bytes()) {
            shortInstances++;
        }
        out.object(address, type, sizes.individual(type) ? sizes.instance(type, address, in, readable, bytes) : 0);
        int count = shape.referenceCount();
        out.reserve(count + 1);
        for (int slot = 0; slot < count; slot++) {
            int at = shape.reference(slot);
            if (at + idBytes > readable) {
                break;
            }
            out.referenceUnlessNull(in.idAhead(at), Math.min(slot, ReferenceSink.UNNAMED_SLOT));
        }
    }

    private void takeElements(int count, RecordInput in) {
        // One more, as a null is written before it is known to be one.
        out.reserve(count + 1);
        for (int i = 0, ahead = 0; i < count; i++, ahead += idBytes) {
            out.referenceUnlessNull(in.idAhead(ahead), 0);
        }
    }

    @Override
    public void instance(long address, long offset, long classId, long bytes, RecordInput in) throws IOException {
        if (address == 0) {
            return;
        }
        int type = classes.typeOf(classId);
        in.require((int) Math.min(bytes, classes.shape(type).bytes()));
        takeInstance(address, type, bytes, in);
        flushIfFull();
    }

    @Override
    public void objectArray(long address, long offset, long classId, long count, RecordInput in) throws IOException {
        if (address == 0) {
            return;
        }
        out.object(address, classes.typeOf(classId), (int) count);
        long left = count;
        while (left > 0) {
            int block = (int) Math.min(left, BLOCK);
            in.require(block * idBytes);
            takeElements(block, in);
            in.skipGranted(block * idBytes);
            flushIfFull();
            left -= block;
        }
    }

    @Override
    public void primitiveArray(long address, long offset, int elementType, long count) {
        if (address != 0) {
            out.object(address, classes.primitiveType(elementType), (int) count);
            flushIfFull();
        }
    }
}
