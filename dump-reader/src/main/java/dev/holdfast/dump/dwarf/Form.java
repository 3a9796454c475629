package dev.holdfast.dump.dwarf;

/** How values of attributes are encoded (DWARF 5, 7.5.6, with what compilers used before it). */
final class Form {
    static final int ADDR = 0x01;
    static final int BLOCK2 = 0x03;
    static final int BLOCK4 = 0x04;
    static final int DATA2 = 0x05;
    static final int DATA4 = 0x06;
    static final int DATA8 = 0x07;
    static final int STRING = 0x08;
    static final int BLOCK = 0x09;
    static final int BLOCK1 = 0x0a;
    static final int DATA1 = 0x0b;
    static final int FLAG = 0x0c;
    static final int SDATA = 0x0d;
    static final int STRP = 0x0e;
    static final int UDATA = 0x0f;
    static final int REF_ADDR = 0x10;
    static final int REF1 = 0x11;
    static final int REF2 = 0x12;
    static final int REF4 = 0x13;
    static final int REF8 = 0x14;
    static final int REF_UDATA = 0x15;
    static final int INDIRECT = 0x16;
    static final int SEC_OFFSET = 0x17;
    static final int EXPRLOC = 0x18;
    static final int FLAG_PRESENT = 0x19;
    static final int STRX = 0x1a;
    static final int ADDRX = 0x1b;
    static final int REF_SUP4 = 0x1c;
    static final int STRP_SUP = 0x1d;
    static final int DATA16 = 0x1e;
    static final int LINE_STRP = 0x1f;
    static final int REF_SIG8 = 0x20;
    static final int IMPLICIT_CONST = 0x21;
    static final int LOCLISTX = 0x22;
    static final int RNGLISTX = 0x23;
    static final int REF_SUP8 = 0x24;
    static final int STRX1 = 0x25;
    static final int STRX2 = 0x26;
    static final int STRX3 = 0x27;
    static final int STRX4 = 0x28;
    static final int ADDRX1 = 0x29;
    static final int ADDRX2 = 0x2a;
    static final int ADDRX3 = 0x2b;
    static final int ADDRX4 = 0x2c;
    static final int GNU_ADDR_INDEX = 0x1f01;
    static final int GNU_STR_INDEX = 0x1f02;
    static final int GNU_REF_ALT = 0x1f20;
    static final int GNU_STRP_ALT = 0x1f21;

    /** Sizes that have to be read; others are numbers of bytes. */
    static final int SIZE_LEB = -1;

    static final int SIZE_STRING = -2;
    static final int SIZE_BLOCK = -3;
    static final int SIZE_BLOCK1 = -4;
    static final int SIZE_BLOCK2 = -5;
    static final int SIZE_BLOCK4 = -6;
    static final int SIZE_INDIRECT = -7;
    static final int SIZE_UNKNOWN = -8;

    private Form() {}

    /**
     * Bytes of a value, or one of the negative sizes.
     *
     * @param offsetSize 4, or 8 in units of the 64-bit format
     * @param version of the unit
     */
    static int size(int form, int offsetSize, int version) {
        switch (form) {
            case FLAG_PRESENT:
            case IMPLICIT_CONST:
                return 0;
            case DATA1:
            case FLAG:
            case REF1:
            case STRX1:
            case ADDRX1:
                return 1;
            case DATA2:
            case REF2:
            case STRX2:
            case ADDRX2:
                return 2;
            case STRX3:
            case ADDRX3:
                return 3;
            case DATA4:
            case REF4:
            case REF_SUP4:
            case STRX4:
            case ADDRX4:
                return 4;
            case ADDR:
            case DATA8:
            case REF8:
            case REF_SIG8:
            case REF_SUP8:
                return 8;
            case DATA16:
                return 16;
            case STRP:
            case LINE_STRP:
            case SEC_OFFSET:
            case STRP_SUP:
            case GNU_REF_ALT:
            case GNU_STRP_ALT:
                return offsetSize;
            case REF_ADDR:
                // An address in DWARF 2, an offset since.
                return version <= 2 ? 8 : offsetSize;
            case SDATA:
            case UDATA:
            case REF_UDATA:
            case STRX:
            case ADDRX:
            case LOCLISTX:
            case RNGLISTX:
            case GNU_ADDR_INDEX:
            case GNU_STR_INDEX:
                return SIZE_LEB;
            case STRING:
                return SIZE_STRING;
            case BLOCK:
            case EXPRLOC:
                return SIZE_BLOCK;
            case BLOCK1:
                return SIZE_BLOCK1;
            case BLOCK2:
                return SIZE_BLOCK2;
            case BLOCK4:
                return SIZE_BLOCK4;
            case INDIRECT:
                return SIZE_INDIRECT;
            default:
                return SIZE_UNKNOWN;
        }
    }

    /** Passes a value of that size. */
    static void skip(Cursor cursor, int size, int offsetSize, int version) {
        int step = size;
        while (step == SIZE_INDIRECT) {
            step = size((int) cursor.uleb(), offsetSize, version);
        }
        switch (step) {
            case SIZE_LEB:
                cursor.skipLeb();
                break;
            case SIZE_STRING:
                cursor.skipString();
                break;
            case SIZE_BLOCK:
                cursor.skip(cursor.uleb());
                break;
            case SIZE_BLOCK1:
                cursor.skip(cursor.u8());
                break;
            case SIZE_BLOCK2:
                cursor.skip(cursor.u16());
                break;
            case SIZE_BLOCK4:
                cursor.skip(cursor.u32());
                break;
            case SIZE_UNKNOWN:
                throw new DamagedDwarfException("an attribute has a form that DWARF does not know");
            default:
                cursor.skip(step);
                break;
        }
    }
}
