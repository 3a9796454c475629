package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpFile.NamedReference;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.dump.ValueType;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.io.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads single objects at random; thread-safe, each call has a cursor of its own. */
final class ObjectReader {
    private final ByteSource source;
    private final int idBytes;
    private final ClassTable classes;
    private final ObjectAnchors anchors;
    private final FileLayout.Segment[] segments;

    ObjectReader(
            ByteSource source,
            int idBytes,
            ClassTable classes,
            ObjectAnchors anchors,
            List<FileLayout.Segment> segments) {
        this.source = source;
        this.idBytes = idBytes;
        this.classes = classes;
        this.anchors = anchors;
        this.segments = segments.toArray(new FileLayout.Segment[0]);
    }

    /** Where an object's record is and what its fixed part says. */
    private static final class Found implements HeapRecordHandler {
        private final long wanted;
        private int objects;
        private long offset = -1;
        private long body;
        private long classId;
        private int elementType;
        private long count;
        private boolean isClass;

        Found(long wanted) {
            this.wanted = wanted;
        }

        private boolean met(long address, long at) {
            objects++;
            if (address != wanted) {
                return false;
            }
            offset = at;
            return true;
        }

        @Override
        public void root(int tag, long address, int threadSerial, int detail) {}

        @Override
        public void classDump(long address, long at, RecordInput in) {
            if (met(address, at)) {
                isClass = true;
                body = in.position();
            }
        }

        @Override
        public void instance(long address, long at, long id, long bytes, RecordInput in) {
            if (met(address, at)) {
                classId = id;
                count = bytes;
                body = in.position();
            }
        }

        @Override
        public void objectArray(long address, long at, long id, long elements, RecordInput in) {
            if (met(address, at)) {
                classId = id;
                elementType = BasicType.OBJECT;
                count = elements;
                body = in.position();
            }
        }

        @Override
        public void primitiveArray(long address, long at, int type, long elements) {
            if (met(address, at)) {
                elementType = type;
                count = elements;
            }
        }

        @Override
        public boolean done() {
            return offset >= 0 || objects > ObjectAnchors.reach();
        }
    }

