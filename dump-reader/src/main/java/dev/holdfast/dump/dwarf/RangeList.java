package dev.holdfast.dump.dwarf;

import java.nio.ByteBuffer;

/**
 * Goes through a list of ranges of addresses, of either version; behind each range of a list of locations stands the block
 * that it is for (DWARF 4, 2.6.2 and 2.17.3; DWARF 5, 7.25 and 7.29).
 */
final class RangeList {
    private final Unit unit;
    private final Budget budget;
    private final Cursor cursor;
    private final boolean locations;
    private long base;
    private long low;
    private long high;
    private boolean everywhere;

    /**
     * Stands before the first range.
     *
     * @param at offset of the list in its section
     * @param locations whether it is a list of locations
     */
    RangeList(Unit unit, ByteBuffer section, long at, boolean locations, Budget budget) {
        this.unit = unit;
        this.budget = budget;
        this.cursor = new Cursor(section, at);
        this.locations = locations;
        this.base = unit.low;
    }

    /** Offset of the list of that number: behind the header of a table are offsets counted from there (7.28, 7.29). */
    static long indexed(ByteBuffer section, long base, long index, Unit unit) {
        if (index < 0 || index > section.limit() / unit.offsetSize) {
            throw new DamagedDwarfException("a list has number " + Long.toUnsignedString(index));
        }
        return base + new Cursor(section, base + index * unit.offsetSize).unsigned(unit.offsetSize);
    }

    /** Goes to the next range, empty ones too; false at the end. */
    boolean next() {
        return unit.version >= 5 ? five() : four();
    }

    long low() {
        return low;
    }

    long high() {
        return high;
    }

    boolean isEmpty() {
        return Long.compareUnsigned(low, high) >= 0;
    }

    /** Whether this is no range but what counts where none does; only in a list of locations. */
    boolean everywhere() {
        return everywhere;
    }

    /** The block behind the range of a list of locations; must be read before going on. */
    Block block() {
        long length = unit.version >= 5 ? cursor.uleb() : cursor.u16();
        Block block = cursor.block(length);
        budget.take(length);
        return block;
    }

    private boolean four() {
        while (true) {
            low = cursor.u64();
            high = cursor.u64();
            budget.take(1);
            if (low == -1) {
                base = high;
            } else if (low == 0 && high == 0) {
                return false;
            } else {
                low += base;
                high += base;
                return true;
            }
        }
    }

    private boolean five() {
        while (true) {
            int kind = cursor.u8();
            budget.take(1);
            everywhere = locations && kind == 5;
            if (everywhere) {
                return true;
            }
            // A list of locations has one kind more than one of ranges, before the last three.
            switch (locations && kind > 5 ? kind - 1 : kind) {
                case 0:
                    return false;
                case 1:
                    base = unit.address(cursor.uleb());
                    break;
                case 2:
                    low = unit.address(cursor.uleb());
                    high = unit.address(cursor.uleb());
                    return true;
                case 3:
                    low = unit.address(cursor.uleb());
                    high = low + cursor.uleb();
                    return true;
                case 4:
                    low = base + cursor.uleb();
                    high = base + cursor.uleb();
                    return true;
                case 5:
                    base = cursor.u64();
                    break;
                case 6:
                    low = cursor.u64();
                    high = cursor.u64();
                    return true;
                case 7:
                    low = cursor.u64();
                    high = low + cursor.uleb();
                    return true;
                default:
                    throw new DamagedDwarfException(
                            "a list of " + (locations ? "locations" : "ranges") + " has an entry of kind " + kind);
            }
        }
    }
}
