package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.util.Arrays;
import java.util.List;

/**
 * The heap's spans as columns, ascending by address, with a number for each slot; immutable and thread-safe.
 *
 * <p>Slots are numbered through all spans in address order, whether allocated or not, so that a column over slots needs no
 * index: an address leads to its slot by one look-up of its page and one multiplication. What that and most other
 * questions need of a span lies side by side, in half a cache line, as pointers lead to spans in no order. Memory: 70 bytes
 * a span, 4 bytes a page, two and a half bits a slot.
 */
public final class SpanTable {
    /** Bytes of a page of the runtime, on all platforms. */
    public static final int PAGE = 8192;

    private static final int PAGE_SHIFT = 13;

    private static final int FIELD_SHIFT = 2;
    private static final int FIELDS = 1 << FIELD_SHIFT;

    /** Field: first address. */
    private static final int BASE = 0;

    /** Field: bytes of a slot. */
    private static final int SIZE = 1;

    /** Field: number of the first slot, and in the upper half how many there are. */
    private static final int SLOTS = 2;

    /** Field: what a division by the size of a slot multiplies with, then a byte each for the kind of pointers and the class. */
    private static final int SHAPE = 3;

    /** Spans are looked up in blocks of so many pages: 64 MiB. */
    private static final int BLOCK_SHIFT = 13;

    private final int count;
    private final List<ManualSpan> manual;

    /** Of each span {@link #FIELDS} words. */
    private final long[] fields;

    private final long[] pages;
    private final long[] typeAddress;
    private final long[] specials;
    private final long[] record;
    private final long[] allocated;
    private final long[] marked;

    /** Blocks from the first one on that are looked up without a search: 256 GiB of addresses. */
    private static final int MOST_DIRECT = 1 << 12;

    /** For every so many slots it is noted which span has the first of them. */
    private static final int HINT_SHIFT = 6;

    private final long firstKey;
    private final long blockSpan;
    private final int[] direct;
    private final int[] spanHints;
    private final long[] blockKeys;
    private final int[][] blocks;

    /** Reads the spans of a program; records and bits that cannot be used are counted as losses. */
    public static SpanTable read(GoProgram program) {
        SpanRecords found = SpanRecords.read(program);
        SpanTable table = new SpanTable(found);
        int withoutBits = table.readBits(found, program.reader(), InlineMarkBits.of(table, program.layout()));
        program.warnings()
                .loss("span-damaged", -1, "records of spans could not be read or contradict others", found.lost());
        program.warnings()
                .loss("span-bits-missing", -1, "spans whose record of free slots is not in the core", withoutBits);
        return table;
    }

    private SpanTable(SpanRecords found) {
        count = found.size();
        manual = found.manual();
        pages = found.pages();
        typeAddress = found.typeAddress();
        specials = found.specials();
        record = found.record();
        long[] base = found.base();
        long[] sizes = found.elementSize();
        int[] elements = found.elements();
        byte[] classes = found.spanClass();
        byte[] kinds = found.kinds();
        fields = new long[Math.multiplyExact(count + 1, FIELDS)];
        int slots = 0;
        for (int i = 0; i < count; i++) {
            int at = i << FIELD_SHIFT;
            fields[at + BASE] = base[i];
            fields[at + SIZE] = sizes[i];
            fields[at + SLOTS] = (long) elements[i] << 32 | slots;
            fields[at + SHAPE] =
                    0xffffffffL / sizes[i] + 1 & 0xffffffffL | (kinds[i] & 0xffL) << 32 | (classes[i] & 0xffL) << 40;
            slots = Math.addExact(slots, elements[i]);
        }
        fields[(count << FIELD_SHIFT) + SLOTS] = slots;
        int words = (slotCount() >>> 6) + 1;
        allocated = new long[words];
        marked = new long[words];
        long[] keys = new long[16];
        int[][] tables = new int[16][];
        int used = 0;
        for (int i = 0; i < count; i++) {
            long page = base[i] >>> PAGE_SHIFT;
            for (long p = page; p < page + pages[i]; p++) {
                long key = p >>> BLOCK_SHIFT;
                if (used == 0 || keys[used - 1] != key) {
                    if (used == keys.length) {
                        keys = Arrays.copyOf(keys, used * 2);
                        tables = Arrays.copyOf(tables, used * 2);
                    }
                    keys[used] = key;
                    int[] table = new int[1 << BLOCK_SHIFT];
                    Arrays.fill(table, -1);
                    tables[used++] = table;
                }
                tables[used - 1][(int) (p & (1 << BLOCK_SHIFT) - 1)] = i;
            }
        }
        blockKeys = Arrays.copyOf(keys, used);
        blocks = Arrays.copyOf(tables, used);
        firstKey = used == 0 ? 0 : keys[0];
        blockSpan = used == 0 ? 0 : keys[used - 1] - firstKey + 1;
        direct = new int[(int) Math.min(blockSpan, MOST_DIRECT)];
        Arrays.fill(direct, -1);
        for (int i = 0; i < used && keys[i] - firstKey < direct.length; i++) {
            direct[(int) (keys[i] - firstKey)] = i;
        }
        spanHints = new int[(slotCount() >>> HINT_SHIFT) + 1];
        for (int i = 0, hint = 0; i < count; i++) {
            for (; hint < spanHints.length && (hint << HINT_SHIFT) < firstSlot(i + 1); hint++) {
                spanHints[hint] = i;
            }
        }
    }