    private @Nullable Found find(long address) throws IOException {
        int type = classes.typeOf(address);
        if (type > 0 && classes.dumped(type - 1)) {
            Found found = walkFrom(classes.record(type - 1).offset, address);
            if (found != null) {
                return found;
            }
        }
        int anchor = anchors.atOrBelow(address);
        for (int tries = 0; anchor >= 0 && tries < ObjectAnchors.TRIES; tries++, anchor--) {
            Found found = walkFrom(anchors.offset(anchor), address);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Found walkFrom(long offset, long address) throws IOException {
        int low = 0;
        int high = segments.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments[middle].start() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        // Runs go on across segments, and an anchor's objects may be in the next two or three.
        Found found = new Found(address);
        RecordInput in = new RecordInput(source, idBytes, offset);
        HeapRecords walker = new HeapRecords(new DamageReport(source.name(), false, new Warnings()), Progress.NONE);
        long start = offset;
        for (int i = low; i < segments.length && !found.done(); i++) {
            walker.walk(in, start, segments[i].end(), segments[i].end(), found);
            if (i + 1 < segments.length) {
                start = segments[i + 1].start();
            }
        }
        return found.offset >= 0 ? found : null;
    }

    /** The object at the address, or null. */
    @Nullable
    RecordedObject read(long address) throws IOException {
        Found found = find(address);
        if (found == null) {
            return null;
        }
        if (found.isClass) {
            return classObject(found);
        }
        if (found.elementType != 0) {
            int type = found.elementType == BasicType.OBJECT
                    ? classes.typeOf(found.classId)
                    : classes.primitiveType(found.elementType);
            return new RecordedObject(address, type, found.count, List.of(), found.offset);
        }
        return instance(found, classes.typeOf(found.classId));
    }

    private RecordedObject classObject(Found found) throws IOException {
        List<FieldValue> values = new ArrayList<>();
        int type = classes.typeOf(found.wanted);
        RecordInput in = new RecordInput(source, idBytes, found.body);
        String name = classes.types().get(type).name();
        var statics = classes.types().get(type).statics();
        ClassRecord.parse(found.wanted, found.offset, in, new ClassRecord.Values() {
            @Override
            public void constant(long value) {}

            @Override
            public void staticField(int index, int code, long value) {
                String field = index < statics.size() ? statics.get(index).name() : "?";
                values.add(new FieldValue(field, name, BasicType.valueType(code), value));
            }
        });
        return new RecordedObject(found.wanted, classes.javaLangClass(), 0, values, found.offset);
    }

    private RecordedObject instance(Found found, int type) throws IOException {
        List<FieldValue> values = new ArrayList<>();
        RecordInput in = new RecordInput(source, idBytes, found.body);
        long left = found.count;
        int limit = classes.shape(type).bytes();
        int at = type;
        var types = classes.types();
        outer:
        for (long done = 0; at > 0 && done < limit; at = types.get(at).superType()) {
            ClassRecord part = classes.record(at - 1);
            for (int i = 0; i < part.fieldTypes.length; i++) {
                int code = part.fieldTypes[i];
                int width = BasicType.bytes(code, idBytes);
                if (left < width || !in.require(width)) {
                    break outer;
                }
                values.add(new FieldValue(
                        types.get(at).fields().get(i).name(),
                        types.get(at).name(),
                        BasicType.valueType(code),
                        in.value(code)));
                left -= width;
                done += width;
            }
        }
        return new RecordedObject(found.wanted, type, 0, values, found.offset);
    }

    /** References of an object with names, at most {@code limit}. */
    List<NamedReference> references(long address, int limit) throws IOException {
        Found found = find(address);
        List<NamedReference> references = new ArrayList<>();
        if (found == null) {
            return references;
        }
        if (found.elementType == BasicType.OBJECT) {
            RecordInput in = new RecordInput(source, idBytes, found.body);
            for (long i = 0; i < found.count && references.size() < limit; i++) {
                if (!in.require(idBytes)) {
                    break;
                }
                add(references, "[]", in.id(), limit);
            }
            return references;
        }
        if (found.isClass) {
            ClassRecord record = classes.record(classes.typeOf(address) - 1);
            add(references, "<super>", record.superId, limit);
            add(references, "<loader>", record.loaderId, limit);
            add(references, "<signers>", record.signersId, limit);
            add(references, "<protection domain>", record.domainId, limit);
            for (long other : record.otherReferences) {
                add(references, "<constant pool>", other, limit);
            }
        }
        RecordedObject object = read(address);
        if (object != null) {
            for (FieldValue field : object.fields()) {
                if (field.type() == ValueType.REFERENCE) {
                    add(references, found.isClass ? "static " + field.name() : field.name(), field.bits(), limit);
                }
            }
        }
        return references;
    }

    private static void add(List<NamedReference> references, String name, long target, int limit) {
        if (target != 0 && references.size() < limit) {
            references.add(new NamedReference(name, target));
        }
    }

    /** Elements of a primitive array. */
    long[] elements(long address, long from, int count) throws IOException {
        Found found = find(address);
        if (found == null || !BasicType.isPrimitive(found.elementType) || from < 0 || from >= found.count) {
            return new long[0];
        }
        int width = BasicType.bytes(found.elementType, idBytes);
        long body = found.offset + 1 + idBytes + 9;
        int n = (int) Math.min(count, found.count - from);
        RecordInput in = new RecordInput(source, idBytes, body + from * width);
        long[] values = new long[Math.max(0, n)];
        for (int i = 0; i < values.length; i++) {
            if (!in.require(width)) {
                return java.util.Arrays.copyOf(values, i);
            }
            values[i] = in.value(found.elementType);
        }
        return values;
    }
}
