package dev.holdfast.dump.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Warnings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sections written by hand: every form, versions 2 to 5, both formats, units of other languages, damage. */
class DwarfFormsTest {
    private final Warnings warnings = new Warnings();

    /** A value of each form that DWARF 5 and GNU compilers know, as bytes. */
    private static List<DwarfBytes> values(int version, int offset) {
        List<DwarfBytes> values = new ArrayList<>();
        add(values, 0x01, new DwarfBytes().u64(0x1122334455667788L));
        add(values, 0x03, new DwarfBytes().u16(3).bytes(1, 2, 3));
        add(values, 0x04, new DwarfBytes().u32(2).bytes(1, 2));
        add(values, 0x05, new DwarfBytes().u16(7));
        add(values, 0x06, new DwarfBytes().u32(7));
        add(values, 0x07, new DwarfBytes().u64(7));
        add(values, 0x08, new DwarfBytes().string("text"));
        add(values, 0x09, new DwarfBytes().uleb(130).append(new DwarfBytes().number(0, 130)));
        add(values, 0x0a, new DwarfBytes().u8(1).bytes(9));
        add(values, 0x0b, new DwarfBytes().u8(7));
        add(values, 0x0c, new DwarfBytes().u8(1));
        add(values, 0x0d, new DwarfBytes().sleb(-1_000_000));
        add(values, 0x0e, new DwarfBytes().number(0, offset));
        add(values, 0x0f, new DwarfBytes().uleb(1_000_000));
        add(values, 0x10, new DwarfBytes().number(0, version == 2 ? 8 : offset));
        add(values, 0x11, new DwarfBytes().u8(0));
        add(values, 0x12, new DwarfBytes().u16(0));
        add(values, 0x13, new DwarfBytes().u32(0));
        add(values, 0x14, new DwarfBytes().u64(0));
        add(values, 0x15, new DwarfBytes().uleb(300));
        add(values, 0x16, new DwarfBytes().uleb(0x16).uleb(0x08).string("indirect"));
        add(values, 0x17, new DwarfBytes().number(0, offset));
        add(values, 0x18, new DwarfBytes().uleb(2).bytes(0x91, 0));
        add(values, 0x19, new DwarfBytes());
        add(values, 0x1a, new DwarfBytes().uleb(0));
        add(values, 0x1b, new DwarfBytes().uleb(300));
        add(values, 0x1c, new DwarfBytes().u32(0));
        add(values, 0x1d, new DwarfBytes().number(0, offset));
        add(values, 0x1e, new DwarfBytes().u64(1).u64(2));
        add(values, 0x1f, new DwarfBytes().number(0, offset));
        add(values, 0x20, new DwarfBytes().u64(1));
        add(values, 0x22, new DwarfBytes().uleb(300));
        add(values, 0x23, new DwarfBytes().uleb(300));
        add(values, 0x24, new DwarfBytes().u64(0));
        for (int i = 1; i <= 4; i++) {
            add(values, 0x24 + i, new DwarfBytes().number(0, i));
            add(values, 0x28 + i, new DwarfBytes().number(0, i));
        }
        add(values, 0x1f01, new DwarfBytes().uleb(300));
        add(values, 0x1f02, new DwarfBytes().uleb(300));
        add(values, 0x1f20, new DwarfBytes().number(0, offset));
        add(values, 0x1f21, new DwarfBytes().number(0, offset));
        return values;
    }

    private static void add(List<DwarfBytes> values, int form, DwarfBytes value) {
        values.add(new DwarfBytes().uleb(form).append(value));
    }

    /** Abbreviations: 1 a Go unit, 2 a struct, 3 a member, 4 a base type, then one entry of no interest with every form. */
    private static DwarfBytes abbreviations(List<DwarfBytes> values) {
        DwarfBytes all = new DwarfBytes()
                .abbreviation(1, Tag.UNIT, true, 0x03, 0x08, 0x13, 0x0b, 0x25, 0x08)
                .abbreviation(2, Tag.STRUCTURE_TYPE, true, 0x03, 0x08, 0x0b, 0x0f, 0x2900, 0x0b)
                .abbreviation(3, Tag.MEMBER, false, 0x03, 0x08, 0x38, 0x0f, 0x49, 0x10, 0x2903, 0x0c)
                .abbreviation(4, Tag.BASE_TYPE, false, 0x03, 0x08, 0x0b, 0x0b);
        DwarfBytes odd = new DwarfBytes().uleb(0x2000).uleb(0x4109).u8(1);
        for (DwarfBytes value : values) {
            odd.uleb(0x3000).uleb(form(value));
        }
        odd.uleb(0x3001).uleb(0x21).sleb(-5);
        return all.append(odd).u8(0).u8(0).u8(0);
    }

