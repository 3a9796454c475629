package dev.holdfast.report;

/** The {@code bytes} label: sizes few enough to be a label and exact where a type has one. Stateless. */
public final class SizeClass {
    private SizeClass() {}

    /**
     * The size to put an object under.
     *
     * @param varies whether objects of this type differ in size, as arrays do: then it is the next power of two
     */
    public static long of(long bytes, boolean varies) {
        if (bytes < 0) {
            throw new IllegalArgumentException("size " + bytes);
        }
        if (!varies || bytes <= 1 || bytes > 1L << 62) {
            return bytes;
        }
        return Long.highestOneBit(bytes - 1) << 1;
    }
}
