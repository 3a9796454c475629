package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;

/**
 * Finds the pointer words of slots as the collector of the program's release does; belongs to one thread.
 *
 * <p>Words count from the object as the program sees it, behind an allocation header. A slot whose bits cannot be read has
 * no pointers and is counted.
 */
public final class HeapPointers {
    /** Bytes of an arena on Linux with 64 bits. */
    private static final int ARENA_SHIFT = 26;

    /** What amd64 adds to an address to number arenas from zero. */
    private static final long AMD64_ARENA_OFFSET = 1L << 47;

    /** A span of small objects ends with one bit for each of its words. */
    private static final int SPAN_BITS = SpanTable.PAGE / 64;

    private final SpanTable spans;
    private final MemoryReader reader;
    private final TypeMasks masks;
    private final long arenas;
    private final long arenaOffset;
    private final int arenaBitmap;
    private final long inlineMarkBytes;

    private int span = -1;
    private final long[] spanBits = new long[SPAN_BITS / 8 + 1];
    private long arena;
    private long arenaRecord;
    private long descriptor;
    private TypeMask mask = TypeMask.NONE;
    private long lost;

    /** Finds pointers in the spans of a program. */
    public HeapPointers(GoProgram program, SpanTable spans, TypeMasks masks) {
        this.spans = spans;
        this.reader = program.reader();
        this.masks = masks;
        RuntimeLayout layout = program.layout();
        StructLayout arenaLayout = layout.struct("runtime.heapArena");
        arenaBitmap = arenaLayout.offset("bitmap", -1);
        arenas = layout.address("runtime.mheap_")
                + layout.struct("runtime.mheap").offset("arenas");
        arenaOffset = program.executable().machine() == ElfFile.Machine.AMD64 ? AMD64_ARENA_OFFSET : 0;
        inlineMarkBytes = layout.hasStruct("runtime.spanInlineMarkBits")
                ? layout.struct("runtime.spanInlineMarkBits").size()
                : 0;
    }

    /** How many slots' bits could not be read. */
    public long lost() {
        return lost;
    }

    /** How many words of a slot may be pointers at most, counted from the object. */
    public long words(int ofSpan) {
        return spans.elementSize(ofSpan) - spans.header(ofSpan) >>> 3;
    }

