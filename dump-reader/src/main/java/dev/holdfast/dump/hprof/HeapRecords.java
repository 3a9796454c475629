package dev.holdfast.dump.hprof;

import dev.holdfast.dump.Progress;
import dev.holdfast.dump.io.DamageReport;
import java.io.IOException;

/**
 * Walks the sub-records of heap records.
 *
 * <p>Nothing in a heap record allows to find the next sub-record after an unknown one, so what is left of that segment is
 * skipped and counted; the next segment begins at a known place (hprof.md 1.3).
 */
final class HeapRecords {
    private static final int CHECK_EVERY = 1 << 8;

    private final DamageReport damage;
    private final Progress progress;

    HeapRecords(DamageReport damage, Progress progress) {
        this.damage = damage;
        this.progress = progress;
    }

    /**
     * Walks sub-records from one place to another.
     *
     * @param start offset of a sub-record
     * @param end where the walk ends: a boundary between sub-records, or the end of the segment
     * @param segmentEnd where the segment ends; no sub-record can reach beyond
     * @param block takes the instances and arrays that can be handed over together
     * @param ahead bytes that the buffer should always have, so that few records lie across its end
     */
    void walk(
            RecordInput in,
            long start,
            long end,
            long segmentEnd,
            RecordBlock block,
            int ahead,
            HeapRecordHandler handler)
            throws IOException {
        long next = start;
        int sinceCheck = 0;
        while (next >= 0 && next < end && !handler.done()) {
            if (++sinceCheck == CHECK_EVERY) {
                sinceCheck = 0;
                progress.check();
            }
            in.seek(next);
            if (in.buffered() < ahead) {
                in.require((int) Math.min(ahead, end - next));
            }
            next = block.fill(in, next, end, segmentEnd);
            if (block.size() > 0) {
                handler.block(block, in);
            } else if (next < end) {
                long behindRoots = roots(in, next, end, handler);
                next = behindRoots > next ? behindRoots : other(in, next, segmentEnd, handler);
            }
        }
    }

    /**
     * Walks sub-records and has them counted where they lie in the buffer.
     *
     * @param ahead bytes that the buffer should always have
     */
    void walk(RecordInput in, long start, long end, long segmentEnd, ObjectCounter counter, int ahead)
            throws IOException {
        long next = start;
        while (next >= 0 && next < end) {
            progress.check();
            in.seek(next);
            if (in.buffered() < ahead) {
                in.require((int) Math.min(ahead, end - next));
            }
            long counted = counter.count(in, next, end, segmentEnd);
            if (counted == next) {
                long behindRoots = roots(in, next, end, counter);
                counted = behindRoots > next ? behindRoots : other(in, next, segmentEnd, counter);
            }
            next = counted;
        }
    }

    /** Root records that follow each other, as far as they are in the buffer; returns where the first other one begins. */
    private static long roots(RecordInput in, long offset, long end, HeapRecordHandler handler) {
        in.seek(offset);
        int id = in.idBytes();
        long next = offset;
        while (next < end && in.buffered() > 0) {
            int tag = in.u1Ahead(0);
            int head = Tag.isRoot(tag) ? fixedBytes(tag, id) : -1;
            if (head < 0 || in.buffered() <= head || next + 1 + head > end) {
                break;
            }
            in.skipGranted(1);
            root(tag, in, handler);
            next += 1 + head;
            in.seek(next);
        }
        return next;
    }

    /** Any sub-record; returns where the next one begins, or -1 if that is unknown or the segment ends. */
    private long other(RecordInput in, long offset, long segmentEnd, HeapRecordHandler handler) throws IOException {
        in.seek(offset);
        if (!in.require(1)) {
            return -1;
        }
        int id = in.idBytes();
        int tag = in.u1();
        int head = fixedBytes(tag, id);
        if (head < 0) {
            damage.loss(
                    "unknown-sub-record",
                    offset,
                    "a heap sub-record of unknown type 0x" + Integer.toHexString(tag)
                            + "; the rest of its segment cannot be read",
                    segmentEnd - offset);
            return -1;
        }
        long body = offset + 1 + head;
        if (body > segmentEnd || !in.require(head)) {
            return cut(tag, offset, segmentEnd);
        }
        switch (tag) {
            case Tag.PRIMITIVE_ARRAY_DUMP:
            case Tag.PRIMITIVE_ARRAY_NODATA:
                return primitiveArray(tag, in, offset, segmentEnd, handler);
            case Tag.INSTANCE_DUMP: {
                long bytes = in.u4Ahead(4 + 2 * id);
                if (body + bytes > segmentEnd || !in.reaches(body + bytes)) {
                    return cut(tag, offset, segmentEnd);
                }
                long address = in.idAhead(0);
                long classId = in.idAhead(4 + id);
                in.skipGranted(head);
                handler.instance(address, offset, classId, bytes, in);
                return body + bytes;
            }
            case Tag.OBJECT_ARRAY_DUMP: {
                long count = in.u4Ahead(4 + id);
                if (body + count * id > segmentEnd || !in.reaches(body + count * id)) {
                    return cut(tag, offset, segmentEnd);
                }
                long address = in.idAhead(0);
                long classId = in.idAhead(8 + id);
                in.skipGranted(head);
                handler.objectArray(address, offset, classId, count, in);
                return body + count * id;
            }
            case Tag.CLASS_DUMP: {
                long address = in.id();
                long length = ClassRecord.bodyLength(in, segmentEnd);
                if (length < 0) {
                    return cut(tag, offset, segmentEnd);
                }
                in.seek(body);
                handler.classDump(address, offset, in);
                return body + length;
            }
            case Tag.HEAP_DUMP_INFO:
                return body;
            default:
                root(tag, in, handler);
                return body;
        }
    }

