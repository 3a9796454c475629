package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.dwarf.DwarfFunction.Piece;
import dev.holdfast.dump.dwarf.DwarfFunction.Range;
import java.util.ArrayList;
import java.util.List;

/** Places of variables by range: {@code .debug_loc} (DWARF 4, 2.6.2) and {@code .debug_loclists} (DWARF 5, 2.6.2). */
final class LocationLists {
    private LocationLists() {}

    /**
     * The places of a variable whose location is a list.
     *
     * @param block where its block has code, for a place that counts everywhere else
     * @param frame whether the function's frame base is the canonical frame address
     */
    static List<Range> of(Entry entry, long[] block, boolean frame, Budget budget) {
        Unit unit = entry.unit();
        List<Range> ranges = new ArrayList<>();
        RangeList list = open(entry, budget);
        while (list.next()) {
            Block place = list.block();
            if (list.everywhere()) {
                budget.take(block.length / 2);
                everywhere(block, Expression.pieces(unit, place, frame), ranges);
            } else if (!list.isEmpty()) {
                ranges.add(new Range(list.low(), list.high(), Expression.pieces(unit, place, frame)));
            }
        }
        return List.copyOf(ranges);
    }

    private static RangeList open(Entry entry, Budget budget) {
        Unit unit = entry.unit();
        if (unit.version < 5) {
            return new RangeList(unit, unit.sections.loc(), entry.number(Attribute.LOCATION, -1), true, budget);
        }
        long at = entry.form(Attribute.LOCATION) == Form.LOCLISTX
                ? RangeList.indexed(unit.sections.loclists(), unit.loclistsBase, entry.index(Attribute.LOCATION), unit)
                : entry.number(Attribute.LOCATION, -1);
        return new RangeList(unit, unit.sections.loclists(), at, true, budget);
    }

    /** Adds the ranges of a block, in all of which a variable has the same place. */
    static void everywhere(long[] block, List<Piece> pieces, List<Range> ranges) {
        for (int i = 0; i < block.length; i += 2) {
            ranges.add(new Range(block[i], block[i + 1], pieces));
        }
    }
}
