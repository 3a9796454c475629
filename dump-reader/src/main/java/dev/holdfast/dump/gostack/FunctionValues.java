package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.pclntab.FunctionTable;
import dev.holdfast.dump.pclntab.GoFunction;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which functions can be called through a register: methods and closures, and of the others those whose address stands
 * somewhere in the program's data. For one thread; looks through the data on first use, some milliseconds a megabyte.
 */
final class FunctionValues {
    /** Larger data than that of any known program is not looked through. */
    private static final long MOST_BYTES = 1L << 29;

    private static final int PAGE = 4096;

    private final GoProgram program;
    private final FunctionTable functions;
    private final MemoryReader reader;
    private @Nullable Set<String> addressed;

    FunctionValues(GoProgram program, FunctionTable functions) {
        this.program = program;
        this.functions = functions;
        reader = program.reader();
    }

    /** Whether a function can be called through a register. */
    boolean contains(GoFunction function, CallSites sites) {
        if (!isPlain(function.symbol())) {
            // Tables of methods are made while the program runs, closures are everywhere.
            return true;
        }
        Set<String> known = addressed;
        if (known == null) {
            known = read(sites);
            addressed = known;
        }
        return known.contains(function.symbol());
    }

    /** Whether a name is that of a function of a package: {@code net/http.Serve}. */
    static boolean isPlain(String symbol) {
        int name = symbol.indexOf('.', symbol.lastIndexOf('/') + 1);
        return symbol.indexOf('[') < 0 && symbol.indexOf('(') < 0 && name > 0 && symbol.indexOf('.', name + 1) < 0;
    }

    private Set<String> read(CallSites sites) {
        Set<String> found = new HashSet<>();
        long left = MOST_BYTES;
        for (ElfFile.Segment segment : program.executable().segments()) {
            if (segment.type() != ElfFile.SEGMENT_LOAD || segment.executable()) {
                continue;
            }
            long at = segment.address() + program.bias() & -8;
            long end = at + Math.max(0, Math.min(segment.fileSize(), left)) - 8;
            left -= segment.fileSize();
            while (at - end <= 0) {
                try {
                    long word = reader.word(at);
                    if (sites.isCode(word)) {
                        GoFunction function = functions.function(word);
                        if (function != null && function.entry() == word) {
                            found.add(function.symbol());
                        }
                    }
                    at += 8;
                } catch (MissingMemoryException e) {
                    at = (at & -PAGE) + PAGE;
                }
            }
        }
        return found;
    }
}
