package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.dwarf.DwarfVariable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the package variable that covers an address; immutable and thread-safe. */
public final class GlobalNames {
    private final GoProgram program;
    private final List<DwarfVariable> variables;
    private final long[] starts;
    private final @Nullable StaticOwners owners;

    /** Of a program. */
    public GlobalNames(GoProgram program) {
        this.program = program;
        Dwarf dwarf = program.dwarf();
        this.variables = dwarf == null
                ? List.of()
                : dwarf.globals().stream()
                        .sorted(Comparator.comparingLong(DwarfVariable::address)
                                .thenComparing(DwarfVariable::name)
                                .thenComparing(DwarfVariable::type))
                        .toList();
        this.starts = variables.stream().mapToLong(DwarfVariable::address).toArray();
        this.owners = dwarf == null ? null : StaticOwners.of(program, this);
    }

    /** The variable that covers an address of the process, or null. */
    public @Nullable DwarfVariable variableAt(long address) {
        Dwarf dwarf = program.dwarf();
        long linked = address - program.bias();
        int found = Arrays.binarySearch(starts, linked);
        int at = found >= 0 ? found : -found - 2;
        // Of variables at one address the first in order; those without size lie before others.
        while (at > 0 && starts[at - 1] == starts[at]) {
            at--;
        }
        for (; dwarf != null && at >= 0 && at < starts.length && starts[at] <= linked; at++) {
            DwarfVariable variable = variables.get(at);
            if (linked - variable.address() < dwarf.type(variable.type()).size()) {
                return variable;
            }
        }
        return null;
    }

    /** Whether a variable begins in a range of addresses of the process. */
    boolean namedBetween(long from, long to) {
        int found = Arrays.binarySearch(starts, from - program.bias());
        int at = found >= 0 ? found : -found - 1;
        return at < starts.length && starts[at] <= to - program.bias();
    }

    /**
     * What a person would call the variable that covers an address: its own name, else that of the
     * variable that leads there, else the linker's for what the compiler
     * made, else the offset in the section.
     */
    public String nameAt(ModuleData module, long address) {
        DwarfVariable variable = variableAt(address);
        if (variable != null) {
            return variable.name();
        }
        String owner = owners == null ? null : owners.ownerAt(address);
        if (owner != null) {
            return owner;
        }
        String symbol = program.executable().symbolAt(address - program.bias());
        if (symbol != null) {
            return symbol;
        }
        boolean data = address >= module.data() && address < module.endData();
        return data
                ? "data+0x" + Long.toHexString(address - module.data())
                : "bss+0x" + Long.toHexString(address - module.bss());
    }
}
