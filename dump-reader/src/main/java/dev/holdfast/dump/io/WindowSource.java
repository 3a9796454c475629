package dev.holdfast.dump.io;

/** A part of a source that was read into memory; positions are those of the source. Immutable but for its bytes. */
public final class WindowSource implements ByteSource {
    private final String name;
    private final long base;
    private final byte[] bytes;
    private final int length;

    /**
     * Does not copy the bytes.
     *
     * @param base position of the first byte
     * @param length how many of the bytes count
     */
    public WindowSource(String name, long base, byte[] bytes, int length) {
        this.name = name;
        this.base = base;
        this.bytes = bytes;
        this.length = length;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return base + length;
    }

    @Override
    public int read(long position, byte[] target, int offset, int count) {
        int n = (int) Math.max(0, Math.min(count, size() - position));
        System.arraycopy(bytes, (int) (position - base), target, offset, n);
        return n;
    }

    @Override
    public void close() {}
}