    private static long form(DwarfBytes value) {
        return new Cursor(value.buffer(), 0).uleb();
    }

    private static DwarfBytes goUnit(DwarfBytes entries) {
        return new DwarfBytes()
                .uleb(1)
                .string("example.org/p")
                .u8(22)
                .string("Go cmd/compile go1.99; -N")
                .append(entries);
    }

    @ParameterizedTest(name = "version {0}, 64-bit format: {1}")
    @CsvSource({"2,false", "3,false", "4,false", "5,false", "4,true", "5,true"})
    void everyFormIsPassedOver(int version, boolean wide) {
        int offset = wide ? 8 : 4;
        List<DwarfBytes> values = values(version, offset);
        DwarfBytes odd = new DwarfBytes().uleb(0x2000);
        for (DwarfBytes value : values) {
            byte[] bytes = value.array();
            int start = form(value) > 0x7f ? 2 : 1;
            for (int i = start; i < bytes.length; i++) {
                odd.u8(bytes[i]);
            }
        }
        DwarfBytes before = goUnit(odd);
        int integer = DwarfBytes.first(version, wide) + before.size() + 6;
        DwarfBytes entries = before.append(
                        new DwarfBytes().uleb(4).string("in").u8(1).u8(0))
                .uleb(4)
                .string("int")
                .u8(8)
                .uleb(2)
                .string("p.T")
                .uleb(16)
                .u8(0x39)
                .uleb(3)
                .string("first")
                .uleb(0)
                .number(integer, version == 2 ? 8 : offset)
                .u8(0)
                .uleb(3)
                .string("second")
                .uleb(8)
                .number(integer, version == 2 ? 8 : offset)
                .u8(1)
                .u8(0)
                .u8(0);
        SectionBytes sections = new SectionBytes()
                .with("info", DwarfBytes.unit(version, wide, entries))
                .with("abbrev", abbreviations(values));

        Dwarf dwarf = open(sections);

        assertThat(warnings.list()).isEmpty();
        assertThat(dwarf.units()).containsExactly(new DwarfUnit("example.org/p", "Go cmd/compile go1.99; -N"));
        assertThat(dwarf.producer()).isEqualTo("Go cmd/compile go1.99; -N");
        assertThat(dwarf.typeNamed("in"))
                .as("a child of an entry of no interest")
                .isEqualTo(-1);
        DwarfType struct = dwarf.type(dwarf.typeNamed("p.T"));
        assertThat(struct.goKind()).as("without the bits above the kind").isEqualTo(25);
        assertThat(struct.size()).isEqualTo(16);
        assertThat(struct.fields())
                .containsExactly(
                        new DwarfType.Field("first", 0, integer, false),
                        new DwarfType.Field("second", 8, integer, true));
        assertThat(dwarf.type(integer).name()).isEqualTo("int");
        assertThat(dwarf.type(integer).size()).isEqualTo(8);
    }

