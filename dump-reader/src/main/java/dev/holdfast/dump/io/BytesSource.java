package dev.holdfast.dump.io;

/** Bytes in memory; for small dumps and for tests in process. */
public final class BytesSource implements ByteSource {
    private final String name;
    private final byte[] bytes;

    /** Wraps the bytes without copying them. */
    public BytesSource(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) {
        if (position >= bytes.length) {
            return 0;
        }
        int n = (int) Math.min(length, bytes.length - position);
        System.arraycopy(bytes, (int) position, target, offset, n);
        return n;
    }

    @Override
    public void close() {}
}