    /** How many spans hold objects. */
    public int count() {
        return count;
    }

    /** How many slots all spans have together. */
    public int slotCount() {
        return firstSlot(count);
    }

    /** First address of a span. */
    public long base(int span) {
        return fields[(span << FIELD_SHIFT) + BASE];
    }

    /** Bytes of a span. */
    public long bytes(int span) {
        return pages[span] * PAGE;
    }

    /** Bytes of a slot. */
    public long elementSize(int span) {
        return fields[(span << FIELD_SHIFT) + SIZE];
    }

    /** How many slots a span has. */
    public int elements(int span) {
        return (int) (fields[(span << FIELD_SHIFT) + SLOTS] >>> 32);
    }

    /** Size class, 0 for a span of one large object. */
    public int sizeClass(int span) {
        return (int) (fields[(span << FIELD_SHIFT) + SHAPE] >>> 41) & 0x7f;
    }

    /** Whether the span's objects have no pointers. */
    public boolean noscan(int span) {
        return (fields[(span << FIELD_SHIFT) + SHAPE] & 1L << 40) != 0;
    }

    private int kind(int span) {
        return (int) (fields[(span << FIELD_SHIFT) + SHAPE] >>> 32) & 0xff;
    }

    /** How the pointers in a span's slots are found. */
    public PointerKind pointerKind(int span) {
        return KINDS[kind(span)];
    }

    /** Address of the type descriptor of the large object of a span, or 0. */
    public long largeType(int span) {
        return typeAddress[span];
    }

    /** Address of the first special record of a span, or 0. */
    public long specials(int span) {
        return specials[span];
    }

    /** Address of the runtime's own record of a span. */
    public long record(int span) {
        return record[span];
    }

    /** Number of the first slot of a span; of {@link #count()}, how many slots there are. */
    public int firstSlot(int span) {
        return (int) fields[(span << FIELD_SHIFT) + SLOTS];
    }

    /** The span that has the address, or -1. */
    public int spanAt(long address) {
        long page = address >>> PAGE_SHIFT;
        long near = (page >>> BLOCK_SHIFT) - firstKey;
        if (near < 0 || near >= blockSpan) {
            return -1;
        }
        int block = near < direct.length ? direct[(int) near] : Arrays.binarySearch(blockKeys, page >>> BLOCK_SHIFT);
        return block < 0 ? -1 : blocks[block][(int) (page & (1 << BLOCK_SHIFT) - 1)];
    }

    /** Number of the slot that has the address, or -1 if none does; it need not be allocated. */
    public int slotAt(long address) {
        int span = spanAt(address);
        if (span < 0) {
            return -1;
        }
        int element = elementAt(span, address);
        return element < 0 ? -1 : firstSlot(span) + element;
    }

    /** Number of the slot of the object that the address lies in, or -1 if it lies in none. */
    public int objectSlotAt(long address) {
        int slot = slotAt(address);
        return slot >= 0 && allocated(slot) ? slot : -1;
    }

    /** Address, as the program sees it, of the object that the address lies in, or 0 if it lies in none. */
    public long objectAt(long address) {
        int span = spanAt(address);
        int element = span < 0 ? -1 : elementAt(span, address);
        return element >= 0 && allocated(firstSlot(span) + element) ? objectAddress(span, element) : 0;
    }

    /** Number of the slot within a span that has the address, or -1 behind the last one. */
    public int elementAt(int span, long address) {
        int at = span << FIELD_SHIFT;
        long offset = address - fields[at + BASE];
        int elements = (int) (fields[at + SLOTS] >>> 32);
        if (elements == 1) {
            return offset < fields[at + SIZE] ? 0 : -1;
        }
        // Spans of several slots have at most 10 pages: the product of 32 bits is exact, as in the runtime.
        int element = (int) (offset * (fields[at + SHAPE] & 0xffffffffL) >>> 32);
        return element < elements ? element : -1;
    }

    /** The span of a slot. */
    public int spanOfSlot(int slot) {
        int span = spanHints[slot >>> HINT_SHIFT];
        // Spans without slots share their number with the one that follows.
        while (firstSlot(span + 1) <= slot) {
            span++;
        }
        return span;
    }

    /** First address of a slot, its allocation header included. */
    public long slotAddress(int span, int element) {
        return base(span) + element * elementSize(span);
    }

    /** Bytes that the runtime puts before an object in a slot of the span. */
    public int header(int span) {
        return kind(span) == PointerKind.HEADER.ordinal() ? 8 : 0;
    }

    /** Address of an object as the program sees it. */
    public long objectAddress(int span, int element) {
        return slotAddress(span, element) + header(span);
    }

    /** Whether the slot holds an object, living or not yet swept. */
    public boolean allocated(int slot) {
        return (allocated[slot >>> 6] & 1L << slot) != 0;
    }

