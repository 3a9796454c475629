package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.goruntime.HeapPointers;
import dev.holdfast.dump.goruntime.PointerKind;
import dev.holdfast.dump.goruntime.SpanTable;

/**
 * Tells how well a type fits an object, by the size of its slot and the heap's pointer bits; belongs to one thread.
 *
 * <p>The bits are what no cast can change, so a declared type that contradicts them is not believed.
 */
final class Fitness {
    /** Slot sizes, unchanged since Go 1.16 (go-core.md 3.6). */
    private static final int[] CLASSES = {
        0, 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416,
        448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456,
        4096, 4864, 5120, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384,
        18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768
    };

    /** Objects of less bytes without pointers share slots of so many. */
    private static final int TINY = 16;

    /** Words of an object that are compared at most: 1 MiB. */
    private static final long MAX_WORDS = 1 << 17;

    /** Bytes of an object of at most 64 words. */
    private static final int SMALL = 512;

    private final SpanTable spans;
    private final HeapPointers pointers;

    /** 1 for a claim of the first pass, 0 for a late one: ranks of late claims lie one lower. */
    private int late;

    Fitness(SpanTable spans, HeapPointers pointers) {
        this.spans = spans;
        this.pointers = pointers;
    }

    void late(boolean now) {
        late = now ? 1 : 0;
    }

    /** The best rank that a claim can have. */
    int best(boolean exact, long offset, boolean slice) {
        return late != 0
                ? offset == 0 || slice ? Claims.FIT_LATE : Claims.TILED_LATE
                : offset != 0 && !slice ? Claims.TILED : exact ? Claims.EXACT : Claims.FIT;
    }

    /**
     * Rank of a claim, 0 if the type does not fit.
     *
     * @param offset of the place from the start of the object
     * @param extent bytes that the claim speaks of
     */
    int rank(TypeFacts type, boolean slice, long extent, boolean exact, long offset, int span, int element) {
        long usable = spans.elementSize(span) - spans.header(span);
        if (type.size <= 0 || Math.max(extent, type.size) > usable - offset) {
            return 0;
        }
        boolean whole = offset == 0 || slice && offset % type.size == 0;
        boolean fits = whole && fills(offset + extent, spans, span);
        if (type.type.kind() == GoKind.CLOSURE) {
            // What it captures may not be known, but its code says what it is.
            return offset == 0 ? fit(exact) : 0;
        }
        if (spans.noscan(span)) {
            return noscan(type, fits, exact, offset, span);
        }
        if (type.wholeMask != 0 && fits && usable <= SMALL) {
            long bits = pointers.firstBits(span, element);
            if (bits == type.wholeMask && offset == 0 && (!slice || extent == type.size)) {
                return fit(exact);
            }
        }
        if (!type.masked || !pointers.slot(span, element)) {
            return !type.masked && offset == 0 && fits ? fit(exact) : 0;
        }
        long words = usable >>> 3;
        long unitWords = type.unit >>> 3;
        long claimedWords = extent >>> 3;
        if ((type.unit & 7) != 0) {
            return offset == 0 && prefix(type, 0, words, span, element) ? partial() : 0;
        }
        if (type.mask.length == 0) {
            return offset == 0 && clear(Math.min(words, type.size >>> 3), span, element) ? partial() : 0;
        }
        if (offset % type.size != 0) {
            return 0;
        }
        long agree = agreeing(type, words, span, element);
        if (fits && agree >= words) {
            // Behind a single value there is nothing; behind the last element of a slice neither.
            if (repeats(span) || lastPointer(words, span, element) < (offset >>> 3) + claimedWords) {
                return fit(exact);
            }
        }
        if (agree >= words && (words >= 2 * unitWords * Math.max(1, type.size / type.unit))) {
            long last = lastPointer(words, span, element);
            if (offset == 0 && last < type.size >>> 3) {
                return partial();
            }
            return offset == 0 || slice ? tiled() : Claims.INTERIOR - late;
        }
        return offset == 0 && agree >= type.size >>> 3 ? partial() : 0;
    }

    /** Whether the bits come from a mask that is repeated up to the slot's end, behind the last value too. */
    private boolean repeats(int span) {
        PointerKind kind = spans.pointerKind(span);
        return kind == PointerKind.HEADER || kind == PointerKind.LARGE_TYPE;
    }

