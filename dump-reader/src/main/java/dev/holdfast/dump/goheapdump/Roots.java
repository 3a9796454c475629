package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.ConditionalRoot;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.io.LongList;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes holders of package variables, goroutines with their frames, and queues. */
final class Roots {
    private final FirstPass known;
    private final KnownObjects objects;
    private final Slots slots;
    private final ProgramNames names;
    private final List<Calls> calls;
    private final DumpInput words;
    private final DumpRoots.Builder builder = new DumpRoots.Builder();

    private Roots(FirstPass known, KnownObjects objects, Slots slots, ProgramNames names, List<Calls> calls) {
        this.names = names;
        this.calls = calls;
        this.words = slots.words();
        this.known = known;
        this.objects = objects;
        this.slots = slots;
    }

    static DumpRoots of(FirstPass known, KnownObjects objects, Slots slots, ProgramNames names, List<Calls> calls)
            throws IOException {
        return new Roots(known, objects, slots, names, calls).make();
    }

    private DumpRoots make() throws IOException {
        Map<String, LongList> variables = new TreeMap<>();
        variables("data", known.dataPointers(), variables);
        variables("bss", known.bssPointers(), variables);
        variables.forEach((name, objectsOf) -> add(RootKind.GLOBAL, name, objectsOf));
        List<Goroutines.Goroutine> goroutines = known.goroutines().all();
        for (int i = 0; i < goroutines.size(); i++) {
            goroutine(i, goroutines.get(i));
        }
        others();
        queue();
        finalizers();
        return builder.build();
    }

    private void variables(String segment, LongList pointers, Map<String, LongList> byName) {
        for (int i = 0; i < pointers.size(); i += 2) {
            long target = objects.objectAt(pointers.get(i + 1));
            if (target != 0 && !objects.isGoroutine(target)) {
                String name = names.variableAt(pointers.get(i));
                byName.computeIfAbsent(name != null ? name : segment, n -> new LongList())
                        .add(target);
            }
        }
    }

    private void add(RootKind kind, String name, LongList held) {
        int holder = builder.holder(new Holder(kind, name, DumpRoots.UNDER_ROOT, 0, -1, -1));
        for (int i = 0; i < held.size(); i++) {
            hold(holder, held.get(i));
        }
    }

    private void goroutine(int thread, Goroutines.Goroutine goroutine) throws IOException {
        int holder =
                builder.holder(new Holder(RootKind.GOROUTINE, goroutine.entry(), DumpRoots.UNDER_ROOT, 0, thread, -1));
        hold(holder, goroutine.record().address());
        LongList pointers = goroutine.pointers();
        for (int i = 0; i < pointers.size(); i += 2) {
            if (pointers.get(i) < 0) {
                hold(holder, pointers.get(i + 1));
            }
        }
        StackPointers stack = new StackPointers(known.parameters(), objects, words, goroutine);
        for (int frame = 0; frame < goroutine.frames().size(); frame++) {
            LongList sure = stack.sure(frame);
            LongList perhaps = stack.perhaps(frame);
            if (sure.size() + perhaps.size() == 0) {
                continue;
            }
            int frameHolder = builder.holder(new Holder(
                    RootKind.FRAME,
                    goroutine.frames().get(frame).function(),
                    holder,
                    0,
                    thread,
                    calls.get(thread).callOf().get(frame)));
            for (int i = 0; i < sure.size(); i++) {
                builder.held(frameHolder, sure.get(i));
            }
            for (int i = 0; i < perhaps.size(); i++) {
                builder.heldConservatively(frameHolder, perhaps.get(i));
            }
        }
    }

    private void hold(int holder, long address) {
        long target = objects.objectAt(address);
        if (target != 0) {
            builder.held(holder, target);
        }
    }

    private void others() {
        Map<String, LongList> byName = new LinkedHashMap<>();
        for (int i = 0; i < known.otherRoots().size(); i++) {
            byName.computeIfAbsent(known.otherRootNames().get(i), n -> new LongList())
                    .add(known.otherRoots().get(i));
        }
        byName.forEach((name, held) -> add(RootKind.RUNTIME, name, held));
    }

    private void queue() {
        if (known.queuedFinalizers().size() > 0) {
            add(RootKind.FINALIZER, "finalizer queue", known.queuedFinalizers());
        }
    }

    /** The closure is kept by the object, and while nothing else keeps the object, so is what it points to. */
    private void finalizers() throws IOException {
        LongList finalizers = known.finalizers();
        for (int i = 0; i < finalizers.size(); i += 2) {
            long object = objects.objectAt(finalizers.get(i));
            if (object == 0) {
                continue;
            }
            long function = objects.objectAt(finalizers.get(i + 1));
            if (function != 0) {
                builder.owned(object, function);
                builder.conditional(new ConditionalRoot(RootKind.FINALIZER, object, function));
            }
            Slots.Slot slot = slots.read(object, Integer.MAX_VALUE);
            if (slot != null) {
                LongList targets = slots.targets(slot);
                for (int k = 0; k < targets.size(); k++) {
                    long target = objects.objectAt(targets.get(k));
                    if (target != 0 && target != object) {
                        builder.conditional(new ConditionalRoot(RootKind.FINALIZER, object, target));
                    }
                }
            }
        }
    }
}