    /** Bits of the slots from {@code 64 * word} on, set where a slot holds an object. */
    public long allocatedWord(int word) {
        return allocated[word];
    }

    /** Whether the collector's last complete or current cycle marked the slot. */
    public boolean marked(int slot) {
        return (marked[slot >>> 6] & 1L << slot) != 0;
    }

    /** How many slots hold an object. */
    public int allocatedCount() {
        int sum = 0;
        for (long word : allocated) {
            sum += Long.bitCount(word);
        }
        return sum;
    }

    /** Bytes of all spans. */
    public long totalBytes() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += bytes(i);
        }
        return sum;
    }

    /** Bytes of spans that the runtime manages itself: stacks, and up to Go 1.23 unpacked masks. */
    public long manualBytes() {
        long bytes = 0;
        for (ManualSpan span : manual) {
            bytes += span.bytes();
        }
        return bytes;
    }

    /** Spans that the runtime manages itself, in the order of its own list. */
    public List<ManualSpan> manualSpans() {
        return List.copyOf(manual);
    }

    /** Bytes of all slots that hold no object. */
    public long freeBytes() {
        long sum = 0;
        for (int span = 0; span < count; span++) {
            sum += (elements(span) - allocatedIn(span)) * elementSize(span);
        }
        return sum;
    }

    /** Bytes of spans behind their last slot: what is left over, pointer bits, marks. */
    public long tailBytes() {
        long sum = 0;
        for (int span = 0; span < count; span++) {
            sum += bytes(span) - elements(span) * elementSize(span);
        }
        return sum;
    }

    /** Bytes of all slots that hold an object. */
    public long allocatedBytes() {
        long sum = 0;
        for (int span = 0; span < count; span++) {
            sum += allocatedIn(span) * elementSize(span);
        }
        return sum;
    }

    private long allocatedIn(int span) {
        int end = firstSlot(span + 1);
        long sum = 0;
        for (int slot = firstSlot(span); slot < end; slot = (slot | 63) + 1) {
            sum += Long.bitCount(allocated[slot >>> 6] & from(slot, end));
        }
        return sum;
    }

    private static final PointerKind[] KINDS = PointerKind.values();

    /**
     * Reads which slots are allocated.
     *
     * @return how many spans' bits could not be read; their slots count as allocated up to the free index only
     */
    int readBits(SpanRecords found, MemoryReader reader, InlineMarks inline) {
        int lost = 0;
        int[] freeIndex = found.freeIndex();
        int[] takenIndex = found.takenIndex();
        long[] allocationBits = found.allocationBits();
        long[] markBits = found.markBits();
        for (int span = 0; span < count; span++) {
            int free = Math.min(freeIndex[span], elements(span));
            set(allocated, firstSlot(span), free);
            try {
                copy(reader, allocationBits[span], span, allocated);
                copy(reader, markBits[span], span, marked);
                if (inline.has(span)) {
                    copy(reader, inline.address(base(span)), span, marked);
                }
                // Since Go 1.25 what is allocated while the collector marks is only marked, until its span is swept.
                int taken = Math.min(takenIndex[span], elements(span));
                for (int slot = firstSlot(span) + free; slot < firstSlot(span) + taken; slot++) {
                    if (marked(slot)) {
                        set(allocated, slot, 1);
                    }
                }
            } catch (MissingMemoryException e) {
                lost++;
            }
        }
        return lost;
    }

    /** Where Green Tea keeps marks inside spans. */
    interface InlineMarks {
        /** Whether a span has marks inside. */
        boolean has(int span);

        /** Where they are. */
        long address(long spanBase);
    }

    /** Bits of the slots from one on, up to the end or to where the next word begins. */
    private static long from(int slot, int end) {
        long bits = -1L << slot;
        return end > (slot | 63) ? bits : bits & (1L << end) - 1;
    }

    private static void set(long[] bits, int first, int howMany) {
        int end = first + howMany;
        for (int slot = first; slot < end; slot = (slot | 63) + 1) {
            bits[slot >>> 6] |= from(slot, end);
        }
    }

    private void copy(MemoryReader reader, long address, int span, long[] into) {
        if (address == 0) {
            return;
        }
        int first = firstSlot(span);
        int elements = elements(span);
        for (int element = 0; element < elements; element += 64) {
            int left = Math.min(64, elements - element);
            long bits = bits(reader, address + (element >>> 3), left);
            int slot = first + element;
            into[slot >>> 6] |= bits << slot;
            // The next word is not there if the last span's bits do not reach it.
            if ((slot & 63) != 0 && bits >>> 64 - (slot & 63) != 0) {
                into[(slot >>> 6) + 1] |= bits >>> 64 - (slot & 63);
            }
        }
    }

    /** Up to 64 bits; behind them there may be no memory. */
    private static long bits(MemoryReader reader, long address, int count) {
        long bits = 0;
        if (reader.readable(address, 8)) {
            bits = reader.word(address);
        } else {
            for (int i = 0; 8 * i < count; i++) {
                bits |= (long) reader.u8(address + i) << 8 * i;
            }
        }
        return count == 64 ? bits : bits & (1L << count) - 1;
    }
}
