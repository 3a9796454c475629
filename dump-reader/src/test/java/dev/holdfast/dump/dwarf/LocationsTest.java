package dev.holdfast.dump.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.dwarf.DwarfFunction.Local;
import dev.holdfast.dump.dwarf.DwarfFunction.Piece;
import dev.holdfast.dump.dwarf.DwarfFunction.Piece.Kind;
import dev.holdfast.dump.dwarf.DwarfFunction.Range;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** One function of hand-written sections: expressions, lists of locations and ranges, blocks and inlined calls. */
class LocationsTest {
    private static final long LOW = 0x400000;
    private static final long HIGH = 0x401000;
    private static final int FRAME_ADDRESS = 0x9c;

    private final Warnings warnings = new Warnings();

    /** Of version 5, except that 4 says otherwise. */
    private static DwarfBytes abbreviations() {
        return new DwarfBytes()
                .abbreviation(
                        1, Tag.UNIT, true, 0x03, 0x08, 0x13, 0x0b, 0x25, 0x08, 0x11, 0x01, 0x73, 0x17, 0x8c, 0x17, 0x74,
                        0x17)
                .abbreviation(2, Tag.SUBPROGRAM, true, 0x03, 0x08, 0x11, 0x1b, 0x12, 0x0f, 0x40, 0x0a)
                .abbreviation(3, Tag.VARIABLE, false, 0x03, 0x08, 0x02, 0x0a)
                .abbreviation(4, Tag.VARIABLE, false, 0x03, 0x08, 0x02, 0x17)
                .abbreviation(5, Tag.VARIABLE, false, 0x03, 0x08, 0x02, 0x22)
                .abbreviation(6, Tag.LEXICAL_BLOCK, true, 0x55, 0x17)
                .abbreviation(7, Tag.LEXICAL_BLOCK, true, 0x11, 0x01, 0x12, 0x01)
                .abbreviation(8, Tag.INLINED_SUBROUTINE, true, 0x31, 0x10, 0x55, 0x23)
                .abbreviation(9, Tag.FORMAL_PARAMETER, false, 0x31, 0x10, 0x02, 0x18)
                .abbreviation(10, Tag.SUBPROGRAM, true, 0x03, 0x08, 0x20, 0x0b)
                .abbreviation(11, Tag.FORMAL_PARAMETER, false, 0x03, 0x08, 0x49, 0x10, 0x3b, 0x0f, 0x2907, 0x0f)
                .abbreviation(12, 0x4109, true)
                .u8(0);
    }

    private static DwarfBytes function(long base) {
        return new DwarfBytes()
                .uleb(1)
                .string("main")
                .u8(22)
                .string("Go cmd/compile go1.99")
                .u64(base)
                .u32(8)
                .u32(12)
                .u32(12)
                .uleb(2)
                .string("main.f")
                .uleb(1)
                .uleb(HIGH - LOW)
                .u8(1)
                .u8(FRAME_ADDRESS);
    }

    /** Address 0 is 0x111, 1 the function, 2 behind it. */
    private static SectionBytes sections(int version, DwarfBytes entries) {
        return new SectionBytes()
                .with("abbrev", abbreviations())
                .with("info", DwarfBytes.unit(version, false, entries))
                .with("addr", new DwarfBytes().u32(0).u32(0).u64(0x111).u64(LOW).u64(HIGH));
    }

    private List<Local> locals(SectionBytes sections) {
        Dwarf dwarf = Objects.requireNonNull(Dwarf.open(sections.sections(), warnings));
        DwarfFunction function = Objects.requireNonNull(dwarf.function(LOW + 7));
        assertThat(function.name()).isEqualTo("main.f");
        assertThat(function.low()).isEqualTo(LOW);
        assertThat(function.high()).isEqualTo(HIGH);
        return function.variables();
    }

