package dev.holdfast.testkit;

import java.util.List;

/** The content of one CLASS_DUMP sub-record, every slot free to choose. */
public record ClassDump(
        long id,
        int traceSerial,
        long superId,
        long loaderId,
        long signersId,
        long protectionDomainId,
        long reserved1,
        long reserved2,
        int instanceSize,
        List<Constant> constants,
        List<Static> statics,
        List<Field> fields) {

    /** One constant pool entry; only the old agent writes them. The value is written in the type's width. */
    public record Constant(int index, HprofType type, long value) {}

    /** One static field; the value holds an id or the raw bits of a primitive. */
    public record Static(long nameId, HprofType type, long value) {}

    /** One declared instance field. */
    public record Field(long nameId, HprofType type) {}

    /** A class as HotSpot writes it: trace 1, no signers, no constants. */
    public static ClassDump of(
            long id, long superId, long loaderId, int instanceSize, List<Static> statics, List<Field> fields) {
        return new ClassDump(id, 1, superId, loaderId, 0, 0, 0, 0, instanceSize, List.of(), statics, fields);
    }

    /** Bytes of the sub-record without its tag. */
    int size(int idSize) {
        int size = 7 * idSize + 8 + 2 + 2 + 2;
        for (Constant constant : constants) {
            size += 3 + constant.type().width(idSize);
        }
        for (Static field : statics) {
            size += idSize + 1 + field.type().width(idSize);
        }
        return size + fields.size() * (idSize + 1);
    }
}
