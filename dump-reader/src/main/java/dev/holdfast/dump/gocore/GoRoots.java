package dev.holdfast.dump.gocore;

import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.TypeMasks;
import java.util.BitSet;
import java.util.List;

/** All roots of a Go program, and its goroutines; immutable. */
final class GoRoots implements HeapPass.Filter {
    private final DumpRoots roots;
    private final List<DumpThread> threads;
    private final RuntimeContainers containers;
    private final BitSet goroutineSlots;

    private GoRoots(DumpRoots roots, List<DumpThread> threads, RuntimeContainers containers, BitSet goroutineSlots) {
        this.roots = roots;
        this.threads = threads;
        this.containers = containers;
        this.goroutineSlots = goroutineSlots;
    }

    static GoRoots read(GoProgram program, SpanTable spans, TypeMasks masks) {
        DumpRoots.Builder roots = new DumpRoots.Builder();
        SlotResolver resolver = new SlotResolver(spans);
        BitSet goroutines = new BitSet();
        GlobalRoots globals = new GlobalRoots(program, resolver, roots);
        globals.variables(object -> goroutines.get(spans.slotAt(object)));
        globals.queues();
        new SpecialRoots(program, spans, masks, resolver, roots).add();
        return new GoRoots(roots.build(), List.of(), new RuntimeContainers(program, spans), goroutines);
    }

    /** The roots as columns. */
    DumpRoots roots() {
        return roots;
    }

    /** The goroutines. */
    List<DumpThread> threads() {
        return threads;
    }

    @Override
    public boolean keeps(int sourceSlot, int targetSlot) {
        return !containers.contains(sourceSlot) || !goroutineSlots.get(targetSlot);
    }
}
