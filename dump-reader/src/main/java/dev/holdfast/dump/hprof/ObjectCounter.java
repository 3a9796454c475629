package dev.holdfast.dump.hprof;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Counts the objects of heap records, and samples their addresses with what follows each in the file.
 *
 * <p>The loop over records in the buffer is kept small, with nothing in it that is rare, because a cold JVM compiles it
 * once and early: it has a second for a gigabyte, its own start included. Used by one thread.
 */
final class ObjectCounter implements HeapRecordHandler {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** An object that lies further from the one before it is met by itself. */
    private static final int FAR_BITS = 16;
    /** In place of the address before: no object is near it, as addresses have 57 bits at most. */
    private static final long NOTHING_NEAR = 1L << 62;

    private final ClassTally instances;
    private final ArrayTally arrays = new ArrayTally();
    private final StackChunkTally chunks = new StackChunkTally();
    private final int idBytes;
    private CountedUnit unit = new CountedUnit(null);
    /** Address of the object before. */
    private long previous = NOTHING_NEAR;

    private long lastClass;
    private int lastRow = -1;

    /**
     * A counter that has counted nothing.
     *
     * @param perClass how many addresses of a class are sampled
     * @param stackChunkClass identifier of the class whose objects each have a size of their own; 0 for none
     */
    ObjectCounter(int idBytes, int perClass, long stackChunkClass) {
        this.idBytes = idBytes;
        this.instances = new ClassTally(perClass, stackChunkClass);
    }

    ClassTally instances() {
        return instances;
    }

    ArrayTally arrays() {
        return arrays;
    }

    StackChunkTally stackChunks() {
        return chunks;
    }

    /** Begins a part of the file; what it holds goes there. */
    void begin(CountedUnit next) {
        unit = next;
        previous = NOTHING_NEAR;
    }

    /** Adds what another has counted; it must not be used afterwards. */
    void merge(ObjectCounter other) {
        instances.merge(other.instances);
        arrays.merge(other.arrays);
        chunks.merge(other.chunks);
    }

    /**
     * Counts the objects at the offset as far as their fixed parts lie in the buffer.
     *
     * @param end where the walk ends: a boundary between sub-records, or the end of the segment
     * @param segmentEnd where the segment ends
     * @return offset of the first record that was not counted: it is no object, or must be looked at by itself
     */
    long count(RecordInput in, long offset, long end, long segmentEnd) {
        in.seek(offset);
        long base = offset - in.index();
        // The longest fixed part, and what is looked at of a stack chunk.
        int last = in.index() + in.buffered() - 9 - 2 * idBytes - StackChunkTally.LOOKED_AT;
        // Whether a pipe has all of a record that reaches beyond the buffer is not asked here.
        long whole = in.endsKnown() ? segmentEnd - base : Math.min(segmentEnd - base, in.index() + in.buffered());
        return base + count(in.buffer(), in.index(), Math.min(last + 1L, end - base), whole, base);
    }

    /**
     * The loop.
     *
     * @param from index of the first record
     * @param stop no record is counted that begins there or behind
     * @param limit no record is counted that ends behind that
     * @param base offset of the first byte in the buffer
     * @return index of the first record that was not counted
     */
    private long count(byte[] bytes, long from, long stop, long limit, long base) {
        int id = idBytes;
        long at = from;
        long before = previous;
        long ofClass = lastClass;
        int row = lastRow;
        int untilAnchor = 1;
        while (at < stop) {
            int i = (int) at;
            int tag = bytes[i];
            long address = id == 8 ? (long) LONG.get(bytes, i + 1) : (int) INT.get(bytes, i + 1) & 0xffff_ffffL;
            long length = (int) INT.get(bytes, i + 5 + id) & 0xffff_ffffL;
            long next;
            boolean sampled;
            if (tag == Tag.INSTANCE_DUMP) {
                length = (int) INT.get(bytes, i + 5 + 2 * id) & 0xffff_ffffL;
                next = at + 9 + 2L * id + length;
                if (next > limit) {
                    break;
                }
                if (address - before >>> FAR_BITS != 0 || --untilAnchor == 0) {
                    untilAnchor = ObjectAnchors.reach();
                    if (!meet(address, base + at)) {
                        at = next;
                        continue;
                    }
                }
                long classId = id(bytes, i + 5 + id);
                if (classId != ofClass || row < 0) {
                    row = instances.row(classId);
                    ofClass = classId;
                }
                long[] rows = instances.rows();
                rows[row + ClassTally.COUNT]++;
                sampled = AddressSample.hash(address) <= rows[row + ClassTally.THRESHOLD];
                if (length != rows[row + ClassTally.LENGTH]) {
                    unusual(row, length, bytes, i + 9 + 2 * id);
                }
            } else if (tag == Tag.PRIMITIVE_ARRAY_DUMP) {
                int type = bytes[i + 9 + id];
                if (!BasicType.isPrimitive(type)) {
                    break;
                }
                next = at + 10 + id + length * BasicType.bytes(type, id);
                if (next > limit) {
                    break;
                }
                if (address - before >>> FAR_BITS != 0 || --untilAnchor == 0) {
                    untilAnchor = ObjectAnchors.reach();
                    if (!meet(address, base + at)) {
                        at = next;
                        continue;
                    }
                }
                sampled = arrays.primitive(type, address, length);
            } else if (tag == Tag.OBJECT_ARRAY_DUMP) {
                next = at + 9 + 2L * id + length * id;
                if (next > limit) {
                    break;
                }
                if (address - before >>> FAR_BITS != 0 || --untilAnchor == 0) {
                    untilAnchor = ObjectAnchors.reach();
                    if (!meet(address, base + at)) {
                        at = next;
                        continue;
                    }
                }
                sampled = arrays.object(id(bytes, i + 9 + id), address, length);
            } else {
                break;
            }
            before = address;
            if (sampled) {
                await(bytes, i, address, length);
                before = NOTHING_NEAR;
            }
            at = next;
        }
        previous = before;
        lastClass = ofClass;
        lastRow = row;
        return at;
    }

