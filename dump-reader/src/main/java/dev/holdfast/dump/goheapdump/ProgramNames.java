package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.dwarf.DwarfVariable;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.goruntime.ProgramFile;
import dev.holdfast.dump.io.DamageReport;
import dev.holdfast.dump.pclntab.CodePlace;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names that only the executable has: of package variables, and of functions that stand in no frame; immutable.
 *
 * <p>A dump does not say of which program it is. Its frames name functions with their addresses, and by them the program is
 * recognised, and how far a position-independent one was moved.
 */
final class ProgramNames {
    /** Knows nothing. */
    static final ProgramNames NONE = new ProgramNames(null, null, null, 0, List.of());

    private final @Nullable ElfFile program;
    private final @Nullable Dwarf dwarf;
    private final @Nullable ProgramFile file;
    private final long bias;
    private final List<DwarfVariable> variables;
    private final long[] starts;

    private ProgramNames(
            @Nullable ElfFile program,
            @Nullable Dwarf dwarf,
            @Nullable ProgramFile file,
            long bias,
            List<DwarfVariable> variables) {
        this.program = program;
        this.dwarf = dwarf;
        this.file = file;
        this.bias = bias;
        this.variables = variables;
        this.starts = variables.stream().mapToLong(DwarfVariable::address).toArray();
    }

    /**
     * The names of a program.
     *
     * @param entries where the functions of the dump begin, by name
     */
    static ProgramNames of(Path executable, Map<String, Long> entries, Warnings warnings, DamageReport damage)
            throws IOException {
        ElfFile program = ElfFile.open(executable);
        Dwarf dwarf = Dwarf.open(program, warnings);
        long bias = 0;
        long agree = 0;
        long differ = 0;
        for (Map.Entry<String, Long> function : entries.entrySet()) {
            long linked = linked(program, function.getKey());
            if (linked == 0) {
                continue;
            }
            long moved = function.getValue() - linked;
            if (agree + differ == 0) {
                bias = moved;
            }
            if (moved == bias) {
                agree++;
            } else {
                differ++;
            }
        }
        if (differ > 0 || (bias != 0 && !program.isPositionIndependent())) {
            damage.loss(
                    "executable-mismatch",
                    -1,
                    executable + " is not the program that was dumped: its functions are elsewhere; it was not used",
                    1);
            return NONE;
        }
        if (agree == 0 || dwarf == null) {
            damage.note("executable-without-names", -1, executable + " has no symbols or no debugging information", 1);
        }
        if (agree == 0) {
            return NONE;
        }
        List<DwarfVariable> variables = dwarf == null
                ? List.of()
                : dwarf.globals().stream()
                        .sorted(Comparator.comparingLong(DwarfVariable::address).thenComparing(DwarfVariable::name))
                        .toList();
        ProgramFile file = dwarf == null ? null : ProgramFile.of(program, dwarf, bias);
        return new ProgramNames(program, dwarf, file, bias, variables);
    }

    /** Assembly functions have a symbol with their calling convention. */
    private static long linked(ElfFile program, String function) {
        long address = program.symbol(function);
        return address != 0 ? address : program.symbol(function + ".abi0");
    }

    /** The package variable that covers an address, or the linker's name for what the compiler made, or null. */
    @Nullable
    String variableAt(long address) {
        if (program == null) {
            return null;
        }
        long wanted = address - bias;
        int found = Arrays.binarySearch(starts, wanted);
        int at = found >= 0 ? found : -found - 2;
        while (at > 0 && starts[at - 1] == starts[at]) {
            at--;
        }
        for (; dwarf != null && at >= 0 && at < starts.length && starts[at] <= wanted; at++) {
            DwarfVariable variable = variables.get(at);
            if (wanted - variable.address() < dwarf.type(variable.type()).size()) {
                return variable.name();
            }
        }
        return program.symbolAt(wanted);
    }

    /** The functions of the program, or null. */
    @Nullable
    FunctionTable functions() {
        return file == null ? null : file.functions();
    }

    /** What the program's file says of the runtime, or null. */
    @Nullable
    ProgramFile file() {
        return file;
    }

    /** The function that makes the call before a return address, or null. */
    @Nullable
    String functionOfCall(long returnAddress) {
        List<CodePlace> places = file == null ? List.of() : file.functions().places(returnAddress - 1);
        if (!places.isEmpty()) {
            return places.get(0).symbol();
        }
        return program == null ? null : program.symbolAt(returnAddress - 1 - bias);
    }
}
