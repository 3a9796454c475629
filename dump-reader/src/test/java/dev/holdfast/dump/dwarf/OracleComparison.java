package dev.holdfast.dump.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Compares with what Go's own reader says: the lines of {@code oracle.go.txt}, in the order of the file. */
final class OracleComparison {
    private final Dwarf dwarf;
    private final Map<String, Long> typeNames = new HashMap<>();
    private final Map<Long, Long> descriptors = new HashMap<>();
    private final Map<String, String> constants = new HashMap<>();
    private final List<String> globals = new ArrayList<>();
    private final List<String> units = new ArrayList<>();
    private final Set<String> functions = new HashSet<>();
    private final List<String> expected = new ArrayList<>();
    private List<String> actual = List.of();
    int types;
    int locals;

    OracleComparison(Dwarf dwarf) {
        this.dwarf = dwarf;
    }

    void run(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 3);
            switch (words[0]) {
                case "unit":
                    units.add(words[1] + " " + words[2]);
                    break;
                case "type":
                    finish();
                    type(Long.parseLong(words[1]), line);
                    break;
                case "function":
                    finish();
                    function(Long.parseLong(words[1]));
                    expected.add(line);
                    break;
                case "global":
                    finish();
                    if (words[1].equals("ADDRESS")) {
                        globals.add(line);
                    }
                    break;
                case "constant":
                    finish();
                    constants.putIfAbsent(words[2], words[1]);
                    break;
                default:
                    expected.add(line);
                    break;
            }
        }
        finish();
        whole();
    }

    private void finish() {
        assertThat(actual).isEqualTo(expected);
        expected.clear();
        actual = List.of();
    }

    private void type(long offset, String line) {
        types++;
        DwarfType type = dwarf.type(offset);
        expected.add(line);
        typeNames.putIfAbsent(type.name(), offset);
        if (type.goRuntimeType() != 0) {
            descriptors.putIfAbsent(type.goRuntimeType(), offset);
        }
        actual = new ArrayList<>();
        actual.add("type " + offset + " " + type.kind() + " " + type.size() + " " + type.element() + " " + type.count()
                + " " + type.goKind() + " " + type.goRuntimeType() + " " + type.goKey() + " " + type.goElem() + " "
                + type.goDictionaryIndex() + " " + type.name());
        for (DwarfType.Field field : type.fields()) {
            actual.add("field " + field.offset() + " " + field.type() + " " + (field.embedded() ? 1 : 0) + " "
                    + field.name());
        }
    }

    private void function(long low) {
        DwarfFunction function = Objects.requireNonNull(dwarf.function(low), () -> "function at " + low);
        assertThat(dwarf.function(function.high() - 1)).isEqualTo(function);
        functions.add(function.name());
        actual = new ArrayList<>();
        actual.add("function " + function.low() + " " + function.high() + " " + function.name());
        for (DwarfFunction.Local local : function.variables()) {
            locals++;
            actual.add("local " + (local.parameter() ? 1 : 0) + " " + local.type() + " " + local.closureOffset() + " "
                    + local.line() + " " + local.name() + "@" + local.function());
            for (DwarfFunction.Range range : local.ranges()) {
                StringBuilder text = new StringBuilder("range " + range.low() + " " + range.high());
                for (DwarfFunction.Piece piece : range.pieces()) {
                    text.append(" " + piece.kind() + " " + piece.value() + " " + piece.size());
                }
                actual.add(text.toString());
            }
        }
    }

    private void whole() {
        assertThat(dwarf.units().stream().map(unit -> unit.name() + " " + unit.producer()))
                .isEqualTo(units);
        List<String> found = new ArrayList<>();
        for (DwarfVariable variable : dwarf.globals()) {
            found.add("global ADDRESS " + variable.address() + " 0 " + variable.type() + " " + variable.name());
            assertThat(dwarf.global(variable.name())).isNotNull();
        }
        assertThat(found).isEqualTo(globals);
        constants.forEach(
                (name, value) -> assertThat(dwarf.constant(name)).as(name).hasValue(Long.parseLong(value)));
        typeNames.forEach((name, offset) ->
                assertThat(dwarf.typeNamed(name)).as(name).isEqualTo(name.isEmpty() ? dwarf.typeNamed("") : offset));
        descriptors.forEach((descriptor, offset) ->
                assertThat(dwarf.typeOfDescriptor(descriptor)).isEqualTo(offset));
        assertThat(types).isPositive();
        assertThat(globals).isNotEmpty();
        assertThat(functions).contains("runtime.mallocgc");
    }
}