    private long id(byte[] bytes, int i) {
        return idBytes == 8 ? (long) LONG.get(bytes, i) : (int) INT.get(bytes, i) & 0xffff_ffffL;
    }

    private void unusual(int row, long length, byte[] bytes, int values) {
        if (instances.rows()[row + ClassTally.LENGTH] == ClassTally.EACH) {
            chunks.add(bytes, values, length);
        } else {
            instances.length(row, length, 1);
        }
    }

    /** The next object will say what follows this one. */
    private void await(byte[] bytes, int i, long address, long length) {
        if (bytes[i] == Tag.INSTANCE_DUMP) {
            await(RecordBlock.INSTANCE, address, id(bytes, i + 5 + idBytes));
        } else {
            await(bytes[i] == Tag.OBJECT_ARRAY_DUMP ? BasicType.OBJECT : bytes[i + 9 + idBytes], address, length);
        }
    }

    private void await(int kind, long address, long value) {
        unit.waiting = true;
        unit.waitingKind = kind;
        unit.waitingAddress = address;
        unit.waitingValue = value;
    }

    /** An object that is not near the one before it, or comes first, or is waited for; false if it is none. */
    private boolean meet(long address, long offset) {
        if (address == 0) {
            return false;
        }
        if (unit.anchors != null) {
            unit.anchors.mark(address, offset);
        }
        if (unit.waiting) {
            resolve(unit, address);
        }
        if (unit.firstAddress == 0) {
            unit.firstAddress = address;
        }
        return true;
    }

    /** Takes the object that waits into its sample. */
    void resolve(CountedUnit of, long next) {
        of.waiting = false;
        if (of.waitingKind == RecordBlock.INSTANCE) {
            instances.sample(instances.row(of.waitingValue), of.waitingAddress, next);
        } else {
            arrays.sample(of.waitingKind, of.waitingAddress, of.waitingValue, next);
        }
    }

    @Override
    public void root(int tag, long address, int threadSerial, int detail) {
        unit.roots.add(tag, address, threadSerial, detail);
    }

    @Override
    public void classDump(long address, long offset, RecordInput in) throws IOException {
        if (address != 0) {
            unit.classes.add(ClassRecord.parse(address, offset, in, ClassRecord.Values.IGNORED));
        }
    }

    @Override
    public void instance(long address, long offset, long classId, long length, RecordInput in) throws IOException {
        if (!meet(address, offset)) {
            return;
        }
        int row = instances.row(classId);
        lastRow = -1;
        long[] rows = instances.rows();
        rows[row + ClassTally.COUNT]++;
        if (rows[row + ClassTally.LENGTH] != length) {
            byte[] values = new byte[StackChunkTally.LOOKED_AT];
            int n = (int) Math.min(length, StackChunkTally.LOOKED_AT);
            if (in.require(n)) {
                System.arraycopy(in.bytes(n), 0, values, 0, n);
            }
            unusual(row, length, values, 0);
        }
        sample(AddressSample.hash(address) <= rows[row + ClassTally.THRESHOLD], RecordBlock.INSTANCE, address, classId);
    }

    private void sample(boolean sampled, int kind, long address, long value) {
        previous = address;
        if (sampled) {
            await(kind, address, value);
            previous = NOTHING_NEAR;
        }
    }

    @Override
    public void objectArray(long address, long offset, long classId, long length, RecordInput in) {
        if (meet(address, offset)) {
            sample(arrays.object(classId, address, length), BasicType.OBJECT, address, length);
        }
    }

    @Override
    public void primitiveArray(long address, long offset, int elementType, long length) {
        if (meet(address, offset)) {
            sample(arrays.primitive(elementType, address, length), elementType, address, length);
        }
    }

    @Override
    public void block(RecordBlock block, RecordInput in) {
        throw new UnsupportedOperationException();
    }
}
