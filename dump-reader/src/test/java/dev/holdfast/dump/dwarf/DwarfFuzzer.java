package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.Warnings;
import dev.holdfast.testkit.FuzzInput;
import dev.holdfast.testkit.FuzzTarget;
import java.util.List;

/** Debugging information: the sections of a program are the parts of the input. */
public final class DwarfFuzzer {
    private static final List<String> SECTIONS = List.of(
            "abbrev", "info", "addr", "loc", "loclists", "ranges", "rnglists", "str", "line_str", "str_offsets");
    private static final long LOW = 0x400000;
    private static final long HIGH = 0x401000;

    private DwarfFuzzer() {}

    /** Where the fuzzer starts. */
    public static List<byte[]> seeds() {
        return List.of(joined(made(5, false)), joined(made(4, false)), joined(made(5, true)), joined(made(2, false)));
    }

    /** Loads what is to be fuzzed, so that no input pays for it. */
    public static void fuzzerInitialize() {
        FuzzTarget.of(DwarfFuzzer.class).warmUp();
    }

    /** Asks everything that can be asked. */
    public static void fuzzerTestOneInput(byte[] input) {
        byte[][] parts = FuzzInput.split(input, SECTIONS.size());
        SectionBytes sections = new SectionBytes();
        for (int i = 0; i < parts.length; i++) {
            sections.with(SECTIONS.get(i), parts[i]);
        }
        Dwarf dwarf = Dwarf.open(sections.sections(), new Warnings());
        if (dwarf == null) {
            return;
        }
        dwarf.producer();
        for (DwarfVariable variable : dwarf.globals()) {
            dwarf.global(variable.name());
            typeAndBelow(dwarf, variable.type());
        }
        for (long offset = 0; offset < parts[1].length; offset++) {
            typeAndBelow(dwarf, offset);
        }
        for (String name : List.of("p.T", "int", "p.v", "p.c", "")) {
            typeAndBelow(dwarf, dwarf.typeNamed(name));
            dwarf.constant(name);
            dwarf.global(name);
        }
        dwarf.typeOfDescriptor(0x40);
        for (int i = 0; i < Math.min(dwarf.functionCount(), 40); i++) {
            DwarfFunction function = dwarf.functionNumbered(i);
            dwarf.function(function.low());
            for (DwarfFunction.Local local : function.variables()) {
                for (DwarfFunction.Range range : local.ranges()) {
                    check(!range.pieces().isEmpty(), "a range without a place");
                }
            }
        }
    }

