package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.dwarf.DwarfType.Field;
import dev.holdfast.dump.dwarf.DwarfType.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads one type's entry; types it refers to are only asked for their size, so cycles do no harm. */
final class TypeReader {
    /** Entries inside one type, and 16 bytes of their names each, that are read; the largest struct of cmd/go has 74. */
    private static final int MOST = 1 << 16;

    /** Longest chain of names and arrays behind a type without a size; Go's have at most three links. */
    private static final int LONGEST_CHAIN = 64;

    /** Go's kinds before it had other bits: {@code KindDirectIface} and {@code KindGCProg} are masked away. */
    private static final int KIND_MASK = 0x1f;

    private final Units units;
    private final Entry entry = new Entry();

    TypeReader(Units units) {
        this.units = units;
    }

    /** What is known of a type whose entry cannot be read. */
    static DwarfType unknown(long offset) {
        return new DwarfType(offset, Kind.OTHER, "", 0, List.of(), -1, 0, 0, 0, -1, -1, -1);
    }

    DwarfType read(long offset) {
        Cursor behind = units.open(entry, offset);
        if (entry.isNull()) {
            throw new DamagedDwarfException("a type's entry is missing");
        }
        Kind kind = kind(entry.tag());
        String name = entry.string(Attribute.NAME);
        long size = entry.number(Attribute.BYTE_SIZE, -1);
        long element = kind == Kind.FUNCTION || kind == Kind.BASE ? -1 : entry.reference(Attribute.TYPE);
        int goKind = (int) entry.number(Attribute.GO_KIND, 0) & KIND_MASK;
        long descriptor = entry.number(Attribute.GO_RUNTIME_TYPE, 0);
        long key = entry.reference(Attribute.GO_KEY);
        long elem = entry.reference(Attribute.GO_ELEM);
        long dictionary = entry.number(Attribute.GO_DICT_INDEX, -1);
        boolean children = entry.children();
        Unit unit = entry.unit();
        List<Field> fields = children && kind == Kind.STRUCT ? fields(unit, behind) : List.of();
        long count = children && kind == Kind.ARRAY ? count(unit, behind) : 0;
        if (size < 0) {
            size = sizeOf(kind, element, count);
        }
        return new DwarfType(offset, kind, name, size, fields, element, count, goKind, descriptor, key, elem, (int)
                Math.max(-1, Math.min(dictionary, Integer.MAX_VALUE)));
    }

    private static Kind kind(int tag) {
        switch (tag) {
            case Tag.BASE_TYPE:
            case Tag.ENUMERATION_TYPE:
                return Kind.BASE;
            case Tag.POINTER_TYPE:
            case Tag.REFERENCE_TYPE:
                return Kind.POINTER;
            case Tag.STRUCTURE_TYPE:
            case Tag.CLASS_TYPE:
            case Tag.UNION_TYPE:
                return Kind.STRUCT;
            case Tag.ARRAY_TYPE:
                return Kind.ARRAY;
            case Tag.TYPEDEF:
            case Tag.CONST_TYPE:
            case Tag.VOLATILE_TYPE:
            case Tag.RESTRICT_TYPE:
            case Tag.ATOMIC_TYPE:
                return Kind.TYPEDEF;
            case Tag.SUBROUTINE_TYPE:
                return Kind.FUNCTION;
            default:
                return Kind.OTHER;
        }
    }

    /** Reads the entries below one, and stops at each that is its own child and of a kind. */
    private final class Children {
        private final Unit unit;
        private final Cursor cursor;
        private final int tag;
        private final Budget budget = new Budget(MOST);
        private long depth = 1;

        /** Stands before the first. */
        Children(Unit unit, Cursor cursor, int tag) {
            this.unit = unit;
            this.cursor = cursor;
            this.tag = tag;
        }

        /** Goes to the next; then it is the reader's entry. */
        boolean next() {
            while (depth > 0 && cursor.position < unit.end) {
                budget.take(1);
                entry.read(unit, cursor);
                if (entry.isNull()) {
                    depth--;
                    continue;
                }
                boolean wanted = depth == 1 && entry.tag() == tag;
                depth += entry.children() ? 1 : 0;
                if (wanted) {
                    return true;
                }
            }
            return false;
        }
    }

    private List<Field> fields(Unit unit, Cursor cursor) {
        List<Field> fields = new ArrayList<>();
        Children members = new Children(unit, cursor, Tag.MEMBER);
        while (members.next()) {
            String name = entry.string(Attribute.NAME);
            members.budget.take(name.length() / 16);
            long type = entry.reference(Attribute.TYPE);
            boolean embedded = entry.number(Attribute.GO_EMBEDDED_FIELD, 0) != 0;
            fields.add(new Field(name, memberOffset(), type, embedded));
        }
        return List.copyOf(fields);
    }

    /** A number, or in DWARF 2 to 4 also an expression that adds one to the struct's address. */
    private long memberOffset() {
        Block block = entry.expression(Attribute.DATA_MEMBER_LOCATION);
        if (block == null) {
            return Math.max(0, entry.number(Attribute.DATA_MEMBER_LOCATION, 0));
        }
        return Math.max(0, Expression.memberOffset(block));
    }

    /** Elements of all dimensions together; 0 where that is unknown. */
    private long count(Unit unit, Cursor cursor) {
        long count = 1;
        int dimensions = 0;
        Children ranges = new Children(unit, cursor, Tag.SUBRANGE_TYPE);
        while (ranges.next()) {
            long length = entry.number(Attribute.COUNT, -1);
            if (length < 0) {
                length = entry.number(Attribute.UPPER_BOUND, -1) + 1;
            }
            dimensions++;
            count = product(count, Math.max(0, length));
        }
        return dimensions == 0 ? 0 : count;
    }

    private static long product(long a, long b) {
        long high = Math.multiplyHigh(a, b);
        return high != 0 || a * b < 0 ? 0 : a * b;
    }

    /** Size of a type that does not say it. */
    private long sizeOf(Kind kind, long element, long count) {
        Kind at = kind;
        long next = element;
        long times = 1;
        long elements = count;
        for (int link = 0; link < LONGEST_CHAIN; link++) {
            if (at == Kind.POINTER || at == Kind.FUNCTION) {
                return product(times, 8);
            }
            if (at == Kind.ARRAY) {
                times = product(times, elements);
            } else if (at != Kind.TYPEDEF) {
                return 0;
            }
            if (next < 0) {
                return 0;
            }
            Cursor behind = units.open(entry, next);
            if (entry.isNull()) {
                return 0;
            }
            long size = entry.number(Attribute.BYTE_SIZE, -1);
            if (size >= 0) {
                return product(times, size);
            }
            at = kind(entry.tag());
            next = entry.reference(Attribute.TYPE);
            elements = at == Kind.ARRAY && entry.children() ? count(entry.unit(), behind) : 0;
        }
        return 0;
    }
}
