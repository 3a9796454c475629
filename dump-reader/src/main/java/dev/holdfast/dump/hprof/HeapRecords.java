package dev.holdfast.dump.hprof;

import dev.holdfast.dump.Progress;
import java.io.IOException;

/**
 * Walks the sub-records of heap records.
 *
 * <p>Nothing in a heap record allows to find the next sub-record after an unknown one, so what is left of that segment is
 * skipped and counted; the next segment begins at a known place (hprof.md 1.3).
 */
final class HeapRecords {
    private static final int CHECK_EVERY = 1 << 16;

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
     */
    void walk(RecordInput in, long start, long end, long segmentEnd, HeapRecordHandler handler) throws IOException {
        int id = in.idBytes();
        long next = start;
        int sinceCheck = 0;
        while (next < end) {
            if (++sinceCheck == CHECK_EVERY) {
                sinceCheck = 0;
                progress.check();
            }
            long offset = next;
            in.seek(offset);
            // The longest fixed part is that of an instance: tag, two identifiers, two numbers.
            int fixed = 9 + 2 * id;
            if (!in.require(fixed) && !in.require(1)) {
                return;
            }
            int tag = in.u1();
            long left = segmentEnd - offset - 1;
            int head = fixedBytes(tag, id);
            if (head < 0) {
                damage.loss(
                        "unknown-sub-record",
                        offset,
                        "a heap sub-record of unknown type 0x" + Integer.toHexString(tag)
                                + "; the rest of its segment cannot be read",
                        segmentEnd - offset);
                return;
            }
            if (head > left || !in.require(head)) {
                cut(tag, offset, segmentEnd);
                return;
            }
            long body = offset + 1 + head;
            long length = 0;
            switch (tag) {
                case Tag.INSTANCE_DUMP: {
                    long address = in.id();
                    in.skipGranted(4);
                    long classId = in.id();
                    length = in.u4();
                    if (length > segmentEnd - body) {
                        cut(tag, offset, segmentEnd);
                        return;
                    }
                    handler.instance(address, offset, classId, length, in);
                    break;
                }
                case Tag.OBJECT_ARRAY_DUMP: {
                    long address = in.id();
                    in.skipGranted(4);
                    long count = in.u4();
                    long classId = in.id();
                    length = count * id;
                    if (length > segmentEnd - body) {
                        cut(tag, offset, segmentEnd);
                        return;
                    }
                    handler.objectArray(address, offset, classId, count, in);
                    break;
                }
                case Tag.PRIMITIVE_ARRAY_DUMP:
                case Tag.PRIMITIVE_ARRAY_NODATA: {
                    long address = in.id();
                    in.skipGranted(4);
                    long count = in.u4();
                    int type = in.u1();
                    if (!BasicType.isPrimitive(type)) {
                        damage.loss(
                                "bad-element-type",
                                offset,
                                "a primitive array of unknown element type " + type
                                        + "; the rest of its segment cannot be read",
                                segmentEnd - offset);
                        return;
                    }
                    length = tag == Tag.PRIMITIVE_ARRAY_NODATA ? 0 : count * BasicType.bytes(type, id);
                    if (length > segmentEnd - body) {
                        cut(tag, offset, segmentEnd);
                        return;
                    }
                    handler.primitiveArray(address, offset, type, count);
                    break;
                }
                case Tag.CLASS_DUMP: {
                    long address = in.id();
                    length = ClassRecord.bodyLength(in, segmentEnd);
                    if (length < 0) {
                        cut(tag, offset, segmentEnd);
                        return;
                    }
                    in.seek(body);
                    handler.classDump(address, offset, in);
                    break;
                }
                case Tag.HEAP_DUMP_INFO:
                    break;
                default:
                    root(tag, in, handler);
            }
            next = body + length;
            if (handler.done()) {
                return;
            }
        }
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

    private void cut(int tag, long offset, long segmentEnd) throws IOException {
        damage.loss(
                "cut-sub-record",
                offset,
                "a heap sub-record of type 0x" + Integer.toHexString(tag) + " reaches beyond the end of its segment",
                segmentEnd - offset);
    }
}
