package dev.holdfast.dump.goruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables and what is found without symbols, against the debugging information and symbols of the same programs. */
class FixedLayoutTest {
    /** What reading a heap, its types, stacks and profiles needs. */
    private static final Set<String> NEEDED = Set.of(
            "runtime.mheap_",
            "runtime.allgs",
            "runtime.allm",
            "runtime.allp",
            "runtime.sched",
            "runtime.memstats",
            "runtime.gcController",
            "runtime.work",
            "runtime.mbuckets",
            "runtime.bbuckets",
            "runtime.xbuckets",
            "runtime.MemProfileRate",
            "runtime.allfin",
            "runtime.fingStatus",
            "runtime.gcCleanups",
            "runtime.waitReasonStrings",
            "runtime.gcphase",
            "runtime.gomaxprocs",
            "runtime.envs",
            "runtime.ticks");

    static List<GoFixture> fixtures() {
        return GoFixtures.available().stream()
                .filter(fixture -> !fixture.name().contains("stripped"))
                .toList();
    }

    private static GoProgram open(GoFixture fixture) throws IOException {
        return GoProgram.open(fixture.core(), DumpOptions.DEFAULT.withExecutable(fixture.executable()), new Warnings());
    }

    private static Map<String, Long> found(GoProgram program) {
        LayoutTable table =
                LayoutTable.of(program.version(), program.executable().machine());
        MemoryReader reader = program.reader();
        StructLayout layout = table.struct("runtime.moduledata").orElseThrow();
        long first = new ModuleSearch(program.executable(), reader, program.bias(), layout).find();
        assertThat(first).as("module").isEqualTo(program.layout().address("runtime.firstmoduledata"));
        ModuleData module = new Modules(reader, layout).from(first).get(0);
        assertThat(module).isEqualTo(program.modules().get(0));
        return VariableSearch.of(reader, table, module, program.executable().machine(), program.version());
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void structuresOfTheTableLieAsTheProgramSays(GoFixture fixture) throws IOException {
        try (GoProgram program = open(fixture)) {
            LayoutTable table =
                    LayoutTable.of(program.version(), program.executable().machine());
            Map<String, String> wrong = new TreeMap<>();
            int compared = 0;
            for (String name : table.structNames()) {
                if (!program.layout().hasStruct(name)) {
                    continue;
                }
                StructLayout expected = program.layout().struct(name);
                StructLayout actual = table.struct(name).orElseThrow();
                if (expected.size() != actual.size()) {
                    wrong.put(name, actual.size() + " bytes, expected " + expected.size());
                }
                for (String path : actual.paths()) {
                    compared++;
                    if (!expected.has(path)
                            || expected.offset(path) != actual.offset(path)
                            || expected.width(path) != actual.width(path)) {
                        wrong.put(name + "." + path, "at " + actual.offset(path) + ", width " + actual.width(path));
                    }
                }
                for (String path : expected.paths()) {
                    if (!actual.has(path) && !insideAtomic(path, actual) && expected.width(path) > 0) {
                        wrong.put(name + "." + path, "is missing");
                    }
                }
            }
            assertThat(wrong).as(fixture.name()).isEmpty();
            assertThat(compared).as("fields compared in " + fixture.name()).isGreaterThan(1000);
        }
    }

    /** The table leads to an atomic number, debugging information into it as well. */
    private static boolean insideAtomic(String path, StructLayout actual) {
        int dot = path.lastIndexOf('.');
        if (path.equals("_") || path.endsWith("._")) {
            return true;
        }
        for (; dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            String outer = path.substring(0, dot);
            if (actual.has(outer)) {
                return actual.paths().stream().noneMatch(other -> other.startsWith(outer + "."));
            }
        }
        return false;
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void constantsOfTheTableAreTheProgramsOwn(GoFixture fixture) throws IOException {
        try (GoProgram program = open(fixture)) {
            LayoutTable table =
                    LayoutTable.of(program.version(), program.executable().machine());
            int compared = 0;
            for (String name : table.constantNames()) {
                if (program.layout().constant(name).isPresent()) {
                    compared++;
                    assertThat(table.constant(name))
                            .as(name)
                            .isEqualTo(program.layout().constant(name));
                }
            }
            assertThat(compared).isGreaterThan(100);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void variablesAreFoundWithoutSymbolsWhereTheSymbolsSay(GoFixture fixture) throws IOException {
        try (GoProgram program = open(fixture)) {
            Map<String, Long> found = found(program);
            Set<String> missing = new TreeSet<>();
            for (String name : VariableClues.read().keySet()) {
                Long address = found.get(name);
                if (address != null) {
                    assertThat(address).as(name).isEqualTo(program.layout().address(name));
                } else if (NEEDED.contains(name) && program.layout().hasAddress(name)) {
                    missing.add(name);
                }
            }
            assertThat(missing).as(fixture.name()).isEmpty();
        }
    }

    @Test
    void aProgramWithoutDebuggingInformationAndSymbolsIsOpenedAllTheSame() throws IOException {
        Optional<GoFixture> stripped = GoFixtures.named("1.26.11-stripped");
        assumeTrue(stripped.isPresent(), Fixtures.REASON);
        try (GoProgram program = open(stripped.orElseThrow())) {
            assertThat(program.dwarf()).isNull();
            assertThat(program.executable().hasSymbol("runtime.mheap_")).isFalse();
            assertThat(program.modules()).hasSize(1);
            assertThat(NEEDED).allMatch(program.layout()::hasAddress);
            assertThat(program.layout().hasAddress("runtime.frobnicate")).isFalse();
            assertThat(program.layout().hasStruct("runtime.frobnicate")).isFalse();
        }
    }
}
