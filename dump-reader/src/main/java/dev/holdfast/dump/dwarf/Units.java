package dev.holdfast.dump.dwarf;

import java.util.Arrays;
import java.util.List;

/** The units of a program, in the order of the section; immutable. */
final class Units {
    final Sections sections;
    private final Unit[] units;
    private final int[] starts;

    Units(Sections sections, List<Unit> found) {
        this.sections = sections;
        this.units = found.toArray(Unit[]::new);
        this.starts = found.stream().mapToInt(unit -> unit.start).toArray();
    }

    List<Unit> list() {
        return List.of(units);
    }

    /** Reads the entry at an offset. */
    void read(Entry entry, long offset) {
        entry.read(of(offset), new Cursor(sections.info(), offset));
    }

    /** Reads the entry at an offset; the cursor returned is behind its attributes. */
    Cursor open(Entry entry, long offset) {
        Unit unit = of(offset);
        Cursor cursor = new Cursor(sections.info(), offset);
        entry.read(unit, cursor);
        return cursor;
    }

    private Unit of(long offset) {
        int at = offset < 0 || offset > Integer.MAX_VALUE ? -1 : Arrays.binarySearch(starts, (int) offset);
        int index = at >= 0 ? at : -at - 2;
        if (index < 0 || offset < units[index].first || offset >= units[index].end) {
            throw new DamagedDwarfException("an entry lies outside all units");
        }
        return units[index];
    }
}
