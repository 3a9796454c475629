package dev.holdfast.testkit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes HPROF records byte by byte, legal or not: nothing is checked, every length can be forged.
 *
 * <p>Heap sub-records go between {@link #beginSegment()} or {@link #beginHeapDump()} and {@link #endSegment()}, which patches the length, or between
 * {@link #beginSegmentOfLength} and nothing. With {@link #autoSegments} segments are cut as HotSpot cuts them since JDK 15 and no begin or end is
 * needed before {@link #heapDumpEnd()} or {@link #close()}. {@code int} parameters are written as unsigned 32-bit values. I/O errors are
 * {@link UncheckedIOException}. Not thread-safe; memory: 256 KiB and the segment under construction.
 */
public final class HprofWriter implements Closeable {
    public static final String V1_0_1 = "JAVA PROFILE 1.0.1";
    public static final String V1_0_2 = "JAVA PROFILE 1.0.2";
    public static final String V1_0_3 = "JAVA PROFILE 1.0.3";

    /** HotSpot's buffer of 1 MiB less a record header: the most a cut segment's body holds. */
    public static final int HOTSPOT_SEGMENT = (1 << 20) - 9;

    private final int idSize;
    private final @Nullable ByteArrayOutputStream memory;
    private final BigEndianOutput out;
    private final RecordFraming framing;

    /** Writes ids of 4 or 8 bytes to the stream, which {@link #close()} closes. */
    public HprofWriter(OutputStream stream, int idSize) {
        this(stream, idSize, null);
    }

    private HprofWriter(OutputStream stream, int idSize, @Nullable ByteArrayOutputStream memory) {
        if (idSize != 4 && idSize != 8) {
            throw new IllegalArgumentException("id size " + idSize);
        }
        this.out = new BigEndianOutput(stream);
        this.framing = new RecordFraming(out);
        this.idSize = idSize;
        this.memory = memory;
    }

    /** Writes to memory, for {@link #toByteArray()}. */
    public static HprofWriter inMemory(int idSize) {
        return inMemory(idSize, Compression.NONE);
    }

    /** Writes to memory, compressed, for {@link #toByteArray()}. */
    public static HprofWriter inMemory(int idSize, Compression compression) {
        ByteArrayOutputStream memory = new ByteArrayOutputStream();
        try {
            return new HprofWriter(compression.wrap(memory), idSize, memory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates or replaces the file. */
    public static HprofWriter toFile(Path file, int idSize, Compression compression) {
        try {
            return new HprofWriter(compression.wrap(Files.newOutputStream(file)), idSize);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes and returns what was written; only for {@link #inMemory}. */
    public byte[] toByteArray() {
        if (memory == null) {
            throw new IllegalStateException("not in memory");
        }
        close();
        return memory.toByteArray();
    }

    /** Uncompressed bytes written so far: the offset of the next one. */
    public long position() {
        return out.position();
    }

    public int idSize() {
        return idSize;
    }

    /** Ends an open segment and closes the stream; writes no HEAP_DUMP_END. */
    @Override
    public void close() {
        framing.close();
    }

    // ---- header and top-level records

    /** The file header: format name, NUL, id size, time. */
    public HprofWriter header(String formatName, long millis) {
        return header(formatName, idSize, millis);
    }

    /** A file header that claims any id size. */
    public HprofWriter header(String formatName, int claimedIdSize, long millis) {
        out.bytes(formatName.getBytes(StandardCharsets.ISO_8859_1));
        out.u1(0);
        out.u4(claimedIdSize);
        out.u8(millis);
        return this;
    }

    /** The time of all following records, in microseconds since the header's. */
    public HprofWriter micros(int value) {
        framing.micros(value);
        return this;
    }

    /** Any record with its true length. */
    public HprofWriter record(int tag, byte[] body) {
        return record(tag, body.length, body);
    }

    /** Any record with any claimed length; only the low 32 bits are written. */
    public HprofWriter record(int tag, long claimedLength, byte[] body) {
        framing.start(tag, claimedLength);
        out.bytes(body);
        return this;
    }

    /** A name; the text is written as modified UTF-8. */
    public HprofWriter utf8(long id, String text) {
        return utf8(id, ModifiedUtf8.encode(text));
    }

    public HprofWriter utf8(long id, byte[] text) {
        framing.start(HprofTag.UTF8, idSize + (long) text.length);
        id(id);
        out.bytes(text);
        return this;
    }

    public HprofWriter loadClass(int classSerial, long classId, int traceSerial, long nameId) {
        framing.start(HprofTag.LOAD_CLASS, 8 + 2L * idSize);
        out.u4(classSerial);
        id(classId);
        out.u4(traceSerial);
        return id(nameId);
    }

    public HprofWriter unloadClass(int classSerial) {
        framing.start(HprofTag.UNLOAD_CLASS, 4);
        out.u4(classSerial);
        return this;
    }

    public HprofWriter frame(long id, long methodId, long signatureId, long sourceId, int classSerial, int line) {
        framing.start(HprofTag.FRAME, 8 + 4L * idSize);
        id(id).id(methodId).id(signatureId).id(sourceId);
        out.u4(classSerial);
        out.u4(line);
        return this;
    }

    public HprofWriter trace(int traceSerial, int threadSerial, long... frameIds) {
        framing.start(HprofTag.TRACE, 12 + (long) frameIds.length * idSize);
        out.u4(traceSerial);
        out.u4(threadSerial);
        out.u4(frameIds.length);
        return ids(frameIds);
    }

    /** One row of ALLOC_SITES. */
    public record AllocSite(
            int kind,
            int classSerial,
            int traceSerial,
            int liveBytes,
            int liveInstances,
            int allocatedBytes,
            int allocatedInstances) {}

    public HprofWriter allocSites(
            int flags,
            float cutoffRatio,
            int liveBytes,
            int liveInstances,
            long allocatedBytes,
            long allocatedInstances,
            AllocSite... sites) {
        framing.start(HprofTag.ALLOC_SITES, 34 + 25L * sites.length);
        out.u2(flags);
        out.u4(Float.floatToRawIntBits(cutoffRatio));
        out.u4(liveBytes);
        out.u4(liveInstances);
        out.u8(allocatedBytes);
        out.u8(allocatedInstances);
        out.u4(sites.length);
        for (AllocSite site : sites) {
            out.u1(site.kind());
            out.u4(site.classSerial());
            out.u4(site.traceSerial());
            out.u4(site.liveBytes());
            out.u4(site.liveInstances());
            out.u4(site.allocatedBytes());
            out.u4(site.allocatedInstances());
        }
        return this;
    }

    public HprofWriter heapSummary(int liveBytes, int liveInstances, long allocatedBytes, long allocatedInstances) {
        framing.start(HprofTag.HEAP_SUMMARY, 24);
        out.u4(liveBytes);
        out.u4(liveInstances);
        out.u8(allocatedBytes);
        out.u8(allocatedInstances);
        return this;
    }

    public HprofWriter startThread(
            int threadSerial, long threadId, int traceSerial, long nameId, long groupNameId, long parentGroupNameId) {
        framing.start(HprofTag.START_THREAD, 8 + 4L * idSize);
        out.u4(threadSerial);
        id(threadId);
        out.u4(traceSerial);
        return id(nameId).id(groupNameId).id(parentGroupNameId);
    }

    public HprofWriter endThread(int threadSerial) {
        framing.start(HprofTag.END_THREAD, 4);
        out.u4(threadSerial);
        return this;
    }

    /** CPU_SAMPLES; {@code samplesAndTraces} holds pairs: samples, trace serial. */
    public HprofWriter cpuSamples(int totalSamples, int... samplesAndTraces) {
        framing.start(HprofTag.CPU_SAMPLES, 8 + 4L * samplesAndTraces.length);
        out.u4(totalSamples);
        out.u4(samplesAndTraces.length / 2);
        for (int value : samplesAndTraces) {
            out.u4(value);
        }
        return this;
    }

    public HprofWriter controlSettings(int flags, int traceDepth) {
        framing.start(HprofTag.CONTROL_SETTINGS, 6);
        out.u4(flags);
        out.u2(traceDepth);
        return this;
    }

    // ---- segments

    /** Starts a HEAP_DUMP_SEGMENT whose length is filled in by {@link #endSegment()}. */
    public HprofWriter beginSegment() {
        framing.begin(HprofTag.HEAP_DUMP_SEGMENT);
        return this;
    }

    /** Starts a HEAP_DUMP whose length is filled in by {@link #endSegment()}. */
    public HprofWriter beginHeapDump() {
        framing.begin(HprofTag.HEAP_DUMP);
        return this;
    }

    /** Starts a heap record with a length given at once, true or forged; sub-records are then streamed. */
    public HprofWriter beginSegmentOfLength(int tag, long claimedLength) {
        framing.start(tag, claimedLength);
        return this;
    }

    /** Ends the segment with its true length (its low 32 bits). */
    public HprofWriter endSegment() {
        framing.end();
        return this;
    }

    /** Ends the segment with any claimed length. */
    public HprofWriter endSegment(long claimedLength) {
        framing.end(claimedLength);
        return this;
    }

    /**
     * From here on sub-records are put into HEAP_DUMP_SEGMENTs of at most {@code maxBody} bytes; a larger sub-record gets a segment of its own with
     * its length written first. A top-level record ends the current segment.
     */
    public HprofWriter autoSegments(int maxBody) {
        framing.autoSegments(maxBody);
        return this;
    }

    /** HEAP_DUMP_END; ends an automatic segment first. */
    public HprofWriter heapDumpEnd() {
        framing.start(HprofTag.HEAP_DUMP_END, 0);
        return this;
    }

    // ---- heap sub-records: roots

    /** A root that consists of an object id only: UNKNOWN, STICKY_CLASS, MONITOR_USED and most of ART's. */
    public HprofWriter root(int tag, long objectId) {
        framing.sub(tag, idSize);
        return id(objectId);
    }

    public HprofWriter rootUnknown(long objectId) {
        return root(HprofTag.ROOT_UNKNOWN, objectId);
    }

    public HprofWriter rootJniGlobal(long objectId, long handle) {
        framing.sub(HprofTag.ROOT_JNI_GLOBAL, 2L * idSize);
        return id(objectId).id(handle);
    }

    public HprofWriter rootJniLocal(long objectId, int threadSerial, int frame) {
        return rootWithFrame(HprofTag.ROOT_JNI_LOCAL, objectId, threadSerial, frame);
    }

    public HprofWriter rootJavaFrame(long objectId, int threadSerial, int frame) {
        return rootWithFrame(HprofTag.ROOT_JAVA_FRAME, objectId, threadSerial, frame);
    }

    public HprofWriter rootNativeStack(long objectId, int threadSerial) {
        return rootWithThread(HprofTag.ROOT_NATIVE_STACK, objectId, threadSerial);
    }

    public HprofWriter rootStickyClass(long classId) {
        return root(HprofTag.ROOT_STICKY_CLASS, classId);
    }

    public HprofWriter rootThreadBlock(long objectId, int threadSerial) {
        return rootWithThread(HprofTag.ROOT_THREAD_BLOCK, objectId, threadSerial);
    }

    public HprofWriter rootMonitorUsed(long objectId) {
        return root(HprofTag.ROOT_MONITOR_USED, objectId);
    }

    public HprofWriter rootThreadObject(long objectId, int threadSerial, int traceSerial) {
        return rootWithFrame(HprofTag.ROOT_THREAD_OBJ, objectId, threadSerial, traceSerial);
    }

    /** ART's ROOT_JNI_MONITOR. */
    public HprofWriter rootJniMonitor(long objectId, int threadSerial, int stackDepth) {
        return rootWithFrame(HprofTag.ROOT_JNI_MONITOR, objectId, threadSerial, stackDepth);
    }

    /** ART's HEAP_DUMP_INFO: what follows lies in this heap. */
    public HprofWriter heapDumpInfo(int heapId, long heapNameId) {
        framing.sub(HprofTag.HEAP_DUMP_INFO, 4L + idSize);
        out.u4(heapId);
        return id(heapNameId);
    }

    // ---- heap sub-records: classes and objects

    public HprofWriter classDump(ClassDump dump) {
        framing.sub(HprofTag.CLASS_DUMP, dump.size(idSize));
        id(dump.id());
        out.u4(dump.traceSerial());
        id(dump.superId()).id(dump.loaderId()).id(dump.signersId()).id(dump.protectionDomainId());
        id(dump.reserved1()).id(dump.reserved2());
        out.u4(dump.instanceSize());
        out.u2(dump.constants().size());
        for (ClassDump.Constant constant : dump.constants()) {
            out.u2(constant.index());
            out.u1(constant.type().code());
            value(constant.type(), constant.value());
        }
        out.u2(dump.statics().size());
        for (ClassDump.Static field : dump.statics()) {
            id(field.nameId());
            out.u1(field.type().code());
            value(field.type(), field.value());
        }
        out.u2(dump.fields().size());
        for (ClassDump.Field field : dump.fields()) {
            id(field.nameId());
            out.u1(field.type().code());
        }
        return this;
    }

    public HprofWriter instance(long id, int traceSerial, long classId, byte[] data) {
        instanceHeader(id, traceSerial, classId, data.length);
        out.bytes(data);
        return this;
    }

    /** An INSTANCE_DUMP up to its data; the caller writes {@code dataLength} bytes with {@link #value} or forges the length. */
    public HprofWriter instanceHeader(long id, int traceSerial, long classId, int dataLength) {
        framing.sub(HprofTag.INSTANCE_DUMP, 2L * idSize + 8 + Integer.toUnsignedLong(dataLength));
        id(id);
        out.u4(traceSerial);
        id(classId);
        out.u4(dataLength);
        return this;
    }

    public HprofWriter objectArray(long id, int traceSerial, long arrayClassId, long... elements) {
        objectArrayHeader(id, traceSerial, elements.length, arrayClassId);
        return ids(elements);
    }

    /** An OBJECT_ARRAY_DUMP up to its elements; the caller writes {@code count} ids with {@link #id} or forges the count. */
    public HprofWriter objectArrayHeader(long id, int traceSerial, int count, long arrayClassId) {
        framing.sub(HprofTag.OBJECT_ARRAY_DUMP, 2L * idSize + 8 + Integer.toUnsignedLong(count) * idSize);
        id(id);
        out.u4(traceSerial);
        out.u4(count);
        return id(arrayClassId);
    }

    /** A PRIMITIVE_ARRAY_DUMP; the number of elements follows from the data's length. */
    public HprofWriter primitiveArray(long id, int traceSerial, HprofType type, byte[] data) {
        primitiveArrayHeader(id, traceSerial, data.length / type.width(idSize), type);
        out.bytes(data);
        return this;
    }

    /** A PRIMITIVE_ARRAY_DUMP up to its elements; the caller writes them with {@link #value} or forges the count. */
    public HprofWriter primitiveArrayHeader(long id, int traceSerial, int count, HprofType type) {
        framing.sub(HprofTag.PRIMITIVE_ARRAY_DUMP, idSize + 9L + Integer.toUnsignedLong(count) * type.width(idSize));
        return arrayHeader(id, traceSerial, count, type);
    }

    /** ART's obsolete primitive array without elements. */
    public HprofWriter primitiveArrayNoData(long id, int traceSerial, int count, HprofType type) {
        framing.sub(HprofTag.PRIMITIVE_ARRAY_NODATA, idSize + 9L);
        return arrayHeader(id, traceSerial, count, type);
    }

    // ---- raw values

    public HprofWriter id(long value) {
        if (idSize == 4) {
            out.u4((int) value);
        } else {
            out.u8(value);
        }
        return this;
    }

    public HprofWriter ids(long... values) {
        for (long value : values) {
            id(value);
        }
        return this;
    }

    /** A value in its type's width; floating point values as their raw bits. */
    public HprofWriter value(HprofType type, long bits) {
        switch (type.width(idSize)) {
            case 1 -> out.u1((int) bits);
            case 2 -> out.u2((int) bits);
            case 4 -> out.u4((int) bits);
            default -> out.u8(bits);
        }
        return this;
    }

    /** Bytes outside any structure. */
    public HprofWriter raw(byte... bytes) {
        out.bytes(bytes);
        return this;
    }

    // ---- inner machinery

    private HprofWriter rootWithThread(int tag, long objectId, int threadSerial) {
        framing.sub(tag, idSize + 4L);
        id(objectId);
        out.u4(threadSerial);
        return this;
    }

    private HprofWriter rootWithFrame(int tag, long objectId, int threadSerial, int frame) {
        framing.sub(tag, idSize + 8L);
        id(objectId);
        out.u4(threadSerial);
        out.u4(frame);
        return this;
    }

    private HprofWriter arrayHeader(long id, int traceSerial, int count, HprofType type) {
        id(id);
        out.u4(traceSerial);
        out.u4(count);
        out.u1(type.code());
        return this;
    }
}
