package dev.holdfast.dump.hprof;

import dev.holdfast.dump.DumpFile.NamedReference;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.dump.ValueType;
import dev.holdfast.dump.io.ByteSource;
import dev.holdfast.dump.io.DamageReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads single objects at random; thread-safe, each call has a cursor of its own, which keeps what it read last.
 */
final class ObjectReader {
    /**
     * Roots, classes and segments between the objects of a run, which unmounted virtual threads have: 64 of them with 100
     * locals each. So no file makes one look-up read all of it.
     */
    private static final int MOST_BETWEEN = 1 << 13;

    /** An anchor's objects, see {@link ObjectAnchors#reach}. */
    private static final int MOST_AT_ONCE = 64;

    private static final long[] NO_ELEMENTS = {};
    private static final HeapRecords WALKER = new HeapRecords(DamageReport.SILENT, Progress.NONE);

    private final ByteSource source;
    private final int idBytes;
    private final ClassTable classes;
    private final ObjectAnchors anchors;
    private final FileLayout.Segment[] segments;
    private final Queue<Cursor> idle = new ConcurrentLinkedQueue<>();

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

    /** What one look-up at a time works with. */
    private record Cursor(RecordInput in, RecordBlock block) {}

    /** Where an object's record is and what its fixed part says. */
    private static final class Found implements HeapRecordHandler {
        private final long wanted;
        private int objects;
        private int between;
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
            if (address != wanted) {
                return false;
            }
            offset = at;
            return true;
        }

        @Override
        public void root(int tag, long address, int threadSerial, int detail) {
            between++;
        }

        @Override
        public void classDump(long address, long at, RecordInput in) {
            between++;
            if (met(address, at)) {
                isClass = true;
                body = in.position();
            }
        }

        @Override
        public void instance(long address, long at, long id, long bytes, RecordInput in) {
            instance(address, at, id, bytes, in.position());
        }

        private void instance(long address, long at, long id, long bytes, long values) {
            objects++;
            if (met(address, at)) {
                classId = id;
                count = bytes;
                body = values;
            }
        }

        @Override
        public void objectArray(long address, long at, long id, long elements, RecordInput in) {
            objectArray(address, at, id, elements, in.position());
        }

        private void objectArray(long address, long at, long id, long elements, long first) {
            objects++;
            if (met(address, at)) {
                classId = id;
                elementType = BasicType.OBJECT;
                count = elements;
                body = first;
            }
        }

        @Override
        public void primitiveArray(long address, long at, int type, long elements) {
            objects++;
            if (met(address, at)) {
                elementType = type;
                count = elements;
                body = at;
            }
        }

        @Override
        public void block(RecordBlock block, RecordInput in) {
            for (int i = 0; i < block.size() && !done(); i++) {
                if (block.kind(i) == RecordBlock.INSTANCE) {
                    instance(block.address(i), block.offset(i), block.classId(i), block.count(i), block.body(i, in));
                } else if (block.kind(i) == BasicType.OBJECT) {
                    objectArray(block.address(i), block.offset(i), block.classId(i), block.count(i), block.body(i, in));
                } else {
                    primitiveArray(block.address(i), block.offset(i), block.kind(i), block.count(i));
                }
            }
        }

