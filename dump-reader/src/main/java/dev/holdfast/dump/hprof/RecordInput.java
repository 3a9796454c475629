package dev.holdfast.dump.hprof;

import dev.holdfast.dump.io.ByteSource;
import dev.holdfast.dump.io.PipeSource;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A cursor over a source, big endian, with a buffer of its own; used by one thread.
 *
 * <p>The buffer is filled little after a jump and more while reading goes on, so skimming headers a megabyte apart is as
 * cheap as streaming. Reads beyond what {@link #require} granted are the caller's bug; {@code require} itself never reads
 * past the end.
 */
final class RecordInput {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle CHAR = MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.BIG_ENDIAN);

    private static final int FIRST_FILL = 4 << 10;
    private static final int FULL_FILL = 1 << 20;

    private final ByteSource source;
    private final int idBytes;
    private byte[] buffer = {};
    private int at;
    private int limit;
    /** Offset in the source of the buffer's first byte. */
    private long base;

    private int nextFill = FIRST_FILL;

    RecordInput(ByteSource source, int idBytes, long position) {
        this.source = source;
        this.idBytes = idBytes;
        this.base = position;
    }

    long position() {
        return base + at;
    }

    int idBytes() {
        return idBytes;
    }

    /** Moves to an absolute position, forwards or backwards. */
    void seek(long position) {
        long within = position - base;
        if (within >= 0 && within <= limit) {
            at = (int) within;
            return;
        }
        base = position;
        at = 0;
        limit = 0;
        nextFill = FIRST_FILL;
    }

    /** How many bytes can be read from here without asking the source. */
    int buffered() {
        return limit - at;
    }

    /** The buffer, for a loop that cannot afford a call a value: it holds the next byte at {@link #index}. */
    byte[] buffer() {
        return buffer;
    }

    /** Where in the {@link #buffer} reading stands. */
    int index() {
        return at;
    }

    /** Whether it is known where the source ends. */
    boolean endsKnown() {
        return source.size() != PipeSource.UNKNOWN;
    }

    /** Whether the source has so many bytes. */
    boolean reaches(long position) throws IOException {
        return source.reaches(position);
    }

    /** Makes {@code bytes} readable from here; false if the source ends before. */
    boolean require(int bytes) throws IOException {
        return limit - at >= bytes || fill(bytes);
    }

    private boolean fill(int bytes) throws IOException {
        int rest = limit - at;
        // No more than the source has: a reader of a small file should not cost more than the file.
        int capacity = (int) Math.min(Math.max(nextFill, bytes), Math.max(rest, source.size() - base - at));
        if (buffer.length < capacity) {
            byte[] larger = new byte[capacity];
            System.arraycopy(buffer, at, larger, 0, rest);
            buffer = larger;
        } else {
            System.arraycopy(buffer, at, buffer, 0, rest);
        }
        base += at;
        at = 0;
        limit = rest;
        int wanted = capacity - rest;
        int n = source.read(base + rest, buffer, rest, wanted);
        // A pipe tells its size only when it ends.
        if (n < wanted && base + rest + n < source.size()) {
            throw new IOException(source.name() + ": the file has become shorter while it was read");
        }
        limit += n;
        nextFill = Math.min(FULL_FILL, nextFill * 8);
        return limit >= bytes;
    }

    int u1() {
        return buffer[at++] & 0xff;
    }

    int u2() {
        int value = (char) CHAR.get(buffer, at);
        at += 2;
        return value;
    }

    int i4() {
        int value = (int) INT.get(buffer, at);
        at += 4;
        return value;
    }

    long u4() {
        return i4() & 0xffffffffL;
    }

    long i8() {
        long value = (long) LONG.get(buffer, at);
        at += 8;
        return value;
    }

    long id() {
        return idBytes == 8 ? i8() : u4();
    }

    /** The identifier {@code ahead} bytes from here, without moving. */
    long idAhead(int ahead) {
        return idBytes == 8 ? (long) LONG.get(buffer, at + ahead) : (int) INT.get(buffer, at + ahead) & 0xffffffffL;
    }

    int u1Ahead(int ahead) {
        return buffer[at + ahead] & 0xff;
    }

    long u4Ahead(int ahead) {
        return i4Ahead(ahead) & 0xffffffffL;
    }

    long i8Ahead(int ahead) {
        return (long) LONG.get(buffer, at + ahead);
    }

    int i4Ahead(int ahead) {
        return (int) INT.get(buffer, at + ahead);
    }

    /** Skips bytes within what {@link #require} granted. */
    void skipGranted(int bytes) {
        at += bytes;
    }

    /** Copies bytes within what {@link #require} granted. */
    byte[] bytes(int count) {
        byte[] copy = Arrays.copyOfRange(buffer, at, at + count);
        at += count;
        return copy;
    }

    /** A value of a basic type as raw bits, sign-extended; references as unsigned identifiers. */
    long value(int basicType) {
        switch (basicType) {
            case BasicType.BOOLEAN:
            case BasicType.BYTE:
                return (byte) u1();
            case BasicType.CHAR:
                return u2();
            case BasicType.SHORT:
                return (short) u2();
            case BasicType.FLOAT:
            case BasicType.INT:
                return i4();
            case BasicType.DOUBLE:
            case BasicType.LONG:
                return i8();
            default:
                return id();
        }
    }
}
