package dev.holdfast.report;

/** The {@code bytes} label: sizes few enough to be a label and exact where a type has one. Stateless. */
public final class SizeClass {
    /** Numbers of exponents are below. */
    static final int END = 64;

    /** What is larger counts as 4 EiB: it is not of this world. */
    private static final int LARGEST = 62;

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
        return varies ? ofExponent(exponent(bytes)) : bytes;
    }

    /** The class of objects that differ in size, as a number below 64: sizes from 2 on by their next power of two. */
    static int exponent(long bytes) {
        return bytes == 0 ? 0 : Math.min(1 + Long.SIZE - Long.numberOfLeadingZeros(bytes - 1), 1 + LARGEST);
    }

    /** The size to put objects of such a class under. */
    static long ofExponent(int exponent) {
        return exponent == 0 ? 0 : 1L << exponent - 1;
    }
}
