package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.VariableChecks.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the runtime's variables in a program without symbols: where the code of functions refers to, and what is found there
 * decides. What is not found for certain is not found.
 */
final class VariableSearch {
    private final MemoryReader reader;
    private final LayoutTable table;
    private final VariableChecks checks;
    private final Map<String, Set<Long>> operands = new HashMap<>();

    private VariableSearch(MemoryReader reader, LayoutTable table, VariableChecks checks) {
        this.reader = reader;
        this.table = table;
        this.checks = checks;
    }

    /** Addresses of the variables that were found, by name. */
    static Map<String, Long> of(
            MemoryReader reader, LayoutTable table, ModuleData module, Machine machine, GoVersion version) {
        Map<String, List<VariableClues.Clue>> clues = VariableClues.read();
        Set<String> functions = new HashSet<>();
        clues.values().forEach(list -> list.forEach(clue -> functions.addAll(clue.functions())));
        Map<String, Long> found = new HashMap<>();
        VariableChecks checks = new VariableChecks(reader, table, module, version, found);
        VariableSearch search = new VariableSearch(reader, table, checks);
        CodeOperands code = new CodeOperands(reader, machine);
        FunctionRanges.of(reader, module.code(), functions::contains)
                .forEach((name, range) -> search.operands.put(name, code.in(range.entry(), range.end())));
        clues.forEach((variable, list) -> {
            long address = search.find(variable, list);
            if (address != 0) {
                found.put(variable, address);
            }
        });
        return found;
    }

    /**
     * The one address that most clues agree about and that holds what the variable holds; 0 if there is none or more
     * than one.
     */
    private long find(String variable, List<VariableClues.Clue> clues) {
        if (table.variableSize(variable) == 0) {
            return 0;
        }
        Optional<StructLayout> struct = table.variableStruct(variable);
        Map<Long, Integer> votes = new HashMap<>();
        int asked = 0;
        for (VariableClues.Clue clue : clues) {
            Set<Long> addresses = clue.functions().stream()
                    .map(operands::get)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(Set.of());
            int offset = clue.field().isEmpty()
                    ? 0
                    : struct.map(layout -> layout.offset(clue.field(), -1)).orElse(-1);
            if (!addresses.isEmpty() && offset >= 0) {
                asked++;
                addresses.forEach(address -> votes.merge(address - offset, 1, Integer::sum));
            }
        }
        long best = 0;
        int most = 0;
        boolean one = false;
        Verdict verdict = Verdict.NO;
        for (Map.Entry<Long, Integer> vote : votes.entrySet()) {
            int agree = vote.getValue();
            Verdict here = agree < most ? Verdict.NO : verdict(variable, vote.getKey());
            if (here != Verdict.NO) {
                one = agree > most;
                best = vote.getKey();
                most = agree;
                verdict = here;
            }
        }
        return one && enough(verdict, most, asked) ? best : 0;
    }

    private static boolean enough(Verdict verdict, int agree, int asked) {
        switch (verdict) {
            case PROVEN:
                return true;
            case LIKELY:
                return agree >= 2 && 2 * agree > asked;
            case FITS:
                return agree >= 2 && agree == asked;
            default:
                return false;
        }
    }

    private Verdict verdict(String variable, long address) {
        try {
            return reader.readable(address, table.variableSize(variable)) ? checks.of(variable, address) : Verdict.NO;
        } catch (MissingMemoryException | UnknownLayoutException e) {
            return Verdict.NO;
        }
    }
}
