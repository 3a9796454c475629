package dev.holdfast.dump.dwarf;

/** Where the code of an entry lies: {@code .debug_ranges} (DWARF 4, 2.17.3) and {@code .debug_rnglists} (DWARF 5, 2.17.3). */
final class RangeLists {
    private static final long[] NONE = new long[0];

    private RangeLists() {}

    /** Where the code of an entry lies, as pairs of addresses (first, behind the last). */
    static long[] of(Entry entry, Budget budget) {
        if (entry.has(Attribute.RANGES)) {
            LongList pairs = new LongList();
            RangeList list = open(entry, budget);
            while (list.next()) {
                if (!list.isEmpty()) {
                    pairs.add(list.low());
                    pairs.add(list.high());
                }
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

    private static RangeList open(Entry entry, Budget budget) {
        Unit unit = entry.unit();
        if (unit.version < 5) {
            return new RangeList(unit, unit.sections.ranges(), entry.number(Attribute.RANGES, -1), false, budget);
        }
        long at = entry.form(Attribute.RANGES) == Form.RNGLISTX
                ? RangeList.indexed(unit.sections.rnglists(), unit.rnglistsBase, entry.index(Attribute.RANGES), unit)
                : entry.number(Attribute.RANGES, -1);
        return new RangeList(unit, unit.sections.rnglists(), at, false, budget);
    }
}