    private static void typeAndBelow(Dwarf dwarf, long offset) {
        DwarfType type = dwarf.type(offset);
        check(type.size() >= 0 && type.count() >= 0, "a negative size");
        for (DwarfType.Field field : type.fields()) {
            check(field.offset() >= 0, "a negative offset");
            dwarf.type(field.type());
        }
        dwarf.type(type.element());
        dwarf.type(type.goElem());
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static byte[] joined(SectionBytes sections) {
        return FuzzInput.join(SECTIONS.stream().map(sections::get).toArray(byte[][]::new));
    }

    /** A unit of types, variables, a constant, and functions with all kinds of places. */
    private static SectionBytes made(int version, boolean wide) {
        int offset = wide ? 8 : 4;
        int reference = version == 2 ? 8 : offset;
        DwarfBytes abbreviations = new DwarfBytes()
                .abbreviation(
                        1, Tag.UNIT, true, 0x03, 0x08, 0x13, 0x0b, 0x25, 0x08, 0x11, 0x01, 0x73, 0x17, 0x8c, 0x17, 0x74,
                        0x17)
                .abbreviation(2, Tag.STRUCTURE_TYPE, true, 0x03, 0x08, 0x0b, 0x0f, 0x2900, 0x0b, 0x2904, 0x01)
                .abbreviation(3, Tag.MEMBER, false, 0x03, 0x08, 0x38, 0x0f, 0x49, 0x10, 0x2903, 0x0c)
                .abbreviation(4, Tag.BASE_TYPE, false, 0x03, 0x08, 0x0b, 0x0b)
                .abbreviation(5, Tag.VARIABLE, false, 0x03, 0x08, 0x02, 0x0a, 0x49, 0x10)
                .abbreviation(6, 0x27, false, 0x03, 0x08, 0x1c, 0x0d)
                .abbreviation(7, Tag.SUBPROGRAM, true, 0x03, 0x08, 0x11, 0x01, 0x12, 0x0f, 0x40, 0x0a)
                .abbreviation(8, Tag.FORMAL_PARAMETER, false, 0x03, 0x08, 0x02, 0x17, 0x49, 0x10)
                .abbreviation(9, Tag.LEXICAL_BLOCK, true, 0x55, 0x17)
                .abbreviation(10, Tag.INLINED_SUBROUTINE, true, 0x31, 0x10, 0x11, 0x01, 0x12, 0x01)
                .abbreviation(11, Tag.VARIABLE, false, 0x31, 0x10, 0x02, 0x18)
                .abbreviation(12, 0x01, true, 0x03, 0x08, 0x0b, 0x0f, 0x49, 0x10)
                .abbreviation(13, 0x21, false, 0x49, 0x10, 0x37, 0x0f)
                .abbreviation(14, 0x0f, false, 0x03, 0x08, 0x49, 0x10, 0x2900, 0x0b, 0x2904, 0x01)
                .abbreviation(15, 0x16, false, 0x03, 0x0e, 0x49, 0x10)
                .u8(0);
        DwarfBytes entries = new DwarfBytes()
                .uleb(1)
                .string("p")
                .u8(22)
                .string("Go cmd/compile go1.26")
                .u64(LOW)
                .number(8, offset)
                .number(12, offset)
                .number(12, offset);
        int first = DwarfBytes.first(version, wide);
        int integer = first + entries.size();
        entries.uleb(4).string("int").u8(8);
        int struct = first + entries.size();
        entries.uleb(2).string("p.T").uleb(16).u8(25).u64(0x40);
        entries.uleb(3).string("next").uleb(0).number(struct, reference).u8(0);
        entries.uleb(3).string("count").uleb(8).number(integer, reference).u8(1).u8(0);
        entries.uleb(12).string("[4]int").uleb(32).number(integer, reference);
        entries.uleb(13).number(integer, reference).uleb(4).u8(0);
        entries.uleb(14).string("*p.T").number(struct, reference).u8(22).u64(0x80);
        entries.uleb(15).number(1, offset).number(struct, reference);
        entries.uleb(5).string("p.v").u8(9).u8(3).u64(0x600000).number(struct, reference);
        entries.uleb(6).string("p.c").sleb(-77);
        entries.uleb(7).string("p.f").u64(LOW).uleb(HIGH - LOW).u8(1).u8(0x9c);
        int parameter = first + entries.size();
        entries.uleb(8).string("x").number(version >= 5 ? 12 : 0, offset).number(integer, reference);
        entries.uleb(9).number(version >= 5 ? 12 : 0, offset);
        entries.uleb(5)
                .string("y")
                .u8(2)
                .u8(0x91)
                .u8(0x70)
                .number(integer, reference)
                .u8(0);
        entries.uleb(10).number(parameter, reference).u64(LOW + 8).u64(LOW + 64);
        entries.uleb(11)
                .number(parameter, reference)
                .uleb(6)
                .bytes(0x50, 0x93, 8, 0x91, 8, 0x93)
                .u8(0);
        entries.u8(0).u8(0);
        DwarfBytes lists = new DwarfBytes().u32(40).u16(5).u8(8).u8(0).u32(0);
        DwarfBytes locations = new DwarfBytes().append(lists);
        locations.u8(1).uleb(1).u8(4).uleb(0).uleb(16).uleb(1).u8(0x50);
        locations.u8(8).u64(LOW).uleb(32).uleb(2).u8(0x91).u8(8).u8(0);
        DwarfBytes ranges = new DwarfBytes().append(lists);
        ranges.u8(3)
                .uleb(1)
                .uleb(8)
                .u8(4)
                .uleb(0)
                .uleb(64)
                .u8(7)
                .u64(LOW)
                .uleb(8)
                .u8(0);
        DwarfBytes oldLocations =
                new DwarfBytes().u64(0).u64(16).u16(1).u8(0x50).u64(16).u64(64);
        oldLocations.u16(2).u8(0x91).u8(8).u64(0).u64(0);
        return new SectionBytes()
                .with("abbrev", abbreviations)
                .with("info", DwarfBytes.unit(version, wide, entries))
                .with(
                        "addr",
                        new DwarfBytes()
                                .u32(28)
                                .u16(5)
                                .u8(8)
                                .u8(0)
                                .u64(0x111)
                                .u64(LOW)
                                .u64(HIGH))
                .with("loc", oldLocations)
                .with("loclists", locations)
                .with(
                        "ranges",
                        new DwarfBytes()
                                .u64(0)
                                .u64(64)
                                .u64(-1)
                                .u64(LOW)
                                .u64(8)
                                .u64(16)
                                .u64(0)
                                .u64(0))
                .with("rnglists", ranges)
                .with("str", new DwarfBytes().u8(0).string("p.Alias"));
    }
}
