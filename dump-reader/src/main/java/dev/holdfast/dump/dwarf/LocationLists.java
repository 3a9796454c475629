package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.dwarf.DwarfFunction.Piece;
import dev.holdfast.dump.dwarf.DwarfFunction.Range;
import java.util.ArrayList;
import java.util.List;

/** Lists of locations: {@code .debug_loc} (DWARF 4, 2.6.2) and {@code .debug_loclists} (DWARF 5, 2.6.2). */
final class LocationLists {
    private final Unit unit;
    private final boolean frame;
    private final Budget budget;
    private final List<Range> ranges = new ArrayList<>();

    private LocationLists(Unit unit, boolean frame, Budget budget) {
        this.unit = unit;
        this.frame = frame;
        this.budget = budget;
    }

    /**
     * The places of a variable whose location is a list.
     *
     * @param block where its block has code, for a place that counts everywhere else
     * @param frame whether the function's frame base is the canonical frame address
     */
    static List<Range> of(Entry entry, long[] block, boolean frame, Budget budget) {
        Unit unit = entry.unit();
        LocationLists lists = new LocationLists(unit, frame, budget);
        if (unit.version >= 5) {
            long at = entry.form(Attribute.LOCATION) == Form.LOCLISTX
                    ? RangeLists.indexed(
                            unit.sections.loclists(), unit.loclistsBase, entry.index(Attribute.LOCATION), unit)
                    : entry.number(Attribute.LOCATION, -1);
            lists.five(at, block);
        } else {
            lists.four(entry.number(Attribute.LOCATION, -1));
        }
        return List.copyOf(lists.ranges);
    }

    private void four(long at) {
        Cursor cursor = new Cursor(unit.sections.loc(), at);
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
                add(base + low, base + high, block(cursor, cursor.u16()));
            }
        }
    }

    private void five(long at, long[] block) {
        Cursor cursor = new Cursor(unit.sections.loclists(), at);
        long base = unit.low;
        while (true) {
            int kind = cursor.u8();
            budget.take(1);
            long low = 0;
            long high = 0;
            switch (kind) {
                case 0:
                    return;
                case 1:
                    base = unit.address(cursor.uleb());
                    continue;
                case 2:
                    low = unit.address(cursor.uleb());
                    high = unit.address(cursor.uleb());
                    break;
                case 3:
                    low = unit.address(cursor.uleb());
                    high = low + cursor.uleb();
                    break;
                case 4:
                    low = base + cursor.uleb();
                    high = base + cursor.uleb();
                    break;
                case 5:
                    Block everywhere = block(cursor, cursor.uleb());
                    budget.take(block.length / 2);
                    everywhere(block, Expression.pieces(unit, everywhere, frame), ranges);
                    continue;
                case 6:
                    base = cursor.u64();
                    continue;
                case 7:
                    low = cursor.u64();
                    high = cursor.u64();
                    break;
                case 8:
                    low = cursor.u64();
                    high = low + cursor.uleb();
                    break;
                default:
                    throw new DamagedDwarfException("a list of locations has an entry of kind " + kind);
            }
            add(low, high, block(cursor, cursor.uleb()));
        }
    }

    /** Adds the ranges of a block, in all of which a variable has the same place. */
    static void everywhere(long[] block, List<Piece> pieces, List<Range> ranges) {
        for (int i = 0; i < block.length; i += 2) {
            ranges.add(new Range(block[i], block[i + 1], pieces));
        }
    }

    private Block block(Cursor cursor, long length) {
        Block block = cursor.block(length);
        budget.take(length);
        return block;
    }

    private void add(long low, long high, Block block) {
        if (Long.compareUnsigned(low, high) < 0) {
            ranges.add(new Range(low, high, Expression.pieces(unit, block, frame)));
        }
    }
}