    /** Receives the pointers of an object. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * A word that is not null; returns whether more are wanted.
         *
         * @param word which one of the object
         * @param value the pointer
         */
        boolean pointer(long word, long value);
    }

    /**
     * Visits the pointers of one object that are not null, in order.
     *
     * @throws MissingMemoryException if the object is not all there
     */
    public void visit(int ofSpan, int element, Visitor visitor) {
        if (!slot(ofSpan, element)) {
            return;
        }
        long object = spans.objectAddress(ofSpan, element);
        for (long word = 0; word < words(ofSpan); word += 64) {
            for (long set = bits(ofSpan, element, word); set != 0; set &= set - 1) {
                long at = word + Long.numberOfTrailingZeros(set);
                long value = reader.word(object + 8 * at);
                if (value != 0 && !visitor.pointer(at, value)) {
                    return;
                }
            }
        }
    }

    /** Goes to a slot; then {@link #bits} tells of its words. Returns false if it has no pointers. */
    public boolean slot(int ofSpan, int element) {
        try {
            switch (spans.pointerKind(ofSpan)) {
                case NONE:
                    return false;
                case SPAN_END, SPAN_END_BEFORE_MARKS:
                    if (span != ofSpan) {
                        loadSpanBits(ofSpan);
                    }
                    return true;
                case HEADER:
                    return type(reader.word(spans.slotAddress(ofSpan, element)), words(ofSpan));
                case LARGE_TYPE:
                    return type(spans.largeType(ofSpan), words(ofSpan));
                default:
                    long index = spans.slotAddress(ofSpan, element) + arenaOffset >>> ARENA_SHIFT;
                    if (index != arena) {
                        arenaRecord = reader.word(reader.word(arenas) + 8 * index);
                        arena = index;
                    }
                    return true;
            }
        } catch (MissingMemoryException e) {
            lost++;
            return false;
        }
    }

    /**
     * One bit for each of the first 64 words of a slot, as {@link #slot} and {@link #bits} give them; for objects that are
     * visited in no order, of whose span nothing else is wanted.
     */
    public long firstBits(int ofSpan, int element) {
        PointerKind kind = spans.pointerKind(ofSpan);
        if (kind != PointerKind.SPAN_END && kind != PointerKind.SPAN_END_BEFORE_MARKS || span == ofSpan) {
            return slot(ofSpan, element) ? bits(ofSpan, element, 0) : 0;
        }
        try {
            long end = spans.base(ofSpan) + spans.bytes(ofSpan);
            if (kind == PointerKind.SPAN_END_BEFORE_MARKS) {
                end -= inlineMarkBytes;
            }
            long from = element * spans.elementSize(ofSpan) >>> 3;
            long words = spans.elementSize(ofSpan) >>> 3;
            long at = end - SPAN_BITS + (from >>> 6 << 3);
            long bits = reader.word(at) >>> from;
            if ((from & 63) + words > 64) {
                bits |= reader.word(at + 8) << 64 - (from & 63);
            }
            return words >= 64 ? bits : bits & (1L << words) - 1;
        } catch (MissingMemoryException e) {
            lost++;
            return 0;
        }
    }

    /** How many pointers the objects of a span have at most, null ones included. */
    public long most(int ofSpan) {
        PointerKind kind = spans.pointerKind(ofSpan);
        if (kind == PointerKind.NONE) {
            return 0;
        }
        long sum = 0;
        if (kind == PointerKind.SPAN_END || kind == PointerKind.SPAN_END_BEFORE_MARKS) {
            // Those of free slots too, of objects that are gone.
            if (slot(ofSpan, 0)) {
                for (long word : spanBits) {
                    sum += Long.bitCount(word);
                }
            }
            return sum;
        }
        for (int element = 0; element < spans.elements(ofSpan); element++) {
            if (spans.allocated(spans.firstSlot(ofSpan) + element) && slot(ofSpan, element)) {
                for (long word = 0; word < words(ofSpan); word += 64) {
                    sum += Long.bitCount(bits(ofSpan, element, word));
                }
            }
        }
        return sum;
    }

    private boolean type(long address, long slotWords) {
        if (address == 0) {
            // Not initialised yet, or being made.
            return false;
        }
        if (address != descriptor) {
            mask = masks.of(address, slotWords);
            descriptor = address;
        }
        return mask != TypeMask.NONE;
    }

    private void loadSpanBits(int ofSpan) {
        span = -1;
        long end = spans.base(ofSpan) + spans.bytes(ofSpan);
        if (spans.pointerKind(ofSpan) == PointerKind.SPAN_END_BEFORE_MARKS) {
            end -= inlineMarkBytes;
        }
        for (int i = 0; i < SPAN_BITS / 8; i++) {
            spanBits[i] = reader.word(end - SPAN_BITS + 8L * i);
        }
        span = ofSpan;
    }

    /**
     * One bit for each of up to 64 words of the slot last gone to, set for pointers.
     *
     * @param firstWord a multiple of 64
     */
    public long bits(int ofSpan, int element, long firstWord) {
        long words = words(ofSpan) - firstWord;
        long bits;
        switch (spans.pointerKind(ofSpan)) {
            case SPAN_END, SPAN_END_BEFORE_MARKS:
                long from = (element * spans.elementSize(ofSpan) >>> 3) + firstWord;
                int at = (int) (from >>> 6);
                bits = spanBits[at] >>> from;
                if ((from & 63) != 0) {
                    bits |= spanBits[at + 1] << 64 - (from & 63);
                }
                break;
            case HEADER, LARGE_TYPE:
                bits = mask.bits(firstWord);
                break;
            case ARENA_ONE_BIT:
                bits = oneBit(spans.slotAddress(ofSpan, element) + 8 * firstWord);
                break;
            case ARENA_TWO_BITS:
                bits = twoBits(
                        spans.slotAddress(ofSpan, element) + 8 * firstWord, (int) Math.min(64, words), firstWord);
                break;
            default:
                return 0;
        }
        return words >= 64 ? bits : bits & (1L << words) - 1;
    }

    /** A slot never goes over the end of an arena without being aligned to it, so both words are in one bitmap or unused. */
    private long oneBit(long address) {
        try {
            long word = (address & (1L << ARENA_SHIFT) - 1) >>> 3;
            long record = recordAt(address);
            long bits = reader.word(record + arenaBitmap + (word >>> 6 << 3)) >>> word;
            if ((word & 63) != 0) {
                long next = address + 8 * (64 - (word & 63));
                long nextWord = (next & (1L << ARENA_SHIFT) - 1) >>> 3;
                long nextRecord = recordAt(next);
                bits |= nextRecord == 0
                        ? 0
                        : reader.word(nextRecord + arenaBitmap + (nextWord >>> 6 << 3)) << 64 - (word & 63);
            }
            return bits;
        } catch (MissingMemoryException e) {
            lost++;
            return 0;
        }
    }

    private boolean more = true;

    private long twoBits(long address, int words, long firstWord) {
        if (firstWord == 0) {
            more = true;
        }
        long bits = 0;
        try {
            for (int i = 0; i < words && more; i++) {
                long at = address + 8L * i;
                long word = (at & (1L << ARENA_SHIFT) - 1) >>> 3;
                int four = reader.u8(recordAt(at) + arenaBitmap + (word >>> 2));
                more = (four >>> 4 + (word & 3) & 1) != 0;
                if (more && (four >>> (word & 3) & 1) != 0) {
                    bits |= 1L << i;
                }
            }
        } catch (MissingMemoryException e) {
            lost++;
            more = false;
        }
        return bits;
    }

    /** A large object may go over several arenas. */
    private long recordAt(long address) {
        long index = address + arenaOffset >>> ARENA_SHIFT;
        if (index != arena) {
            arenaRecord = reader.word(reader.word(arenas) + 8 * index);
            arena = index;
        }
        return arenaRecord;
    }
}