        @Override
        public boolean done() {
            return offset >= 0 || objects > ObjectAnchors.reach() || between > MOST_BETWEEN;
        }
    }

    /** What is done at an object that was found. */
    private interface Reading<T> {
        T read(Found found, RecordInput in) throws IOException;
    }

    /** Finds an object and reads it with a cursor that nobody else has; {@code otherwise} if there is none. */
    private <T> T reading(long address, T otherwise, Reading<T> reading) throws IOException {
        Cursor pooled = idle.poll();
        Cursor cursor = pooled == null
                ? new Cursor(new RecordInput(source, idBytes, 0), new RecordBlock(MOST_AT_ONCE))
                : pooled;
        try {
            Found found = find(address, cursor);
            if (found == null) {
                return otherwise;
            }
            cursor.in.seek(found.body);
            return reading.read(found, cursor.in);
        } finally {
            idle.add(cursor);
        }
    }

    private @Nullable Found find(long address, Cursor cursor) throws IOException {
        int type = classes.typeOf(address);
        if (type > 0 && classes.dumped(type - 1)) {
            Found found = walkFrom(classes.record(type - 1).offset, address, cursor);
            if (found != null) {
                return found;
            }
        }
        int anchor = anchors.atOrBelow(address);
        for (int tries = 0; anchor >= 0 && tries < ObjectAnchors.TRIES; tries++, anchor--) {
            Found found = walkFrom(anchors.offset(anchor), address, cursor);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Found walkFrom(long offset, long address, Cursor cursor) throws IOException {
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
        // Runs go on across segments, and an anchor's objects may be in the next few.
        Found found = new Found(address);
        long start = offset;
        for (int i = low; i < segments.length && !found.done(); i++) {
            WALKER.walk(cursor.in, start, segments[i].end(), segments[i].end(), cursor.block, 1, found);
            found.between++;
            if (i + 1 < segments.length) {
                start = segments[i + 1].start();
            }
        }
        return found.offset >= 0 ? found : null;
    }

    /** The object at the address, or null. */
    @Nullable
    RecordedObject read(long address) throws IOException {
        return reading(address, Optional.<RecordedObject>empty(), (found, in) -> Optional.of(read(found, in)))
                .orElse(null);
    }

    private RecordedObject read(Found found, RecordInput in) throws IOException {
        if (found.isClass) {
            return classObject(found, in);
        }
        if (found.elementType != 0) {
            int type = found.elementType == BasicType.OBJECT
                    ? classes.typeOf(found.classId)
                    : classes.primitiveType(found.elementType);
            return new RecordedObject(found.wanted, type, found.count, List.of(), found.offset);
        }
        return instance(found, classes.typeOf(found.classId), in);
    }

    private RecordedObject classObject(Found found, RecordInput in) throws IOException {
        List<FieldValue> values = new ArrayList<>();
        int type = classes.typeOf(found.wanted);
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

    private RecordedObject instance(Found found, int type, RecordInput in) throws IOException {
        List<FieldValue> values = new ArrayList<>();
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
        return reading(address, List.of(), (found, in) -> references(found, limit, in));
    }

    private List<NamedReference> references(Found found, int limit, RecordInput in) throws IOException {
        List<NamedReference> references = new ArrayList<>();
        if (found.elementType == BasicType.OBJECT) {
            for (long i = 0; i < found.count && references.size() < limit; i++) {
                if (!in.require(idBytes)) {
                    break;
                }
                add(references, "[]", in.id(), limit);
            }
            return references;
        }
        if (found.isClass) {
            ClassRecord record = classes.record(classes.typeOf(found.wanted) - 1);
            add(references, "<super>", record.superId, limit);
            add(references, "<loader>", record.loaderId, limit);
            add(references, "<signers>", record.signersId, limit);
            add(references, "<protection domain>", record.domainId, limit);
            for (long other : record.otherReferences) {
                add(references, "<constant pool>", other, limit);
            }
        }
        for (FieldValue field : read(found, in).fields()) {
            if (field.type() == ValueType.REFERENCE) {
                add(references, found.isClass ? "static " + field.name() : field.name(), field.bits(), limit);
            }
        }
        return references;
    }

    private static void add(List<NamedReference> references, String name, long target, int limit) {
        if (target != 0 && references.size() < limit) {
            references.add(new NamedReference(name, target));
        }
    }

    /** Elements of an array. */
    long[] elements(long address, long from, int count) throws IOException {
        return reading(address, NO_ELEMENTS, (found, in) -> elements(found, from, count, in));
    }

    private long[] elements(Found found, long from, int count, RecordInput in) throws IOException {
        if (found.elementType == 0 || from < 0 || from >= found.count) {
            return NO_ELEMENTS;
        }
        in.seek(found.offset);
        if (!in.require(1) || in.u1() == Tag.PRIMITIVE_ARRAY_NODATA) {
            return NO_ELEMENTS;
        }
        int width = BasicType.bytes(found.elementType, idBytes);
        long body = found.elementType == BasicType.OBJECT ? found.body : found.offset + 1 + idBytes + 9;
        in.seek(body + from * width);
        int n = (int) Math.max(0, Math.min(count, found.count - from));
        long[] values = new long[n];
        for (int i = 0; i < n; i++) {
            if (!in.require(width)) {
                return Arrays.copyOf(values, i);
            }
            values[i] = in.value(found.elementType);
        }
        return values;
    }
}
