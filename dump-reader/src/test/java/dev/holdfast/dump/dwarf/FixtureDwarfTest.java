package dev.holdfast.dump.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.dwarf.DwarfType.Kind;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import dev.holdfast.testkit.GoTruth;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fixture program knew about itself, against its debugging information. */
class FixtureDwarfTest {
    private static final Map<String, Dwarf> OPENED = new HashMap<>();

    static List<GoFixture> fixtures() {
        Set<String> seen = new HashSet<>();
        return GoFixtures.available().stream()
                .filter(fixture -> seen.add(fixture.executable().toString()))
                .toList();
    }

    static List<GoFixture> withDwarf() {
        return fixtures().stream()
                .filter(fixture -> !fixture.name().endsWith("-stripped"))
                .toList();
    }

    private static Dwarf open(GoFixture fixture) throws IOException {
        Dwarf known = OPENED.get(fixture.name());
        if (known == null) {
            try (ElfFile file = ElfFile.open(fixture.executable())) {
                known = Objects.requireNonNull(Dwarf.open(file, new Warnings()));
            }
            OPENED.put(fixture.name(), known);
        }
        return known;
    }

    @AfterAll
    static void forget() {
        OPENED.clear();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void onlyTheStrippedExecutableHasNone(GoFixture fixture) throws IOException {
        Warnings warnings = new Warnings();
        try (ElfFile file = ElfFile.open(fixture.executable())) {
            Dwarf dwarf = Dwarf.open(file, warnings);
            assertThat(dwarf == null).isEqualTo(fixture.name().endsWith("-stripped"));
        }
        assertThat(warnings.list()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("withDwarf")
    void theProducerIsTheCompilerThatBuiltIt(GoFixture fixture) throws IOException {
        String version = fixture.name().replaceFirst("-.*", "");
        Dwarf dwarf = open(fixture);
        assertThat(dwarf.producer())
                .startsWith("Go cmd/compile go" + version + ";")
                .contains("regabi");
        assertThat(dwarf.units()).extracting(DwarfUnit::name).contains("main", "runtime", "leaky/vault");
    }

    @ParameterizedTest
    @MethodSource("withDwarf")
    void packageVariablesLieWhereTheProgramSawThemWithTheirSizes(GoFixture fixture) throws IOException {
        Dwarf dwarf = open(fixture);
        GoTruth truth = fixture.truth();
        List<GoTruth.Global> globals = truth.globals();
        assertThat(globals).isNotEmpty();
        DwarfVariable first = Objects.requireNonNull(dwarf.global(globals.get(0).name()));
        // A position-independent program was moved by one bias of whole pages.
        long bias = globals.get(0).address() - first.address();
        assertThat(bias % 4096).isZero();
        assertThat(bias != 0).isEqualTo(fixture.name().endsWith("-pie"));
        for (GoTruth.Global global : globals) {
            DwarfVariable found = Objects.requireNonNull(dwarf.global(global.name()), global.name());
            assertThat(found.address() + bias).as(global.name()).isEqualTo(global.address());
            DwarfType type = dwarf.type(found.type());
            assertThat(type.size()).as(global.name()).isEqualTo(global.size());
            assertThat(type.name().replaceAll("(struct \\{|;) main\\.", "$1 "))
                    .as(global.name())
                    .isEqualTo(withPaths(global.type()));
            assertThat(dwarf.globals()).contains(found);
        }
    }

    /**
     * The program has types from reflection, which names packages by their last element; debugging information on the other
     * hand has the package before unexported fields of structs without a name.
     */
    private static String withPaths(String type) {
        return type.replace("vault.", "leaky/vault.");
    }

    @ParameterizedTest
    @MethodSource("withDwarf")
    void structsHaveTheFieldsOfTheSource(GoFixture fixture) throws IOException {
        Dwarf dwarf = open(fixture);
        DwarfType node = dwarf.type(dwarf.typeNamed("main.Node"));
        assertThat(node.kind()).isEqualTo(Kind.STRUCT);
        assertThat(node.goKind()).isEqualTo(25);
        assertThat(node.size()).isEqualTo(32);
        assertThat(node.fields()).extracting(DwarfType.Field::name).containsExactly("next", "id", "pad");
        assertThat(node.fields()).extracting(DwarfType.Field::offset).containsExactly(0L, 8L, 16L);
        assertThat(dwarf.typeOfDescriptor(node.goRuntimeType())).isEqualTo(node.offset());
        DwarfType next = dwarf.type(node.fields().get(0).type());
        assertThat(next.kind()).isEqualTo(Kind.POINTER);
        assertThat(next.size()).isEqualTo(8);
        DwarfType target = dwarf.type(next.element());
        assertThat(target.kind()).as("pointers go to the name").isEqualTo(Kind.TYPEDEF);
        assertThat(target.size()).isEqualTo(32);
        assertThat(target.element()).isEqualTo(node.offset());
        DwarfType pad = dwarf.type(node.fields().get(2).type());
        assertThat(pad.kind()).isEqualTo(Kind.ARRAY);
        assertThat(pad.count() * dwarf.type(pad.element()).size()).isEqualTo(16);
    }

    @ParameterizedTest
    @MethodSource("withDwarf")
    void goTypesAreToldByTheirKinds(GoFixture fixture) throws IOException {
        Dwarf dwarf = open(fixture);
        DwarfType map = dwarf.type(dwarf.typeNamed("map[string]*main.Record"));
        assertThat(map.kind()).isEqualTo(Kind.TYPEDEF);
        assertThat(map.goKind()).isEqualTo(21);
        assertThat(dwarf.type(map.goKey()).goKind()).isEqualTo(24);
        assertThat(dwarf.type(map.goElem()).name()).isEqualTo("*main.Record");
        DwarfType header = dwarf.type(map.element());
        assertThat(header.kind()).isEqualTo(Kind.POINTER);
        assertThat(dwarf.type(header.element()).name()).isIn("hash<string,*main.Record>", "map<string,*main.Record>");

        DwarfType slice = dwarf.type(dwarf.typeNamed("[]*main.Node"));
        assertThat(slice.goKind()).isEqualTo(23);
        assertThat(slice.size()).isEqualTo(24);
        assertThat(dwarf.type(slice.goElem()).name()).isEqualTo("*main.Node");
        assertThat(slice.fields()).extracting(DwarfType.Field::name).containsExactly("array", "len", "cap");

        assertThat(dwarf.type(dwarf.typeNamed("string")).goKind()).isEqualTo(24);
        DwarfType pointer = dwarf.type(dwarf.typeNamed("unsafe.Pointer"));
        assertThat(pointer.kind()).isEqualTo(Kind.POINTER);
        assertThat(pointer.element()).isEqualTo(-1);
        assertThat(dwarf.typeNamed("main.NoSuchType")).isEqualTo(-1);
        assertThat(dwarf.constant("runtime.noSuchConstant")).isEmpty();
        assertThat(dwarf.constant("runtime._Grunning")).hasValue(2);
    }

    @ParameterizedTest
    @MethodSource("withDwarf")
    void functionsAreFoundByAnyOfTheirAddresses(GoFixture fixture) throws IOException {
        Dwarf dwarf = open(fixture);
        for (int i = 0; i < dwarf.functionCount(); i += 97) {
            DwarfFunction function = dwarf.functionNumbered(i);
            assertThat(dwarf.function(function.low())).isEqualTo(function);
            assertThat(dwarf.function(function.high() - 1)).isEqualTo(function);
            for (DwarfFunction.Local local : function.variables()) {
                assertThat(local.name()).isNotEmpty();
                assertThat(local.function()).isNotEmpty();
                assertThat(dwarf.type(local.type()).kind()).isNotEqualTo(Kind.OTHER);
                for (DwarfFunction.Range range : local.ranges()) {
                    assertThat(range.low()).isGreaterThanOrEqualTo(function.low());
                    assertThat(range.high()).isLessThanOrEqualTo(function.high());
                }
            }
        }
        assertThat(dwarf.function(0)).isNull();
        assertThat(dwarf.function(-1)).isNull();
    }
}