    private long primitiveArray(int tag, RecordInput in, long offset, long segmentEnd, HeapRecordHandler handler)
            throws IOException {
        int id = in.idBytes();
        long address = in.id();
        long count = in.u4Ahead(4);
        int type = in.u1Ahead(8);
        if (!BasicType.isPrimitive(type)) {
            damage.loss(
                    "bad-element-type",
                    offset,
                    "a primitive array of unknown element type " + type + "; the rest of its segment cannot be read",
                    segmentEnd - offset);
            return -1;
        }
        long next = offset + 10 + id;
        if (tag == Tag.PRIMITIVE_ARRAY_DUMP) {
            next += count * BasicType.bytes(type, id);
        }
        if (next > segmentEnd || !in.reaches(next)) {
            return cut(tag, offset, segmentEnd);
        }
        handler.primitiveArray(address, offset, type, count);
        return next;
    }

    private static void root(int tag, RecordInput in, HeapRecordHandler handler) {
        long address = in.id();
        switch (tag) {
            case Tag.ROOT_JNI_LOCAL:
            case Tag.ROOT_JAVA_FRAME:
            case Tag.ROOT_THREAD_OBJ:
            case Tag.ROOT_JNI_MONITOR: {
                int serial = in.i4();
                handler.root(tag, address, serial, in.i4());
                break;
            }
            case Tag.ROOT_NATIVE_STACK:
            case Tag.ROOT_THREAD_BLOCK:
                handler.root(tag, address, in.i4(), -1);
                break;
            default:
                handler.root(tag, address, 0, -1);
        }
    }

    /** Bytes of the fixed part behind the tag, or -1 for an unknown tag (hprof.md 1.3). */
    private static int fixedBytes(int tag, int id) {
        switch (tag) {
            case Tag.INSTANCE_DUMP:
            case Tag.OBJECT_ARRAY_DUMP:
                return 2 * id + 8;
            case Tag.PRIMITIVE_ARRAY_DUMP:
            case Tag.PRIMITIVE_ARRAY_NODATA:
                return id + 9;
            case Tag.CLASS_DUMP:
            case Tag.ROOT_UNKNOWN:
            case Tag.ROOT_STICKY_CLASS:
            case Tag.ROOT_MONITOR_USED:
            case Tag.ROOT_INTERNED_STRING:
            case Tag.ROOT_FINALIZING:
            case Tag.ROOT_DEBUGGER:
            case Tag.ROOT_REFERENCE_CLEANUP:
            case Tag.ROOT_VM_INTERNAL:
            case Tag.ROOT_UNREACHABLE:
                return id;
            case Tag.ROOT_JNI_GLOBAL:
                return 2 * id;
            case Tag.ROOT_JNI_LOCAL:
            case Tag.ROOT_JAVA_FRAME:
            case Tag.ROOT_THREAD_OBJ:
            case Tag.ROOT_JNI_MONITOR:
                return id + 8;
            case Tag.ROOT_NATIVE_STACK:
            case Tag.ROOT_THREAD_BLOCK:
            case Tag.HEAP_DUMP_INFO:
                return id + 4;
            default:
                return -1;
        }
    }

    private long cut(int tag, long offset, long segmentEnd) throws IOException {
        damage.loss(
                "cut-sub-record",
                offset,
                "a heap sub-record of type 0x" + Integer.toHexString(tag) + " reaches beyond the end of its segment",
                segmentEnd - offset);
        return -1;
    }
}
