package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.CoreFile.CoreThread;
import dev.holdfast.dump.elf.ElfFile.Machine;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.RuntimeLayout;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.dump.goruntime.UnknownLayoutException;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which goroutine each thread was running, and where.
 *
 * <p>A thread is matched by the {@code g} in its thread-local storage or register and by the stack it stands on; by number
 * only where that fails, for threads' numbers differ between namespaces. Immutable.
 */
final class RunningGoroutines {
    /** More threads than the kernel allows by default on any machine. */
    private static final int MOST_THREADS = 1 << 16;

    private final List<SystemThread> all;
    private final Map<Long, SystemThread> threads = new HashMap<>();
    private final Map<Long, Registers> registers = new HashMap<>();

    RunningGoroutines(GoProgram program, FunctionTable functions, Unwinder unwinder) {
        MemoryReader reader = program.reader();
        Machine machine = program.executable().machine();
        all = read(program, reader);
        for (SystemThread thread : all) {
            if (thread.current() != 0) {
                threads.put(thread.current(), thread);
            }
        }
        SignalFrames signals = new SignalFrames(machine, reader, functions, unwinder);
        for (CoreThread dumped : program.core().threads()) {
            Registers at = Registers.of(machine, dumped.registers());
            SystemThread thread = match(all, at, dumped.id(), reader, machine);
            if (thread == null || thread.current() == 0) {
                continue;
            }
            if (thread.signalStack().contains(at.sp())) {
                at = signals.interrupted(at, thread);
            }
            if (at != null) {
                registers.putIfAbsent(thread.current(), at);
            }
        }
    }

    /** All threads that the runtime knows. */
    List<SystemThread> systemThreads() {
        return List.copyOf(all);
    }

    /** The thread that has the goroutine, or null. */
    @Nullable
    SystemThread threadOf(long goroutine) {
        return threads.get(goroutine);
    }

    /** What that thread was doing, signal handlers aside; null where unknown. */
    @Nullable
    Registers registersOf(long goroutine) {
        return registers.get(goroutine);
    }

    private static @Nullable SystemThread match(
            List<SystemThread> all, Registers at, long id, MemoryReader reader, Machine machine) {
        long local = 0;
        if (machine == Machine.AMD64 && at.threadBase() != 0) {
            try {
                local = reader.word(at.threadBase() - 8);
            } catch (MissingMemoryException e) {
                local = 0;
            }
        }
        SystemThread byGoroutine = null;
        SystemThread byNumber = null;
        for (SystemThread thread : all) {
            if (thread.signalStack().contains(at.sp()) || thread.currentStack().contains(at.sp())) {
                return thread;
            }
            if (has(thread, local) || has(thread, at.goroutine())) {
                byGoroutine = thread;
            }
            if (thread.processId() == id) {
                byNumber = thread;
            }
        }
        if (byGoroutine != null) {
            return byGoroutine;
        }
        // Bounds of a system stack that C made are a guess, so several threads may seem to own one address.
        return byNumber != null && byNumber.owns(at.sp()) ? byNumber : null;
    }

    private static boolean has(SystemThread thread, long goroutine) {
        return goroutine != 0
                && (goroutine == thread.current() || goroutine == thread.system() || goroutine == thread.signal());
    }

    private static List<SystemThread> read(GoProgram program, MemoryReader reader) {
        List<SystemThread> all = new ArrayList<>();
        RuntimeLayout layout = program.layout();
        try {
            StructLayout m = layout.struct("runtime.m");
            StructLayout g = layout.struct("runtime.g");
            Set<Long> seen = new HashSet<>();
            long address = reader.word(layout.address("runtime.allm"));
            while (address != 0 && seen.add(address) && all.size() < MOST_THREADS) {
                all.add(read(reader, address, m, g));
                address = reader.word(address + m.offset("alllink"));
            }
        } catch (MissingMemoryException | UnknownLayoutException e) {
            program.warnings().loss("go-threads", -1, "The runtime's list of threads ends early: " + e.getMessage(), 1);
        }
        return all;
    }

    private static SystemThread read(MemoryReader reader, long m, StructLayout thread, StructLayout g) {
        long system = reader.word(m + thread.offset("g0"));
        long signal = reader.word(m + thread.offset("gsignal"));
        long current = reader.word(m + thread.offset("curg"));
        boolean vdso = thread.has("vdsoSP") && thread.has("vdsoPC");
        return new SystemThread(
                m,
                reader.word(m + thread.offset("procid")),
                system,
                StackBounds.of(reader, g, system),
                signal,
                StackBounds.of(reader, g, signal),
                current,
                StackBounds.of(reader, g, current),
                vdso ? reader.word(m + thread.offset("vdsoPC")) : 0,
                vdso ? reader.word(m + thread.offset("vdsoSP")) : 0);
    }
}
