package dev.holdfast.dump.gostack;

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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All goroutines that were alive, and where the walk over each stack begins.
 *
 * <p>Immutable; about 150 bytes a goroutine. Stacks are read by {@link GoStacks}, one per thread.
 */
public final class GoroutineTable {
    private static final int STATUS_MASK = 0xfff;
    private static final int RUNNING = 2;
    private static final int WAITING = 4;
    private static final int SYSCALL = 3;
    private static final int LEAKED = 10;

    private final GoProgram program;
    private final FunctionTable functions;
    private final List<Goroutine> goroutines = new ArrayList<>();
    private final Map<Long, Anchor> anchors = new HashMap<>();
    private final Map<Long, Goroutine> byAddress = new HashMap<>();
    private final List<StackBounds> deadStacks = new ArrayList<>();
    private List<SystemThread> threads = List.of();

    /**
     * Reads the goroutines of a program.
     *
     * @throws UnknownLayoutException if it is not known where the runtime keeps them
     */
    public GoroutineTable(GoProgram program, FunctionTable functions) {
        this.program = program;
        this.functions = functions;
        new Reading().all();
    }

    /** All that were alive, in the order of the runtime's own list. */
    public List<Goroutine> all() {
        return List.copyOf(goroutines);
    }

    /** The goroutine whose {@code runtime.g} lies at an address, or null. */
    public @Nullable Goroutine at(long address) {
        return byAddress.get(address);
    }

    /** Stacks that the runtime keeps with goroutines that have ended. */
    List<StackBounds> deadStacks() {
        return List.copyOf(deadStacks);
    }

    /** The runtime's threads. */
    List<SystemThread> systemThreads() {
        return threads;
    }

    /** Reads stacks; for one thread. */
    public GoStacks stacks() {
        return new GoStacks(program, functions, this);
    }

    /** Finds what is left in free parts of stacks; for one thread. */
    public GhostStacks ghosts() {
        return new GhostStacks(program, functions, this);
    }

    Anchor anchor(Goroutine goroutine) {
        return anchors.getOrDefault(goroutine.address(), Anchor.NONE);
    }

    private static String state(int status) {
        switch (status) {
            case 1:
                return "runnable";
            case RUNNING:
                return "running";
            case SYSCALL:
                return "syscall";
            case WAITING:
                return "waiting";
            case 8:
                return "copystack";
            case 9:
                return "preempted";
            case LEAKED:
                return "leaked";
            default:
                // idle, moribund, dead, or a thread waiting for C to call: nothing runs.
                return "";
        }
    }

    /** Reads them once. */
    private final class Reading {
        private final RuntimeLayout layout = program.layout();
        private final MemoryReader reader = program.reader();
        private final StructLayout g = layout.struct("runtime.g");
        private final GoroutineLabels labels =
                new GoroutineLabels(program.reader(), program.version().minor());
        private final WaitReasons reasons = new WaitReasons(program);
        private final RunningGoroutines running;
        private final SystemGoroutines system = new SystemGoroutines(program);
        private long latest;

        Reading() {
            Unwinder unwinder =
                    new Unwinder(functions, reader, program.executable().machine() == Machine.ARM64);
            running = new RunningGoroutines(program, functions, unwinder);
            threads = running.systemThreads();
        }

        void all() {
            if (!layout.hasAddress("runtime.allgs")) {
                program.warnings()
                        .loss("go-goroutines", -1, "Goroutines are lost: nothing says where their list lies", 1);
                return;
            }
            long list = layout.address("runtime.allgs");
            long first;
            long count;
            try {
                first = reader.word(list);
                count = reader.word(list + 8);
            } catch (MissingMemoryException e) {
                loss(e);
                return;
            }
            latest = new RuntimeClock(program).now();
            long readable = count >= 0 ? count : 0;
            for (long i = 0; i < readable; i++) {
                long address;
                try {
                    address = reader.word(first + 8 * i);
                } catch (MissingMemoryException e) {
                    loss(e);
                    break;
                }
                try {
                    note(address);
                } catch (MissingMemoryException e) {
                    loss(e);
                }
            }
            reckonWaits();
        }

        private void loss(MissingMemoryException e) {
            program.warnings()
                    .loss("go-goroutines", -1, "Goroutines are lost with memory that is missing: " + e.getMessage(), 1);
        }

        private void note(long address) {
            if (address == 0 || byAddress.containsKey(address)) {
                return;
            }
            int status = reader.i32(address + g.offset("atomicstatus")) & STATUS_MASK;
            String state = state(status);
            StackBounds stack = StackBounds.of(reader, g, address);
            if (!stack.plausible()) {
                program.warnings().loss("go-goroutines", -1, "Stacks with impossible bounds are left out", 1);
                stack = StackBounds.NONE;
            }
            if (state.isEmpty()) {
                if (stack.bytes() > 0) {
                    deadStacks.add(stack);
                }
                return;
            }
            int reason = reader.u8(address + g.offset("waitreason"));
            long since = reader.word(address + g.offset("waitsince"));
            boolean waits = status == WAITING || status == SYSCALL;
            long gopc = reader.word(address + g.offset("gopc"));
            String entry = name(reader.word(address + g.offset("startpc")));
            long id = reader.word(address + g.offset("goid"));
            Goroutine goroutine = new Goroutine(
                    address,
                    id,
                    state,
                    status == WAITING || status == LEAKED ? reasons.text(reason) : null,
                    waits && since > 0 ? since : -1,
                    labels.at(reader.word(address + g.offset("labels"))),
                    g.has("parentGoid") ? reader.word(address + g.offset("parentGoid")) : 0,
                    id == 1 ? null : Places.caller(functions, gopc),
                    entry,
                    system.is(entry, address),
                    reader.word(address + g.offset("lockedm")) != 0,
                    stack.low(),
                    stack.high());
            if (waits && since > 0) {
                latest = Math.max(latest, since);
            }
            goroutines.add(goroutine);
            byAddress.put(address, goroutine);
            anchors.put(address, anchorOf(goroutine, status));
        }

        private String name(long pc) {
            var function = functions.function(pc);
            return function == null ? "" : function.name();
        }

        /** Turns the time when a goroutine began to wait into how long it has. */
        private void reckonWaits() {
            for (int i = 0; i < goroutines.size(); i++) {
                Goroutine was = goroutines.get(i);
                if (was.waitNanos() > 0) {
                    Goroutine is = was.waiting(latest - was.waitNanos());
                    goroutines.set(i, is);
                    byAddress.put(is.address(), is);
                }
            }
        }

        private Anchor anchorOf(Goroutine goroutine, int status) {
            long address = goroutine.address();
            long syscallSp = reader.word(address + g.offset("syscallsp"));
            if (syscallSp != 0) {
                return new Anchor(reader.word(address + g.offset("syscallpc")), syscallSp, 0, true, null);
            }
            SystemThread thread = running.threadOf(address);
            if (status == RUNNING && thread != null) {
                Registers registers = running.registersOf(address);
                if (registers != null && goroutine.onStack(registers.sp())) {
                    return new Anchor(registers.pc(), registers.sp(), registers.link(), false, registers);
                }
                if (goroutine.onStack(thread.vdsoSp())) {
                    return new Anchor(thread.vdsoPc(), thread.vdsoSp(), 0, false, null);
                }
            }
            long sp = reader.word(address + g.offset("sched.sp"));
            long pc = reader.word(address + g.offset("sched.pc"));
            long link = g.has("sched.lr") ? reader.word(address + g.offset("sched.lr")) : 0;
            return new Anchor(pc, sp, link, false, null);
        }
    }
}