    private int noscan(TypeFacts type, boolean fits, boolean exact, long offset, int span) {
        if (!type.pointerFree()) {
            // A channel of elements without pointers is allocated as if it had none itself.
            return type.type.kind() == GoKind.CHANNEL_OBJECT && offset == 0 ? fit(exact) : 0;
        }
        if (tiny(type, spans, span)) {
            return tiled();
        }
        if (fits) {
            return fit(exact);
        }
        if (offset == 0) {
            return tiled();
        }
        return offset % type.size == 0 ? Claims.INTERIOR - late : 0;
    }

    private int fit(boolean exact) {
        return late != 0 ? Claims.FIT_LATE : exact ? Claims.EXACT : Claims.FIT;
    }

    private int tiled() {
        return late != 0 ? Claims.TILED_LATE : Claims.TILED;
    }

    private int partial() {
        return Claims.PARTIAL - late;
    }

    /** Whether values of the type share slots with others. */
    static boolean tiny(TypeFacts type, SpanTable spans, int span) {
        return type.size < TINY && spans.elementSize(span) == TINY && spans.noscan(span);
    }

    /** Whether an allocation of so many bytes would get a slot of that size. */
    static boolean fills(long bytes, SpanTable spans, int span) {
        long slot = spans.elementSize(span);
        int sizeClass = spans.sizeClass(span);
        if (sizeClass == 0) {
            return bytes > slot - SpanTable.PAGE;
        }
        return sizeClass < CLASSES.length && bytes + spans.header(span) > CLASSES[sizeClass - 1];
    }

    /** How many words agree with values one behind the other, counted from the start; all if none disagrees. */
    private long agreeing(TypeFacts type, long words, int span, int element) {
        long last = -1;
        for (long at = 0; at < words && at < MAX_WORDS; at += 64) {
            long bits = pointers.bits(span, element, at);
            long expected = type.tiled(at);
            long wrong = type.exactMask ? bits ^ expected : bits & ~expected;
            if (at + 64 > words) {
                wrong &= (1L << words - at) - 1;
            }
            if (wrong != 0) {
                long first = at + Long.numberOfTrailingZeros(wrong);
                // Values that were never there leave no bits: the rest of the slot must be empty.
                return emptyFrom(first, words, span, element) && wholeValues(type, first) ? words : first;
            }
            last = at;
        }
        return last < 0 ? 0 : words;
    }

    /** Whether what comes before the first missing pointer can be the end of a value. */
    private static boolean wholeValues(TypeFacts type, long firstMissing) {
        long unit = type.unit >>> 3;
        long inUnit = firstMissing % unit;
        // The first pointer of a unit is the one that is missing.
        long first = Long.numberOfTrailingZeros(type.mask[0]);
        for (int i = 1; first == 64L * i && i < type.mask.length; i++) {
            first = 64L * i + Long.numberOfTrailingZeros(type.mask[i]);
        }
        return inUnit == first && firstMissing >= unit;
    }

    private boolean emptyFrom(long word, long words, int span, int element) {
        pointers.slot(span, element);
        for (long at = 0; at < words && at < MAX_WORDS; at += 64) {
            long bits = pointers.bits(span, element, at);
            if (at + 64 <= word) {
                continue;
            }
            if (at < word) {
                bits &= -1L << word - at;
            }
            if (bits != 0) {
                pointers.slot(span, element);
                return false;
            }
        }
        pointers.slot(span, element);
        return true;
    }

    private long lastPointer(long words, int span, int element) {
        long last = -1;
        pointers.slot(span, element);
        for (long at = 0; at < words && at < MAX_WORDS; at += 64) {
            long bits = pointers.bits(span, element, at);
            if (bits != 0) {
                last = at + 63 - Long.numberOfLeadingZeros(bits);
            }
        }
        return last;
    }

    private boolean prefix(TypeFacts type, long from, long words, int span, int element) {
        return clear(Math.min(words, type.size + 7 >>> 3), span, element) && type.mask.length == 0 && from == 0;
    }

    /** Whether none of the first words is a pointer. */
    private boolean clear(long words, int span, int element) {
        pointers.slot(span, element);
        for (long at = 0; at < words; at += 64) {
            long bits = pointers.bits(span, element, at);
            if (at + 64 > words) {
                bits &= (1L << words - at) - 1;
            }
            if (bits != 0) {
                return false;
            }
        }
        return true;
    }
}
