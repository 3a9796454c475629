package dev.holdfast.dump.hprof;

import dev.holdfast.dump.ObjectSink;
import dev.holdfast.dump.io.LongList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The first pass over a chunk: hands the objects to a sink and keeps what is needed later: classes, roots, places, and
 * the addresses from which sizes are inferred.
 */
final class ObjectPass implements HeapRecordHandler {
    /** Classes without any record that are remembered, so that a hostile file cannot make us remember millions. */
    private static final int MAX_STRAY_CLASSES = 10_000;

    /** What one chunk held. */
    static final class Found {
        final List<ClassRecord> classes = new ArrayList<>();
        final RootRecords roots = new RootRecords();
        final ObjectAnchors anchors = new ObjectAnchors();
        /** Identifiers of classes that have instances but no LOAD_CLASS. */
        final java.util.TreeSet<Long> strayClasses = new java.util.TreeSet<>();
        /** Places where the chunk can be cut into smaller ones. */
        final LongList splits = new LongList();

        long instances;
        long arrays;
        /** Elements of arrays of references. */
        long arrayElements;

        final ReferenceWidthHint widthHint = new ReferenceWidthHint();
    }

    private final ClassNumbers numbers;
    private final LayoutEvidence evidence;
    private final UsedTypes used;
    private final ObjectSink sink;
    private final Found found = new Found();
    private long splitAt;

    /**
     * A pass over one chunk.
     *
     * @param start offset where the chunk begins
     */
    ObjectPass(ClassNumbers numbers, LayoutEvidence evidence, UsedTypes used, ObjectSink sink, long start) {
        this.numbers = numbers;
        this.evidence = evidence;
        this.used = used;
        this.sink = sink;
        this.splitAt = start + 2 * Chunk.BYTES;
    }

    Found found() {
        return found;
    }

    @Override
    public void root(int tag, long address, int threadSerial, int detail) {
        found.roots.add(tag, address, threadSerial, detail);
    }

    @Override
    public void classDump(long address, long offset, RecordInput in) throws IOException {
        if (address == 0) {
            return;
        }
        found.classes.add(ClassRecord.parse(address, offset, in, ClassRecord.Values.IGNORED));
        evidence.object(address);
        sink.object(address, -1, 0);
    }

    @Override
    public void block(RecordBlock block, RecordInput in) {
        split(block);
        anchor(block);
        note(block);
        pass(block);
    }

    private void split(RecordBlock block) {
        if (block.offset(block.size() - 1) >= splitAt) {
            for (int i = 0; i < block.size(); i++) {
                split(block.offset(i));
            }
        }
    }

    private void anchor(RecordBlock block) {
        ObjectAnchors anchors = found.anchors;
        for (int i = 0; i < block.size(); i++) {
            anchors.add(block.address(i), block.offset(i));
        }
    }

    private void note(RecordBlock block) {
        for (int i = 0; i < block.size(); i++) {
            long address = block.address(i);
            int kind = block.kind(i);
            if (kind == RecordBlock.INSTANCE) {
                noteInstance(address, block.classId(i));
            } else if (kind == BasicType.OBJECT) {
                noteObjectArray(address, block.classId(i), block.count(i));
            } else {
                notePrimitiveArray(address, kind, block.count(i));
            }
        }
    }

    private void pass(RecordBlock block) {
        for (int i = 0; i < block.size(); i++) {
            sink.object(block.address(i), block.classId(i), block.kind(i) == RecordBlock.INSTANCE ? 0 : block.count(i));
        }
    }

    private void noteInstance(long address, long classId) {
        found.instances++;
        int number = number(classId);
        if (number >= 0) {
            evidence.instance(number, address);
        } else {
            evidence.object(address);
        }
    }

    private void noteObjectArray(long address, long classId, long count) {
        found.arrays++;
        found.arrayElements += count;
        found.widthHint.array(address, count);
        number(classId);
        evidence.objectArray(address, count);
    }

    private void notePrimitiveArray(long address, int elementType, long count) {
        found.arrays++;
        used.primitive(elementType);
        evidence.primitiveArray(elementType, address, count);
    }

    @Override
    public void instance(long address, long offset, long classId, long bytes, RecordInput in) {
        if (address == 0) {
            return;
        }
        split(offset);
        found.anchors.add(address, offset);
        noteInstance(address, classId);
        sink.object(address, classId, 0);
    }

    @Override
    public void objectArray(long address, long offset, long classId, long count, RecordInput in) {
        if (address == 0) {
            return;
        }
        split(offset);
        found.anchors.add(address, offset);
        noteObjectArray(address, classId, count);
        sink.object(address, classId, count);
    }

    @Override
    public void primitiveArray(long address, long offset, int elementType, long count) {
        if (address == 0) {
            return;
        }
        split(offset);
        found.anchors.add(address, offset);
        notePrimitiveArray(address, elementType, count);
        sink.object(address, elementType, count);
    }

    private void split(long offset) {
        if (offset >= splitAt) {
            found.splits.add(offset);
            splitAt = offset + 2 * Chunk.BYTES;
        }
    }

    private int number(long classId) {
        int number = numbers.of(classId);
        if (number >= 0) {
            used.classNumber(number);
        } else if (found.strayClasses.size() < MAX_STRAY_CLASSES) {
            found.strayClasses.add(classId);
        }
        return number;
    }
}
