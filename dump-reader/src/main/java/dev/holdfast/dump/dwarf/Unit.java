package dev.holdfast.dump.dwarf;

/** A unit of {@code .debug_info}: what its header and its first entry say; immutable once its index was made. */
final class Unit {
    /** {@code DW_LANG_Go}. */
    private static final int GO = 0x16;

    private static final int TYPE_UNIT = 2;
    private static final int SKELETON = 4;
    private static final int SPLIT_COMPILE = 5;
    private static final int SPLIT_TYPE = 6;

    final Sections sections;
    final int start;
    final int end;
    final int first;
    final int version;
    final int offsetSize;
    final AbbreviationTable abbreviations;

    /** Whether Go's compiler or assembler made it. */
    boolean go;

    String name = "";
    String producer = "";
    long low;
    long addrBase;
    long strOffsetsBase;
    long loclistsBase;
    long rnglistsBase;

    private Unit(
            Sections sections,
            int start,
            int end,
            int first,
            int version,
            int offsetSize,
            AbbreviationTable abbreviations) {
        this.sections = sections;
        this.start = start;
        this.end = end;
        this.first = first;
        this.version = version;
        this.offsetSize = offsetSize;
        this.abbreviations = abbreviations;
    }

    /**
     * Reads the header and the first entry of the unit that starts and ends there.
     *
     * @param cursor behind its length
     */
    static Unit read(
            Sections sections, AbbreviationTable.Cache tables, Cursor cursor, int start, int end, int offsetSize) {
        int version = cursor.u16();
        if (version < 2 || version > 5) {
            throw new DamagedDwarfException("a unit has version " + version);
        }
        int type = version >= 5 ? cursor.u8() : 1;
        int addressSize = version >= 5 ? cursor.u8() : 0;
        long table = cursor.unsigned(offsetSize);
        if (version < 5) {
            addressSize = cursor.u8();
        }
        if (addressSize != 8) {
            throw new DamagedDwarfException("addresses of a unit have " + addressSize + " bytes");
        }
        if (type == SKELETON || type == SPLIT_COMPILE) {
            cursor.skip(8);
        } else if (type == TYPE_UNIT || type == SPLIT_TYPE) {
            cursor.skip(8 + offsetSize);
        }
        Unit unit = new Unit(
                sections, start, end, cursor.position, version, offsetSize, tables.at(table, offsetSize, version));
        unit.describe();
        return unit;
    }

    private void describe() {
        if (first >= end) {
            return;
        }
        Entry entry = new Entry();
        entry.read(this, new Cursor(sections.info(), first));
        if (entry.isNull()) {
            return;
        }
        // Without bases, indexes count from behind the header of the section's first table (DWARF 5, 7.26 to 7.29).
        int header = offsetSize == 4 ? 8 : 16;
        addrBase = entry.number(Attribute.ADDR_BASE, header);
        strOffsetsBase = entry.number(Attribute.STR_OFFSETS_BASE, header);
        loclistsBase = entry.number(Attribute.LOCLISTS_BASE, header + 4);
        rnglistsBase = entry.number(Attribute.RNGLISTS_BASE, header + 4);
        go = entry.number(Attribute.LANGUAGE, 0) == GO;
        if (go) {
            name = entry.string(Attribute.NAME);
            producer = entry.string(Attribute.PRODUCER);
            low = entry.has(Attribute.LOW_PC) ? entry.address(Attribute.LOW_PC) : 0;
        }
    }

    /** The address of that number in the unit's part of {@code .debug_addr}. */
    long address(long index) {
        if (index < 0 || index > sections.addr().limit() / 8) {
            throw new DamagedDwarfException("an address has number " + Long.toUnsignedString(index));
        }
        return new Cursor(sections.addr(), addrBase + 8 * index).u64();
    }
}
