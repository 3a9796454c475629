package dev.holdfast.dump.hprof;

import java.io.IOException;
import java.util.Arrays;

/**
 * A CLASS_DUMP sub-record, parsed (hprof.md 1.4). References of the class object are kept, its numbers are not.
 */
final class ClassRecord {
    final long id;
    final long offset;
    final long superId;
    final long loaderId;
    final long signersId;
    final long domainId;
    final long instanceBytes;
    /** References in the constant pool and the two reserved words: only old writers fill them. */
    final long[] otherReferences;

    final long[] staticNames;
    final byte[] staticTypes;
    final long[] fieldNames;
    final byte[] fieldTypes;

    private ClassRecord(
            long id,
            long offset,
            long superId,
            long loaderId,
            long signersId,
            long domainId,
            long instanceBytes,
            long[] otherReferences,
            long[] staticNames,
            byte[] staticTypes,
            long[] fieldNames,
            byte[] fieldTypes) {
        this.id = id;
        this.offset = offset;
        this.superId = superId;
        this.loaderId = loaderId;
        this.signersId = signersId;
        this.domainId = domainId;
        this.instanceBytes = instanceBytes;
        this.otherReferences = otherReferences;
        this.staticNames = staticNames;
        this.staticTypes = staticTypes;
        this.fieldNames = fieldNames;
        this.fieldTypes = fieldTypes;
    }

    /** A class of which only the identifier is known. */
    static ClassRecord unknown(long id) {
        return new ClassRecord(id, -1, 0, 0, 0, 0, 0, new long[0], new long[0], new byte[0], new long[0], new byte[0]);
    }

    /** Receives the values of static fields and other references while a record is parsed. */
    interface Values {
        /** Wants none of them. */
        Values IGNORED = new Values() {
            @Override
            public void constant(long value) {}

            @Override
            public void staticField(int index, int type, long value) {}
        };

        void constant(long value);

        void staticField(int index, int type, long value);
    }

    /**
     * Length of the body behind the class identifier, with the input standing there; -1 if it is cut or holds an unknown
     * type.
     */
    static long bodyLength(RecordInput in, long segmentEnd) throws IOException {
        int id = in.idBytes();
        long start = in.position();
        long at = start + 6L * id + 8;
        if (at + 2 > segmentEnd) {
            return -1;
        }
        in.seek(at);
        if (!in.require(2)) {
            return -1;
        }
        at += 2;
        for (int n = in.u2(); n > 0; n--) {
            in.seek(at);
            if (at + 3 > segmentEnd || !in.require(3)) {
                return -1;
            }
            in.skipGranted(2);
            int type = in.u1();
            if (!BasicType.known(type)) {
                return -1;
            }
            at += 3 + BasicType.bytes(type, id);
        }
        in.seek(at);
        if (at + 2 > segmentEnd || !in.require(2)) {
            return -1;
        }
        at += 2;
        for (int n = in.u2(); n > 0; n--) {
            in.seek(at);
            if (at + id + 1 > segmentEnd || !in.require(id + 1)) {
                return -1;
            }
            in.skipGranted(id);
            int type = in.u1();
            if (!BasicType.known(type)) {
                return -1;
            }
            at += id + 1 + BasicType.bytes(type, id);
        }
        in.seek(at);
        if (at + 2 > segmentEnd || !in.require(2)) {
            return -1;
        }
        int fields = in.u2();
        at += 2;
        for (int i = 0; i < fields; i++) {
            in.seek(at);
            if (at + id + 1 > segmentEnd || !in.require(id + 1)) {
                return -1;
            }
            in.skipGranted(id);
            if (!BasicType.known(in.u1())) {
                return -1;
            }
            at += id + 1;
        }
        return at > segmentEnd ? -1 : at - start;
    }

    /** Parses a record that {@link #bodyLength} found whole; the input stands behind the class identifier. */
    static ClassRecord parse(long classId, long offset, RecordInput in, Values values) throws IOException {
        int id = in.idBytes();
        in.require(6 * id + 10);
        in.skipGranted(4);
        long superId = in.id();
        long loaderId = in.id();
        long signersId = in.id();
        long domainId = in.id();
        long[] other = {in.id(), in.id()};
        long instanceBytes = in.u4();
        int others = 2;
        int constants = in.u2();
        for (int i = 0; i < constants; i++) {
            in.require(3 + 8);
            in.skipGranted(2);
            int type = in.u1();
            long value = in.value(type);
            if (BasicType.isReference(type)) {
                if (others == other.length) {
                    other = Arrays.copyOf(other, others * 2);
                }
                other[others++] = value;
                values.constant(value);
            }
        }
        in.require(2);
        int statics = in.u2();
        long[] staticNames = new long[Math.min(statics, 1024)];
        byte[] staticTypes = new byte[staticNames.length];
        for (int i = 0; i < statics; i++) {
            if (i == staticNames.length) {
                staticNames = Arrays.copyOf(staticNames, statics);
                staticTypes = Arrays.copyOf(staticTypes, statics);
            }
            in.require(id + 1 + 8);
            staticNames[i] = in.id();
            staticTypes[i] = (byte) in.u1();
            values.staticField(i, staticTypes[i], in.value(staticTypes[i]));
        }
        in.require(2);
        int fields = in.u2();
        long[] fieldNames = new long[Math.min(fields, 1024)];
        byte[] fieldTypes = new byte[fieldNames.length];
        for (int i = 0; i < fields; i++) {
            if (i == fieldNames.length) {
                fieldNames = Arrays.copyOf(fieldNames, fields);
                fieldTypes = Arrays.copyOf(fieldTypes, fields);
            }
            in.require(id + 1);
            fieldNames[i] = in.id();
            fieldTypes[i] = (byte) in.u1();
        }
        return new ClassRecord(
                classId,
                offset,
                superId,
                loaderId,
                signersId,
                domainId,
                instanceBytes,
                Arrays.copyOf(other, others),
                staticNames,
                staticTypes,
                fieldNames,
                fieldTypes);
    }
}
