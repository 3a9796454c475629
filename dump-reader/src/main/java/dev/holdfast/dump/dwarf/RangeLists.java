package dev.holdfast.dump.dwarf;

import java.nio.ByteBuffer;

/** Lists of ranges of addresses: {@code .debug_ranges} (DWARF 4, 2.17.3) and {@code .debug_rnglists} (DWARF 5, 2.17.3). */
final class RangeLists {
    private static final long[] NONE = new long[0];

    private RangeLists() {}

    /** Where the code of an entry lies, as pairs of addresses (first, behind the last). */
    static long[] of(Entry entry, Budget budget) {
        if (entry.has(Attribute.RANGES)) {
            Unit unit = entry.unit();
            LongList pairs = new LongList();
            if (unit.version >= 5) {
                long at = entry.form(Attribute.RANGES) == Form.RNGLISTX
                        ? indexed(unit.sections.rnglists(), unit.rnglistsBase, entry.index(Attribute.RANGES), unit)
                        : entry.number(Attribute.RANGES, -1);
                five(unit, at, pairs, budget);
            } else {
                four(unit, entry.number(Attribute.RANGES, -1), pairs, budget);
            }
            return pairs.inOrder();
        }
        if (!entry.has(Attribute.LOW_PC)) {
            return NONE;
        }
        long low = entry.address(Attribute.LOW_PC);
        long high = entry.has(Attribute.HIGH_PC) ? FunctionReader.high(entry, low) : low + 1;
        budget.take(1);
        return Long.compareUnsigned(low, high) < 0 ? new long[] {low, high} : NONE;
    }

    /** Offset of the list of that number: behind the header of a table are offsets counted from there (7.28, 7.29). */
    static long indexed(ByteBuffer section, long base, long index, Unit unit) {
        if (index < 0 || index > section.limit() / unit.offsetSize) {
            throw new DamagedDwarfException("a list has number " + Long.toUnsignedString(index));
        }
        return base + new Cursor(section, base + index * unit.offsetSize).unsigned(unit.offsetSize);
    }

    private static void four(Unit unit, long at, LongList pairs, Budget budget) {
        Cursor cursor = new Cursor(unit.sections.ranges(), at);
        long base = unit.low;
        while (true) {
            long low = cursor.u64();
            long high = cursor.u64();
            budget.take(1);
            if (low == -1) {
                base = high;
            } else if (low == 0 && high == 0) {
                return;
            } else {
                add(pairs, base + low, base + high);
            }
        }
    }

    private static void five(Unit unit, long at, LongList pairs, Budget budget) {
        Cursor cursor = new Cursor(unit.sections.rnglists(), at);
        long base = unit.low;
        while (true) {
            int kind = cursor.u8();
            budget.take(1);
            long low;
            switch (kind) {
                case 0:
                    return;
                case 1:
                    base = unit.address(cursor.uleb());
                    break;
                case 2:
                    low = unit.address(cursor.uleb());
                    add(pairs, low, unit.address(cursor.uleb()));
                    break;
                case 3:
                    low = unit.address(cursor.uleb());
                    add(pairs, low, low + cursor.uleb());
                    break;
                case 4:
                    low = base + cursor.uleb();
                    add(pairs, low, base + cursor.uleb());
                    break;
                case 5:
                    base = cursor.u64();
                    break;
                case 6:
                    low = cursor.u64();
                    add(pairs, low, cursor.u64());
                    break;
                case 7:
                    low = cursor.u64();
                    add(pairs, low, low + cursor.uleb());
                    break;
                default:
                    throw new DamagedDwarfException("a list of ranges has an entry of kind " + kind);
            }
        }
    }

    private static void add(LongList pairs, long low, long high) {
        if (Long.compareUnsigned(low, high) < 0) {
            pairs.add(low);
            pairs.add(high);
        }
    }
}