    @Test
    void unitsOfOtherLanguagesAndWithUnknownFormsDoNotHideTheRest() {
        DwarfBytes abbreviations = new DwarfBytes()
                .abbreviation(1, Tag.UNIT, true, 0x03, 0x08, 0x13, 0x0b, 0x25, 0x08)
                .abbreviation(4, Tag.BASE_TYPE, false, 0x03, 0x08, 0x0b, 0x0b)
                .abbreviation(7, Tag.BASE_TYPE, false, 0x03, 0x7777)
                .u8(0);
        DwarfBytes c = new DwarfBytes()
                .uleb(1)
                .string("a.c")
                .u8(12)
                .string("GNU C17")
                .uleb(7)
                .u8(99);
        DwarfBytes damaged =
                goUnit(new DwarfBytes().uleb(4).string("before").u8(2).uleb(7).u8(0));
        DwarfBytes whole = goUnit(new DwarfBytes().uleb(4).string("after").u8(4).u8(0));
        DwarfBytes info = DwarfBytes.unit(5, false, c)
                .append(DwarfBytes.unit(4, false, damaged))
                .append(DwarfBytes.unit(9, false, damaged))
                .append(DwarfBytes.unit(5, false, whole));

        Dwarf dwarf = open(new SectionBytes().with("info", info).with("abbrev", abbreviations));

        assertThat(dwarf.units()).hasSize(2);
        assertThat(dwarf.type(dwarf.typeNamed("before")).size()).isEqualTo(2);
        assertThat(dwarf.type(dwarf.typeNamed("after")).size()).isEqualTo(4);
        assertThat(warnings.list())
                .extracting(DumpWarning::code, DumpWarning::count, DumpWarning::loss)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("dwarf-damaged", 2L, true));
    }

    @Test
    void aProgramWithoutUnitsOfGoHasNothing() {
        DwarfBytes abbreviations =
                new DwarfBytes().abbreviation(1, Tag.UNIT, true, 0x13, 0x0b).u8(0);
        DwarfBytes info =
                DwarfBytes.unit(5, false, new DwarfBytes().uleb(1).u8(12).u8(0));

        assertThat(Dwarf.open(
                        new SectionBytes()
                                .with("info", info)
                                .with("abbrev", abbreviations)
                                .sections(),
                        warnings))
                .isNull();
        assertThat(Dwarf.open(new SectionBytes().sections(), warnings)).isNull();
        assertThat(warnings.list()).isEmpty();
    }

    @Test
    void cyclesOfTypesEndAndUnreadableTypesAreOfSizeZero() {
        DwarfBytes abbreviations = new DwarfBytes()
                .abbreviation(1, Tag.UNIT, true, 0x03, 0x08, 0x13, 0x0b, 0x25, 0x08)
                .abbreviation(2, Tag.TYPEDEF, false, 0x03, 0x08, 0x49, 0x13)
                .abbreviation(3, Tag.ARRAY_TYPE, true, 0x03, 0x08, 0x49, 0x13)
                .abbreviation(4, Tag.SUBRANGE_TYPE, false, 0x37, 0x0f)
                .abbreviation(5, Tag.POINTER_TYPE, false, 0x03, 0x08, 0x49, 0x13)
                .abbreviation(6, Tag.SUBRANGE_TYPE, false, 0x2f, 0x0f)
                .u8(0);
        int first = DwarfBytes.first(5, false);
        int at = first + goUnit(new DwarfBytes()).size();
        DwarfBytes entries = goUnit(new DwarfBytes()
                .uleb(2)
                .string("A")
                .u32(at + 7)
                .uleb(2)
                .string("B")
                .u32(at)
                .uleb(5)
                .string("*A")
                .u32(at)
                .uleb(3)
                .string("[3]*A")
                .u32(at + 14)
                .uleb(4)
                .uleb(3)
                .u8(0)
                .uleb(3)
                .string("[huge]*A")
                .u32(at + 14)
                .uleb(4)
                .uleb(Long.MAX_VALUE)
                .u8(0)
                .uleb(3)
                .string("[4]*A")
                .u32(at + 14)
                .uleb(6)
                .uleb(3)
                .u8(0)
                .u8(0));

        Dwarf dwarf = open(new SectionBytes()
                .with("info", DwarfBytes.unit(5, false, entries))
                .with("abbrev", abbreviations));

        DwarfType a = dwarf.type(dwarf.typeNamed("A"));
        assertThat(a.kind()).isEqualTo(DwarfType.Kind.TYPEDEF);
        assertThat(a.size()).isZero();
        assertThat(dwarf.type(a.element()).element()).isEqualTo(a.offset());
        assertThat(dwarf.type(dwarf.typeNamed("*A")).size()).isEqualTo(8);
        assertThat(dwarf.type(dwarf.typeNamed("[3]*A")).size()).isEqualTo(24);
        assertThat(dwarf.type(dwarf.typeNamed("[4]*A")).count()).isEqualTo(4);
        assertThat(dwarf.type(dwarf.typeNamed("[huge]*A")).size()).isZero();
        assertThat(warnings.list()).isEmpty();

        assertThat(dwarf.type(-1).kind()).isEqualTo(DwarfType.Kind.OTHER);
        assertThat(warnings.list()).as("no type is no damage").isEmpty();
        assertThat(dwarf.type(1L << 40).kind()).isEqualTo(DwarfType.Kind.OTHER);
        assertThat(warnings.list()).hasSize(1);
    }

    private Dwarf open(SectionBytes sections) {
        return Objects.requireNonNull(Dwarf.open(sections.sections(), warnings));
    }
}
