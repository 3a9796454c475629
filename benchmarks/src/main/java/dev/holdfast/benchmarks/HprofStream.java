package dev.holdfast.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes an HPROF file of any size with identifiers of 8 bytes, as HotSpot does: format 1.0.2, segments of about 1 MiB. Objects
 * get addresses one behind the other as JDK 17 lays them out with compressed references. 4 MiB of memory; for one thread.
 */
final class HprofStream implements Closeable {
    /** Types of fields and elements. */
    static final int OBJECT = 2;

    static final int BOOLEAN = 4;
    static final int FLOAT = 6;
    static final int BYTE = 8;
    static final int INT = 10;
    static final int LONG = 11;

    private static final int SEGMENT = 1 << 20;
    private static final int SEGMENT_TAG = 0x1c;
    private static final int HEADER = 9;
    private static final long FIRST_CLASS = 0x7000_0000L;
    private static final long FIRST_OBJECT = 0x8000_0000L;

    /** A field or a static variable. */
    record Field(String name, int type, long value) {}

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocate(4 * SEGMENT);
    private final Map<String, Long> names = new HashMap<>();
    private final Map<String, Long> classes = new HashMap<>();
    private boolean inSegment;
    private long address = FIRST_OBJECT;
    private long objects;
    private long references;

    HprofStream(Path path) throws IOException {
        file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        buffer.put("JAVA PROFILE 1.0.2\0".getBytes(StandardCharsets.US_ASCII))
                .putInt(8)
                .putLong(1_700_000_000_000L);
        record(0x05, 12).putInt(1).putInt(0).putInt(0);
    }

    static Field field(String name, int type) {
        return new Field(name, type, 0);
    }

    /** Instances and arrays so far. */
    long objects() {
        return objects;
    }

    /** Their references so far, nulls left out, those to their classes too. */
    long references() {
        return references;
    }

    /** The address that the next object gets. */
    long next() {
        return address;
    }

    /** Loads and describes a class, whose superclass must be there; its statics may have values. Classes are roots. */
    void type(String name, String superName, Field[] statics, Field... fields) throws IOException {
        long nameId = name(name);
        for (Field field : statics) {
            name(field.name);
        }
        for (Field field : fields) {
            name(field.name);
        }
        long id = FIRST_CLASS + 160L * classes.size();
        endSegment();
        record(0x02, 24).putInt(classes.size() + 1).putLong(id).putInt(1).putLong(nameId);
        classes.put(name, id);
        beginSegment(200 + 17 * statics.length + 9 * fields.length);
        buffer.put((byte) 0x20).putLong(id).putInt(1);
        buffer.putLong(superName.isEmpty() ? 0 : id(superName));
        for (int i = 0; i < 5; i++) {
            buffer.putLong(0);
        }
        int size = 0;
        for (Field field : fields) {
            size += width(field.type);
        }
        buffer.putInt(size).putShort((short) 0).putShort((short) statics.length);
        for (Field field : statics) {
            buffer.putLong(name(field.name)).put((byte) field.type);
            if (field.type == OBJECT) {
                buffer.putLong(field.value);
            } else {
                buffer.putInt((int) field.value);
            }
        }
        buffer.putShort((short) fields.length);
        for (Field field : fields) {
            buffer.putLong(name(field.name)).put((byte) field.type);
        }
        buffer.put((byte) 0x05).putLong(id);
    }

    /** Identifier of a class. */
    long id(String className) {
        Long id = classes.get(className);
        if (id == null) {
            throw new IllegalArgumentException(className);
        }
        return id;
    }

    /**
     * Begins an instance; its fields follow by {@link #reference}, {@link #number}.
     *
     * @param fieldBytes of its fields in the file
     * @param size in the heap
     */
    long instance(long classId, int fieldBytes, int size) throws IOException {
        beginSegment(25 + fieldBytes);
        long at = take(size);
        buffer.put((byte) 0x21).putLong(at).putInt(1).putLong(classId).putInt(fieldBytes);
        return at;
    }

    /** Begins an array of references, which follow. */
    long array(long classId, int length) throws IOException {
        int bytes = 8 * length;
        if (bytes > SEGMENT) {
            // In a segment of its own, which may be longer than the buffer.
            endSegment();
            drain();
            buffer.put((byte) SEGMENT_TAG).putInt(0).putInt(25 + bytes);
        } else {
            beginSegment(25 + bytes);
        }
        long at = take((16 + 4L * length + 7) & -8);
        buffer.put((byte) 0x22).putLong(at).putInt(1).putInt(length).putLong(classId);
        return at;
    }

    /** An array of bytes. */
    long bytes(int length, byte filler) throws IOException {
        beginSegment(18 + length);
        long at = take((16L + length + 7) & -8);
        buffer.put((byte) 0x23).putLong(at).putInt(1).putInt(length).put((byte) BYTE);
        for (int i = 0; i < length; i++) {
            buffer.put((byte) (filler + i));
        }
        return at;
    }

    /** A reference of the object begun last. */
    void reference(long target) throws IOException {
        if (buffer.remaining() < 8) {
            drain();
        }
        buffer.putLong(target);
        references += target == 0 ? 0 : 1;
    }

    /** A number among the fields of the instance begun last. */
    void number(int type, long value) {
        switch (width(type)) {
            case 1:
                buffer.put((byte) value);
                break;
            case 4:
                buffer.putInt((int) value);
                break;
            default:
                buffer.putLong(value);
                break;
        }
    }

    @Override
    public void close() throws IOException {
        endSegment();
        record(0x2c, 0);
        drain();
        file.close();
    }

    private long take(long size) {
        long at = address;
        address += size;
        objects++;
        references++;
        return at;
    }

    private static int width(int type) {
        switch (type) {
            case BOOLEAN:
            case BYTE:
                return 1;
            case INT:
            case FLOAT:
                return 4;
            default:
                return 8;
        }
    }

    private long name(String text) throws IOException {
        Long known = names.get(text);
        if (known != null) {
            return known;
        }
        long id = 0x1000_0000L + 16L * names.size();
        names.put(text, id);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        endSegment();
        record(0x01, 8 + utf8.length).putLong(id).put(utf8);
        return id;
    }

    private ByteBuffer record(int tag, int length) {
        return buffer.put((byte) tag).putInt(0).putInt(length);
    }

    /** Makes room for a record, in a segment that has room for it. */
    private void beginSegment(int bytes) throws IOException {
        if (inSegment && buffer.position() + bytes > HEADER + SEGMENT) {
            endSegment();
        }
        if (!inSegment) {
            drain();
            buffer.put((byte) SEGMENT_TAG).putInt(0).putInt(0);
            inSegment = true;
        }
    }

    private void endSegment() throws IOException {
        if (inSegment) {
            buffer.putInt(5, buffer.position() - HEADER);
            inSegment = false;
        }
        drain();
    }

    private void drain() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
        buffer.clear();
    }
}