    private List<Piece> pieces(int... expression) {
        DwarfBytes entries = function(0)
                .uleb(3)
                .string("x")
                .u8(expression.length)
                .bytes(expression)
                .u8(0)
                .u8(0);
        List<Local> locals = locals(sections(5, entries));
        assertThat(locals).hasSize(1);
        List<Range> ranges = locals.get(0).ranges();
        assertThat(ranges)
                .extracting(Range::low, Range::high)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(LOW, HIGH));
        return ranges.get(0).pieces();
    }

    private static Piece piece(Kind kind, long value, long size) {
        return new Piece(kind, value, size);
    }

    @Test
    void expressionsSayWhereAVariableIs() {
        Piece nowhere = piece(Kind.NONE, 0, 0);
        assertThat(pieces()).containsExactly(nowhere);
        assertThat(pieces(0x9c)).containsExactly(piece(Kind.FRAME, 0, 0));
        assertThat(pieces(0x91, 0x70)).containsExactly(piece(Kind.FRAME, -16, 0));
        assertThat(pieces(0x91, 0x70, 0x06)).containsExactly(piece(Kind.INDIRECT, -16, 0));
        assertThat(pieces(0x9c, 0x11, 0x78, 0x22)).as("cfa, consts -8, plus").containsExactly(piece(Kind.FRAME, -8, 0));
        assertThat(pieces(0x9c, 0x38, 0x1c)).as("cfa, lit8, minus").containsExactly(piece(Kind.FRAME, -8, 0));
        assertThat(pieces(0x9c, 0x23, 24)).containsExactly(piece(Kind.FRAME, 24, 0));
        assertThat(pieces(0x53)).containsExactly(piece(Kind.REGISTER, 3, 0));
        assertThat(pieces(0x90, 0x80, 0x01)).containsExactly(piece(Kind.REGISTER, 128, 0));
        assertThat(pieces(0x03, 1, 2, 0, 0, 0, 0, 0, 0x80))
                .containsExactly(piece(Kind.ADDRESS, 0x8000000000000201L, 0));
        assertThat(pieces(0xa1, 2)).containsExactly(piece(Kind.ADDRESS, HIGH, 0));
        assertThat(pieces(0x50, 0x93, 8, 0x93, 8, 0x91, 8, 0x93, 4))
                .containsExactly(piece(Kind.REGISTER, 0, 8), piece(Kind.NONE, 0, 8), piece(Kind.FRAME, 8, 4));
        assertThat(warnings.list()).isEmpty();
    }

    @Test
    void whatIsNoPlaceOrNotUnderstoodIsNowhere() {
        Piece nowhere = piece(Kind.NONE, 0, 0);
        for (int[] expression : new int[][] {
            {0x10, 5},
            {0x10, 5, 0x9f},
            {0x70, 8},
            {0x53, 0x23, 8},
            {0x91, 0, 0x06, 0x23, 8},
            {0x9c, 0x9c, 0x22},
            {0x22},
            {0x06},
            {0x30, 0x30, 0x30, 0x30, 0x30, 0x30},
            {0x9e, 1, 9},
            {0xff},
        }) {
            assertThat(pieces(expression)).as("%x", expression[0]).containsExactly(nowhere);
        }
        assertThat(pieces(0x50, 0x93, 8, 0xed, 1)).containsExactly(piece(Kind.REGISTER, 0, 8), nowhere);
        assertThat(warnings.list()).isEmpty();
    }

    @Test
    void aFrameBaseThatIsNoFrameAddressGivesNoPlaces() {
        DwarfBytes entries = new DwarfBytes()
                .append(function(0)
                        .uleb(3)
                        .string("x")
                        .u8(2)
                        .bytes(0x91, 8)
                        .u8(0)
                        .u8(0));
        byte[] bytes = DwarfBytes.unit(5, false, entries).array();
        for (int i = 0; i < bytes.length; i++) {
            if ((bytes[i] & 0xff) == FRAME_ADDRESS) {
                bytes[i] = 0x56;
            }
        }
        Local x = locals(sections(5, entries).with("info", bytes)).get(0);
        assertThat(x.ranges().get(0).pieces()).containsExactly(piece(Kind.NONE, 0, 0));
    }

    @Test
    void allKindsOfEntriesOfLocationListsAreRead() {
        DwarfBytes lists = new DwarfBytes().u32(0).u32(0).u32(8);
        lists.u32(4); // the offset of list 0, counted from here
        lists.u8(2).uleb(1).uleb(2).uleb(1).u8(0x50);
        lists.u8(3).uleb(1).uleb(16).uleb(1).u8(0x51);
        lists.u8(4).uleb(16).uleb(32).uleb(1).u8(0x52);
        lists.u8(1).uleb(1).u8(4).uleb(16).uleb(32).uleb(1).u8(0x53);
        lists.u8(6).u64(LOW + 256).u8(4).uleb(1).uleb(2).uleb(1).u8(0x54);
        lists.u8(7).u64(LOW + 5).u64(LOW + 6).uleb(1).u8(0x55);
        lists.u8(8).u64(LOW + 7).uleb(3).uleb(1).u8(0x56);
        lists.u8(8).u64(LOW + 7).uleb(0).uleb(1).u8(0x5a);
        lists.u8(5).uleb(1).u8(0x57);
        lists.u8(0);
        long base = LOW + 0x100000;
        DwarfBytes entries = function(base).uleb(5).string("byNumber").uleb(0);
        entries.uleb(4).string("byOffset").u32(16).u8(0).u8(0);

        List<Local> locals = locals(sections(5, entries).with("loclists", lists));

        assertThat(warnings.list()).isEmpty();
        assertThat(locals).extracting(Local::name).containsExactly("byNumber", "byOffset");
        for (Local local : locals) {
            assertThat(local.ranges())
                    .containsExactly(
                            in(LOW, HIGH, 0),
                            in(LOW, LOW + 16, 1),
                            in(base + 16, base + 32, 2),
                            in(LOW + 16, LOW + 32, 3),
                            in(LOW + 257, LOW + 258, 4),
                            in(LOW + 5, LOW + 6, 5),
                            in(LOW + 7, LOW + 10, 6),
                            in(LOW, HIGH, 7));
        }
    }

    private static Range in(long low, long high, int register) {
        return new Range(low, high, List.of(piece(Kind.REGISTER, register, 0)));
    }

    @Test
    void locationListsOfVersion4AreRead() {
        DwarfBytes lists = new DwarfBytes().u8(99);
        lists.u64(4).u64(8).u16(1).u8(0x50);
        lists.u64(-1).u64(LOW).u64(4).u64(8).u16(3).bytes(0x91, 0x78, 0x96);
        lists.u64(9).u64(9).u16(0);
        lists.u64(0).u64(0);
        long base = LOW + 0x100000;
        DwarfBytes entries = function(base).uleb(4).string("x").u32(1).u8(0).u8(0);

        List<Local> locals = locals(sections(4, entries).with("loc", lists));

        assertThat(warnings.list()).isEmpty();
        assertThat(locals.get(0).ranges())
                .containsExactly(
                        in(base + 4, base + 8, 0), new Range(LOW + 4, LOW + 8, List.of(piece(Kind.FRAME, -8, 0))));
    }

    @Test
    void blocksCutTheirVariablesAndInlinedCallsNameTheirFunction() {
        DwarfBytes lists = new DwarfBytes().u32(0).u32(0).u32(8);
        lists.u32(4);
        lists.u8(1).uleb(1).u8(4).uleb(0).uleb(4);
        lists.u8(2).uleb(1).uleb(2);
        lists.u8(3).uleb(1).uleb(8);
        lists.u8(5).u64(LOW + 64).u8(4).uleb(1).uleb(2);
        lists.u8(6).u64(LOW + 9).u64(LOW + 11);
        lists.u8(7).u64(LOW + 12).uleb(2).u8(7).u64(LOW).uleb(0);
        lists.u8(0);
        int first = DwarfBytes.first(5, false);
        DwarfBytes start = function(0);
        DwarfBytes body = new DwarfBytes()
                .uleb(7)
                .u64(LOW + 1)
                .u64(LOW + 2)
                .uleb(3)
                .string("inBlock")
                .u8(1)
                .u8(FRAME_ADDRESS)
                .uleb(12)
                .uleb(3)
                .string("ignored")
                .u8(0)
                .u8(0)
                .u8(0)
                .uleb(6)
                .u32(16)
                .uleb(3)
                .string("inRanges")
                .u8(1)
                .u8(0x50)
                .u8(0);
        // The inlined call: 1 + 4 + 1 bytes, its parameter 1 + 4 + 2, ends of call and function, then the abstract
        // entry.
        int origin = first + start.size() + body.size() + 6 + 7 + 2;
        int parameter = origin + 1 + 7 + 1;
        body.uleb(8)
                .u32(origin)
                .uleb(0)
                .uleb(9)
                .u32(parameter)
                .uleb(1)
                .u8(0x51)
                .u8(0)
                .u8(0);
        body.uleb(10)
                .string("main.g")
                .u8(1)
                .uleb(11)
                .string("p")
                .u32(77)
                .uleb(12)
                .uleb(40)
                .u8(0)
                .u8(0);

        List<Local> locals = locals(sections(5, start.append(body)).with("rnglists", lists));

        assertThat(warnings.list()).isEmpty();
        List<Piece> register = List.of(piece(Kind.REGISTER, 1, 0));
        List<long[]> expected = List.of(
                new long[] {LOW, LOW + 4},
                new long[] {LOW, HIGH},
                new long[] {LOW, LOW + 8},
                new long[] {LOW + 65, LOW + 66},
                new long[] {LOW + 9, LOW + 11},
                new long[] {LOW + 12, LOW + 14});
        assertThat(locals).extracting(Local::name).containsExactly("inBlock", "inRanges", "p");
        assertThat(locals.get(0).ranges())
                .containsExactly(new Range(LOW + 1, LOW + 2, List.of(piece(Kind.FRAME, 0, 0))));
        assertThat(locals.get(1).function()).isEqualTo("main.f");
        assertThat(locals.get(1).ranges()).hasSize(6);
        assertThat(locals.get(2))
                .isEqualTo(new Local(
                        "p",
                        "main.g",
                        77,
                        true,
                        40,
                        expected.stream()
                                .map(pair -> new Range(pair[0], pair[1], register))
                                .toList(),
                        12));
    }

    @Test
    void rangesOfVersion4AreRead() {
        DwarfBytes ranges = new DwarfBytes();
        ranges.u64(1).u64(2).u64(-1).u64(LOW).u64(16).u64(32).u64(0).u64(0);
        DwarfBytes entries = function(LOW + 512)
                .uleb(6)
                .u32(0)
                .uleb(3)
                .string("x")
                .u8(1)
                .u8(0x50)
                .u8(0)
                .u8(0)
                .u8(0);

        List<Local> locals = locals(sections(4, entries).with("ranges", ranges));

        assertThat(locals.get(0).ranges()).containsExactly(in(LOW + 513, LOW + 514, 0), in(LOW + 16, LOW + 32, 0));
        assertThat(warnings.list()).isEmpty();
    }

    @Test
    void aDamagedVariableEndsTheFunctionsVariablesWithAWarning() {
        DwarfBytes entries = function(0).uleb(3).string("whole").u8(1).u8(0x50);
        entries.uleb(4)
                .string("broken")
                .u32(1_000_000)
                .uleb(3)
                .string("lost")
                .u8(0)
                .u8(0)
                .u8(0);

        List<Local> locals = locals(sections(5, entries));

        assertThat(locals).extracting(Local::name).containsExactly("whole");
        assertThat(warnings.list()).singleElement().satisfies(warning -> {
            assertThat(warning.code()).isEqualTo("dwarf-damaged");
            assertThat(warning.count()).isEqualTo(1);
        });
    }

    @Test
    void aFunctionWhosePartsMultiplyIsGivenUp() {
        DwarfBytes lists = new DwarfBytes().u32(0).u32(0).u32(8).u32(4);
        for (int i = 0; i < 3000; i++) {
            lists.u8(7).u64(LOW + i).uleb(1);
        }
        lists.u8(0);
        DwarfBytes entries = function(0).uleb(6).u32(16);
        for (int i = 0; i < 3000; i++) {
            entries.uleb(3).string("v" + i).u8(1).u8(0x50);
        }
        entries.u8(0).u8(0).u8(0);

        List<Local> locals = locals(sections(5, entries).with("rnglists", lists));

        assertThat(locals).hasSizeBetween(100, 400);
        assertThat(warnings.list()).hasSize(1);
    }
}
