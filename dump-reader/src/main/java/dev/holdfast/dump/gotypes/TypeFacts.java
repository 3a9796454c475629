package dev.holdfast.dump.gotypes;

/**
 * What following objects wants to know of a type at once; immutable.
 *
 * <p>An array is described by its unit, the innermost element, and how many units it has, so that no array is ever
 * expanded.
 */
final class TypeFacts {
    final GoType type;

    /** Bytes of one value. */
    final long size;

    final Plan plan;

    /** Bytes of a unit. */
    final long unit;

    /** Pointer words of a unit, one bit each; empty if it has none. */
    final long[] mask;

    /** Whether the mask is known at all. */
    final boolean masked;

    /** Whether the collector's mask is just this one; else it may have fewer bits. */
    final boolean exactMask;

    /** The pointers of one value of at most 64 words, if there are any and the mask is exact, else 0. */
    final long wholeMask;

    TypeFacts(GoType type, Plan plan, long unit, long[] mask, boolean masked, boolean exactMask) {
        this.type = type;
        this.size = type.size();
        this.plan = plan;
        this.unit = unit;
        this.mask = mask;
        this.masked = masked;
        this.exactMask = exactMask;
        long words = size >>> 3;
        boolean small = masked && exactMask && mask.length > 0 && (size & 7) == 0 && words > 0 && words <= 64;
        this.wholeMask = !small ? 0 : words == 64 ? tiled(0) : tiled(0) & (1L << words) - 1;
    }

    /** Whether values have no pointers. */
    boolean pointerFree() {
        return masked && mask.length == 0;
    }

    /** Bits of 64 words of units one behind the other. */
    long tiled(long firstWord) {
        if (mask.length == 0) {
            return 0;
        }
        long words = unit >>> 3;
        long phase = firstWord % words;
        long bits = 0;
        if (words <= 64) {
            long one = mask[0];
            for (long at = -phase; at < 64; at += words) {
                bits |= at >= 0 ? one << at : one >>> -at;
            }
            return bits;
        }
        for (int filled = 0; filled < 64; ) {
            int n = (int) Math.min(64 - filled, words - phase);
            bits |= part(phase, n) << filled;
            filled += n;
            phase = 0;
        }
        return bits;
    }

    /** The mask's bits from a word on, {@code n} of them. */
    private long part(long from, int n) {
        int at = (int) (from >>> 6);
        int shift = (int) (from & 63);
        long bits = at < mask.length ? mask[at] >>> shift : 0;
        if (shift != 0 && at + 1 < mask.length) {
            bits |= mask[at + 1] << 64 - shift;
        }
        return n == 64 ? bits : bits & (1L << n) - 1;
    }
}
