package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.Warnings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the types, variables, constants and functions of Go's units lie; immutable.
 *
 * <p>Made in one pass over {@code .debug_info}, which passes over everything inside of functions and does not make an object
 * for an entry. 8 bytes a type's name, descriptor, variable or constant, 20 bytes a function.
 */
final class Index {
    /** Units of the largest programs are some ten thousand; a forged file may have one in every 12 bytes. */
    private static final int MOST_UNITS = 1 << 18;

    final Units units;
    final NameIndex types;
    final NameIndex variables;
    final NameIndex constants;
    /** Offsets of the variables, in the order of the file. */
    final int[] variableOffsets;
    /** Descriptor's offset above the type's. */
    private final long[] descriptors;

    final FunctionIndex functions;

    private Index(Builder from, Units units) {
        this.units = units;
        this.types = new NameIndex(units, from.types.sorted());
        this.variableOffsets = from.variableOffsets();
        this.variables = new NameIndex(units, from.variables.sorted());
        this.constants = new NameIndex(units, from.constants.sorted());
        this.descriptors = from.descriptors.sorted();
        this.functions = FunctionIndex.of(from.lows.inOrder(), from.highs.inOrder(), from.functions.inOrder());
    }

    /** Offset of the type that has the descriptor, or -1. */
    long typeOfDescriptor(long descriptor) {
        if (descriptor <= 0 || descriptor > Integer.MAX_VALUE) {
            return -1;
        }
        int at = Arrays.binarySearch(descriptors, descriptor << 32);
        at = at < 0 ? -at - 1 : at;
        return at < descriptors.length && descriptors[at] >> 32 == descriptor ? (int) descriptors[at] : -1;
    }

    static Index of(Sections sections, Warnings warnings) {
        return new Builder(sections, warnings).build();
    }

    private static final class Builder {
        private final Sections sections;
        private final Warnings warnings;
        private final AbbreviationTable.Cache tables;
        private final List<Unit> units = new ArrayList<>();
        private final Entry entry = new Entry();
        final LongList types = new LongList();
        final LongList variables = new LongList();
        final LongList constants = new LongList();
        final LongList descriptors = new LongList();
        final LongList lows = new LongList();
        final LongList highs = new LongList();
        final LongList functions = new LongList();

        Builder(Sections sections, Warnings warnings) {
            this.sections = sections;
            this.warnings = warnings;
            this.tables = new AbbreviationTable.Cache(sections.abbrev());
        }

        Index build() {
            readUnits();
            for (Unit unit : units) {
                if (unit.go) {
                    try {
                        scan(unit);
                    } catch (DamagedDwarfException e) {
                        damaged(unit.start, e);
                    }
                }
            }
            return new Index(this, new Units(sections, units));
        }

        private void readUnits() {
            int size = sections.info().limit();
            long start = 0;
            while (start < size) {
                long next = size;
                try {
                    Cursor cursor = new Cursor(sections.info(), start);
                    int offsetSize = 4;
                    long length = cursor.u32();
                    if (length == 0xffffffffL) {
                        offsetSize = 8;
                        length = cursor.u64();
                    } else if (length >= 0xfffffff0L) {
                        throw new DamagedDwarfException("a unit has a reserved length");
                    }
                    if (length < 0 || length > size - cursor.position) {
                        warnings.loss(Dwarf.DAMAGED, start, "a unit is cut off by the end of its section", 1);
                    } else {
                        next = cursor.position + length;
                    }
                    if (units.size() == MOST_UNITS) {
                        throw new DamagedDwarfException("too many units");
                    }
                    units.add(Unit.read(sections, tables, cursor, (int) start, (int) next, offsetSize));
                } catch (DamagedDwarfException e) {
                    damaged(start, e);
                    if (units.size() == MOST_UNITS) {
                        return;
                    }
                }
                start = next;
            }
        }

        private void damaged(long offset, DamagedDwarfException e) {
            warnings.loss(Dwarf.DAMAGED, offset, String.valueOf(e.getMessage()), 1);
        }

        /** Notes the children of the unit's entry. Depth is a number, so no nesting is too deep. */
        private void scan(Unit unit) {
            Cursor cursor = new Cursor(sections.info(), unit.first);
            int offsetSize = unit.offsetSize;
            int version = unit.version;
            int end = unit.end;
            long depth = 0;
            while (cursor.position < end) {
                int start = cursor.position;
                long code = cursor.uleb();
                if (code == 0) {
                    if (--depth <= 0) {
                        return;
                    }
                    continue;
                }
                Abbreviation abbreviation = unit.abbreviations.get(code);
                if (abbreviation == null) {
                    throw new DamagedDwarfException("an entry has an abbreviation that its unit does not have");
                }
                if (depth == 1 && abbreviation.indexed) {
                    cursor.position = start;
                    entry.read(unit, cursor);
                    note();
                } else {
                    abbreviation.pass(cursor, offsetSize, version);
                }
                if (abbreviation.children) {
                    depth++;
                } else if (depth == 0) {
                    return;
                }
            }
        }

        private void note() {
            int tag = entry.tag();
            if (tag == Tag.SUBPROGRAM) {
                if (entry.has(Attribute.LOW_PC) && entry.has(Attribute.HIGH_PC)) {
                    long low = entry.address(Attribute.LOW_PC);
                    long high = FunctionReader.high(entry, low);
                    if (Long.compareUnsigned(low, high) < 0) {
                        lows.add(low);
                        highs.add(high);
                        functions.add(entry.offset());
                    }
                }
            } else if (tag == Tag.VARIABLE) {
                if (entry.expression(Attribute.LOCATION) != null) {
                    name(variables);
                }
            } else if (tag == Tag.CONSTANT) {
                name(constants);
            } else {
                name(types);
                long descriptor = entry.number(Attribute.GO_RUNTIME_TYPE, 0);
                if (descriptor > 0 && descriptor <= Integer.MAX_VALUE) {
                    descriptors.add(descriptor << 32 | entry.offset());
                }
            }
        }

        private void name(LongList to) {
            Cursor name = entry.stringCursor(Attribute.NAME);
            if (name != null) {
                to.add(NameIndex.pack(name.hashOfString(), entry.offset()));
            }
        }

        int[] variableOffsets() {
            long[] packed = variables.inOrder();
            int[] offsets = new int[packed.length];
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = (int) packed[i];
            }
            return offsets;
        }
    }
}
