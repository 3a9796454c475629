package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.elf.MemoryReader;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Layouts of a program without debugging information: structures from a table of releases, variables from the symbol table
 * or, where that was stripped too, from memory and code. Immutable and thread-safe.
 */
final class FixedLayout implements RuntimeLayout {
    private static final String FIRST_MODULE = "runtime.firstmoduledata";

    private final LayoutTable table;
    private final ElfFile executable;
    private final long bias;
    private final Map<String, Long> found;

    private FixedLayout(LayoutTable table, ElfFile executable, long bias, Map<String, Long> found) {
        this.table = table;
        this.executable = executable;
        this.bias = bias;
        this.found = Map.copyOf(found);
    }

    /** The layout of a program whose executable has no debugging information; warns where that is a guess. */
    static FixedLayout of(ElfFile executable, MemoryReader reader, long bias, GoVersion version, Warnings warnings) {
        LayoutTable table = LayoutTable.of(version, executable.machine());
        if (table.newer()) {
            warnings.note(
                    "go-release-newer",
                    0,
                    "no layouts are known of " + version + ": those of the newest known release are used",
                    1);
        }
        if (!table.unknownExperiments().isEmpty()) {
            warnings.note(
                    "go-experiment-unknown",
                    0,
                    "layouts may differ by " + String.join(", ", table.unknownExperiments()),
                    table.unknownExperiments().size());
        }
        return new FixedLayout(table, executable, bias, variables(executable, reader, bias, version, table));
    }

    private static Map<String, Long> variables(
            ElfFile executable, MemoryReader reader, long bias, GoVersion version, LayoutTable table) {
        if (executable.hasSymbol(FIRST_MODULE)) {
            return Map.of();
        }
        StructLayout layout = table.struct("runtime.moduledata").orElseThrow();
        long first = new ModuleSearch(executable, reader, bias, layout).find();
        if (first == 0) {
            return Map.of();
        }
        ModuleData module = new Modules(reader, layout).from(first).get(0);
        Map<String, Long> found =
                new HashMap<>(VariableSearch.of(reader, table, module, executable.machine(), version));
        found.put(FIRST_MODULE, first);
        return found;
    }

    @Override
    public StructLayout struct(String name) {
        return table.struct(name).orElseThrow(() -> new UnknownLayoutException(name));
    }

    @Override
    public boolean hasStruct(String name) {
        return table.struct(name).isPresent();
    }

    @Override
    public long address(String variable) {
        long address = find(variable);
        if (address == 0) {
            throw new UnknownLayoutException(variable);
        }
        return address;
    }

    @Override
    public boolean hasAddress(String variable) {
        return find(variable) != 0;
    }

    private long find(String variable) {
        long symbol = executable.symbol(variable);
        return symbol != 0 ? symbol + bias : found.getOrDefault(variable, 0L);
    }

    @Override
    public OptionalLong constant(String name) {
        return table.constant(name);
    }
}
