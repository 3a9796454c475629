package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.ModuleData;
import dev.holdfast.dump.pclntab.FunctionTable;
import dev.holdfast.dump.pclntab.GoFunction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells return addresses from other words, and which function's code can call which. For one thread; remembers up to
 * 16384 answers of each kind.
 */
final class CallSites {
    private static final int REMEMBERED = 1 << 14;

    /** Longer functions are not looked through: of Go's own the longest is below 64 KiB. */
    private static final int LONGEST = 1 << 18;

    /** A prologue is shorter: the check of the stack, and up to three instructions that make room. */
    private static final int PROLOGUE = 64;

    /** Signal handlers make it seem that any code had called these. */
    private static final Set<String> INJECTED = Set.of("runtime.asyncPreempt", "runtime.sigpanic");

    private static final Pattern REFLECTED = Pattern.compile("runtime\\.call[0-9]+");

    private static final String ANYTHING = "";

    private final FunctionTable functions;
    private final MemoryReader reader;
    private final CallInstructions instructions;
    private final FunctionValues values;
    private final boolean arm64;
    private final long[] textStarts;
    private final long[] textSizes;
    private final Map<Long, Optional<CallSite>> sites = new HashMap<>();
    private final Map<Long, Set<String>> callees = new HashMap<>();
    private final Map<Long, Integer> frameSizes = new HashMap<>();

    CallSites(GoProgram program, FunctionTable functions) {
        this.functions = functions;
        reader = program.reader();
        Machine machine = program.executable().machine();
        instructions = new CallInstructions(reader, machine);
        values = new FunctionValues(program, functions);
        arm64 = machine == Machine.ARM64;
        List<ModuleData> modules = program.modules();
        textStarts = modules.stream().mapToLong(module -> module.code().text()).toArray();
        textSizes = modules.stream()
                .mapToLong(module -> module.code().endText() - module.code().text())
                .toArray();
    }

    /** Whether a word points into code: one comparison for each module. */
    boolean isCode(long word) {
        for (int i = 0; i < textStarts.length; i++) {
            if (Long.compareUnsigned(word - textStarts[i], textSizes[i]) < 0) {
                return true;
            }
        }
        return false;
    }

    /** The call that returns to an address, or null if it is no return address. */
    @Nullable
    CallSite at(long word) {
        Optional<CallSite> known = sites.get(word);
        if (known == null) {
            forget(sites);
            known = Optional.ofNullable(read(word));
            sites.put(word, known);
        }
        return known.orElse(null);
    }

    private @Nullable CallSite read(long word) {
        GoFunction function = functions.function(word);
        if (function == null || !function.hasFrame() || word == function.entry()) {
            return null;
        }
        long target = instructions.target(word, function.entry());
        if (target == CallInstructions.NONE
                || target != CallInstructions.INDIRECT && functions.function(target) == null) {
            return null;
        }
        int delta = functions.stackDelta(function, word);
        return delta < 0 || (delta & 7) != 0 ? null : new CallSite(function, word, delta, target);
    }

    /** Whether an address lies in a function with which call stacks end. */
    boolean isTop(long word) {
        GoFunction function = isCode(word) ? functions.function(word) : null;
        return function != null && function.topFrame();
    }

    /**
     * Whether the code of a function calls another directly, or what may be that through a register. A function may be called by
     * way of another of the same name, which passes arguments in another way and jumps on.
     */
    boolean mayCall(GoFunction caller, GoFunction callee) {
        if (INJECTED.contains(callee.symbol())) {
            return true;
        }
        Set<String> called = callees.get(caller.entry());
        if (called == null) {
            forget(callees);
            Set<String> names = new HashSet<>();
            instructions.targets(code(caller), caller.entry(), target -> {
                GoFunction function =
                        target == CallInstructions.INDIRECT || !isCode(target) ? null : functions.function(target);
                if (function != null && function.entry() == target) {
                    names.add(function.symbol());
                } else if (target == CallInstructions.INDIRECT) {
                    names.add(ANYTHING);
                }
            });
            called = names;
            callees.put(caller.entry(), called);
        }
        // reflectcall jumps to the one of runtime.call16, call32, ... whose frame is large enough.
        String name = REFLECTED.matcher(callee.symbol()).matches() ? "runtime.reflectcall" : callee.symbol();
        // Assembly may have the address of what it calls in its code.
        return called.contains(name) || called.contains(ANYTHING) && (caller.assembly() || isValue(callee));
    }

    /** Whether a function can be called through a register. */
    boolean isValue(GoFunction function) {
        return values.contains(function, this);
    }

    private byte[] code(GoFunction function) {
        long entry = function.entry();
        // Where it ends no table says; halving needs 18 questions.
        long inside = entry;
        long beyond = Math.min(entry + LONGEST, function.module().endText());
        while (beyond - inside > 1) {
            long middle = inside + (beyond - inside) / 2;
            GoFunction there = functions.function(middle);
            if (there != null && there.entry() == entry) {
                inside = middle;
            } else {
                beyond = middle;
            }
        }
        try {
            return reader.bytes(entry, (int) (beyond - entry));
        } catch (MissingMemoryException e) {
            return new byte[0];
        }
    }

    /** Bytes of stack that a function takes once its prologue is done, 0 where it takes none or that is unknown. */
    int frameSize(long entry) {
        Integer known = frameSizes.get(entry);
        if (known == null) {
            forget(frameSizes);
            known = 0;
            GoFunction function = functions.function(entry);
            if (function != null && function.entry() == entry) {
                for (int i = 0; i < PROLOGUE; i++) {
                    known = Math.max(known, functions.stackDelta(function, entry + (arm64 ? 4L : 1L) * i));
                }
            }
            frameSizes.put(entry, known);
        }
        return known;
    }

    private static void forget(Map<?, ?> answers) {
        if (answers.size() >= REMEMBERED) {
            answers.clear();
        }
    }
}
