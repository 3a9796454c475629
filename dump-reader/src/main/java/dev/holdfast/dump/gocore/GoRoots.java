package dev.holdfast.dump.gocore;

import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.ThreadWaits;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.TypeMasks;
import dev.holdfast.dump.gostack.GoStacks;
import dev.holdfast.dump.gostack.Goroutine;
import dev.holdfast.dump.gostack.GoroutineTable;
import dev.holdfast.dump.gostack.GoroutineWaits;
import dev.holdfast.dump.gotypes.GoTypes;
import dev.holdfast.dump.gotypes.TypePropagation;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.BitSet;
import java.util.List;

/** All roots of a Go program, and its goroutines; immutable. */
final class GoRoots implements HeapPass.Filter {
    private final DumpRoots roots;
    private final List<DumpThread> threads;
    private final ThreadWaits waits;
    private final GoroutineTable goroutines;
    private final RuntimeContainers containers;
    private final BitSet goroutineSlots;

    private GoRoots(
            DumpRoots roots,
            List<DumpThread> threads,
            ThreadWaits waits,
            GoroutineTable goroutines,
            RuntimeContainers containers,
            BitSet goroutineSlots) {
        this.roots = roots;
        this.threads = List.copyOf(threads);
        this.waits = waits;
        this.goroutines = goroutines;
        this.containers = containers;
        this.goroutineSlots = goroutineSlots;
    }

    /**
     * Finds them as the collector does.
     *
     * @param types of the program
     * @param seeds takes the typed variables
     */
    static GoRoots read(
            GoProgram program,
            SpanTable spans,
            TypeMasks masks,
            FunctionTable functions,
            GoTypes types,
            TypePropagation seeds) {
        DumpRoots.Builder roots = new DumpRoots.Builder();
        GoroutineTable table = new GoroutineTable(program, functions);
        List<Goroutine> goroutines = table.all();
        BitSet goroutineSlots = new BitSet();
        for (Goroutine goroutine : goroutines) {
            int slot = spans.slotAt(goroutine.address());
            if (slot >= 0) {
                goroutineSlots.set(slot);
            }
        }
        GlobalRoots globals = new GlobalRoots(program, spans, roots);
        globals.variables(object -> {
            int slot = spans.slotAt(object);
            return slot >= 0 && goroutineSlots.get(slot);
        });
        GoroutineRoots stackRoots = new GoroutineRoots(spans, roots, types, seeds);
        GoStacks stacks = table.stacks();
        for (Goroutine goroutine : goroutines) {
            stackRoots.add(goroutine, stacks);
        }
        globals.queues();
        new SpecialRoots(program, spans, masks, roots).add();
        return new GoRoots(
                roots.build(),
                stackRoots.threads(),
                GoroutineWaits.of(program, table, stacks),
                table,
                new RuntimeContainers(program, spans),
                goroutineSlots);
    }

    /** The roots as columns. */
    DumpRoots roots() {
        return roots;
    }

    /** The goroutines. */
    List<DumpThread> threads() {
        return threads;
    }

    /** What the goroutines wait for. */
    ThreadWaits waits() {
        return waits;
    }

    /** The goroutines as the runtime knows them; their stacks can be read again. */
    GoroutineTable goroutines() {
        return goroutines;
    }

    @Override
    public boolean filters(int sourceSlot) {
        return containers.contains(sourceSlot);
    }

    @Override
    public boolean keeps(int targetSlot) {
        return !goroutineSlots.get(targetSlot);
    }
}
