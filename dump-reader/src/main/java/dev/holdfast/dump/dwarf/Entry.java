package dev.holdfast.dump.dwarf;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An entry of {@code .debug_info}: remembers where the values of its attributes lie and decodes those it is asked for.
 *
 * <p>Mutable, to be used for one entry after the other; belongs to one thread.
 */
final class Entry {
    private @Nullable Unit unit;
    private @Nullable Abbreviation abbreviation;
    private int offset;
    private int[] forms = new int[16];
    private int[] places = new int[16];

    /** Reads the entry at the cursor, which is behind its attributes afterwards. */
    void read(Unit from, Cursor cursor) {
        unit = from;
        offset = cursor.position;
        abbreviation = null;
        long code = cursor.uleb();
        if (code == 0) {
            return;
        }
        Abbreviation found = from.abbreviations.get(code);
        if (found == null) {
            throw new DamagedDwarfException("an entry has an abbreviation that its unit does not have");
        }
        int count = found.forms.length;
        if (count > forms.length) {
            forms = new int[2 * count];
            places = new int[2 * count];
        }
        for (int i = 0; i < count; i++) {
            int form = found.forms[i];
            while (form == Form.INDIRECT) {
                form = (int) cursor.uleb();
            }
            forms[i] = form;
            places[i] = cursor.position;
            Form.skip(cursor, Form.size(form, from.offsetSize, from.version), from.offsetSize, from.version);
        }
        abbreviation = found;
    }

    /** Whether it only ends a list of children. */
    boolean isNull() {
        return abbreviation == null;
    }

    int offset() {
        return offset;
    }

    int tag() {
        return abbreviation().tag;
    }

    boolean children() {
        return abbreviation().children;
    }

    Unit unit() {
        if (unit == null) {
            throw new IllegalStateException("nothing was read");
        }
        return unit;
    }

    boolean has(int attribute) {
        return abbreviation().indexOf(attribute) >= 0;
    }

    /** A number, or the default if the entry does not have the attribute. */
    long number(int attribute, long otherwise) {
        int index = abbreviation().indexOf(attribute);
        if (index < 0) {
            return otherwise;
        }
        Cursor cursor = new Cursor(unit().sections.info(), places[index]);
        switch (forms[index]) {
            case Form.DATA1:
            case Form.FLAG:
                return cursor.u8();
            case Form.DATA2:
                return cursor.u16();
            case Form.DATA4:
                return cursor.u32();
            case Form.DATA8:
            case Form.ADDR:
                return cursor.u64();
            case Form.SDATA:
                return cursor.sleb();
            case Form.UDATA:
                return cursor.uleb();
            case Form.SEC_OFFSET:
                return cursor.unsigned(unit().offsetSize);
            case Form.FLAG_PRESENT:
                return 1;
            case Form.IMPLICIT_CONST:
                return abbreviation().implicit[index];
            default:
                return otherwise;
        }
    }

    /** Form of an attribute, or 0 if the entry does not have it. */
    int form(int attribute) {
        int index = abbreviation().indexOf(attribute);
        return index < 0 ? 0 : forms[index];
    }

    /** A value of a form with one of the sizes of an index, such as {@link Form#LOCLISTX}. */
    long index(int attribute) {
        Cursor cursor = cursor(attribute);
        switch (form(attribute)) {
            case Form.STRX1:
            case Form.ADDRX1:
                return cursor.u8();
            case Form.STRX2:
            case Form.ADDRX2:
                return cursor.u16();
            case Form.STRX3:
            case Form.ADDRX3:
                return cursor.unsigned(3);
            case Form.STRX4:
            case Form.ADDRX4:
                return cursor.u32();
            default:
                return cursor.uleb();
        }
    }

    /** A cursor at the value of an attribute, which the entry must have. */
    Cursor cursor(int attribute) {
        int index = abbreviation().indexOf(attribute);
        if (index < 0) {
            throw new DamagedDwarfException("an entry lacks an attribute");
        }
        return new Cursor(unit().sections.info(), places[index]);
    }

    /** An address. */
    long address(int attribute) {
        switch (form(attribute)) {
            case Form.ADDR:
                return cursor(attribute).u64();
            case Form.ADDRX:
            case Form.ADDRX1:
            case Form.ADDRX2:
            case Form.ADDRX3:
            case Form.ADDRX4:
            case Form.GNU_ADDR_INDEX:
                return unit().address(index(attribute));
            default:
                throw new DamagedDwarfException("an address has another form");
        }
    }

    /** Offset in {@code .debug_info} of the entry an attribute refers to, or -1. */
    long reference(int attribute) {
        long base = unit().start;
        switch (form(attribute)) {
            case Form.REF_ADDR:
                return inside(cursor(attribute).unsigned(unit().version <= 2 ? 8 : unit().offsetSize));
            case Form.REF1:
                return inside(base + cursor(attribute).u8());
            case Form.REF2:
                return inside(base + cursor(attribute).u16());
            case Form.REF4:
                return inside(base + cursor(attribute).u32());
            case Form.REF8:
                return inside(base + cursor(attribute).u64());
            case Form.REF_UDATA:
                return inside(base + cursor(attribute).uleb());
            default:
                return -1;
        }
    }

    /** References that point nowhere are none. */
    private long inside(long to) {
        return to >= 0 && to < unit().sections.info().limit() ? to : -1;
    }

    /** A string; empty if the entry does not have the attribute. */
    String string(int attribute) {
        Cursor cursor = stringCursor(attribute);
        return cursor == null ? "" : cursor.string();
    }

    /** A cursor at the bytes of a string, or null if the entry does not have the attribute. */
    @Nullable
    Cursor stringCursor(int attribute) {
        Sections sections = unit().sections;
        switch (form(attribute)) {
            case Form.STRING:
                return cursor(attribute);
            case Form.STRP:
                return new Cursor(sections.str(), cursor(attribute).unsigned(unit().offsetSize));
            case Form.LINE_STRP:
                return new Cursor(sections.lineStr(), cursor(attribute).unsigned(unit().offsetSize));
            case Form.STRX:
            case Form.STRX1:
            case Form.STRX2:
            case Form.STRX3:
            case Form.STRX4:
            case Form.GNU_STR_INDEX:
                long index = index(attribute);
                int width = unit().offsetSize;
                ByteBuffer offsets = sections.strOffsets();
                if (index < 0 || index > offsets.limit() / width) {
                    throw new DamagedDwarfException("a string has number " + Long.toUnsignedString(index));
                }
                Cursor entry = new Cursor(offsets, unit().strOffsetsBase + width * index);
                return new Cursor(sections.str(), entry.unsigned(width));
            default:
                return null;
        }
    }

    /** The bytes of an expression, or null if the attribute is none or absent. */
    @Nullable
    Block expression(int attribute) {
        int form = form(attribute);
        if (form != Form.EXPRLOC
                && form != Form.BLOCK1
                && form != Form.BLOCK
                && form != Form.BLOCK2
                && form != Form.BLOCK4) {
            return null;
        }
        Cursor cursor = cursor(attribute);
        long length;
        switch (form) {
            case Form.BLOCK1:
                length = cursor.u8();
                break;
            case Form.BLOCK2:
                length = cursor.u16();
                break;
            case Form.BLOCK4:
                length = cursor.u32();
                break;
            default:
                length = cursor.uleb();
                break;
        }
        return cursor.block(length);
    }

    private Abbreviation abbreviation() {
        if (abbreviation == null) {
            throw new DamagedDwarfException("an entry is missing");
        }
        return abbreviation;
    }
}
