package dev.holdfast.dump.gocore;

import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.gostack.GoFrame;
import dev.holdfast.dump.gostack.GoStack;
import dev.holdfast.dump.gostack.GoStacks;
import dev.holdfast.dump.gostack.Goroutine;
import dev.holdfast.dump.gostack.RootSlots;
import dev.holdfast.dump.gostack.SlotVariable;
import dev.holdfast.dump.gotypes.GoType;
import dev.holdfast.dump.gotypes.GoTypes;
import dev.holdfast.dump.gotypes.TypePropagation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes holders of goroutines, their frames and the variables in these, and seeds for the types of what they hold. */
final class GoroutineRoots {
    private final SpanTable spans;
    private final DumpRoots.Builder roots;
    private final GoTypes types;
    private final TypePropagation seeds;
    private final List<DumpThread> threads = new ArrayList<>();

    GoroutineRoots(SpanTable spans, DumpRoots.Builder roots, GoTypes types, TypePropagation seeds) {
        this.spans = spans;
        this.roots = roots;
        this.types = types;
        this.seeds = seeds;
    }

    /** Adds a goroutine with all that its stack holds. */
    void add(Goroutine goroutine, GoStacks stacks) {
        GoStack stack = stacks.stack(goroutine);
        int thread = threads.size();
        threads.add(thread(goroutine, stack));
        seeds.memory(goroutine.stackLow(), goroutine.stackHigh());
        String name = goroutine.entry().isEmpty() ? "(unknown function)" : goroutine.entry();
        int holder = roots.holder(new Holder(RootKind.GOROUTINE, name, DumpRoots.UNDER_ROOT, 0, thread, -1));
        long object = spans.objectAt(goroutine.address());
        if (object != 0) {
            roots.held(holder, object);
        }
        Slots slots = new Slots(stacks, stack, thread, holder);
        stacks.roots(goroutine, slots);
        slots.finish();
    }

    /** The goroutines added so far. */
    List<DumpThread> threads() {
        return threads;
    }

    private static DumpThread thread(Goroutine goroutine, GoStack stack) {
        return new DumpThread(
                goroutine.address(),
                goroutine.entry(),
                goroutine.id(),
                DumpThread.Kind.GOROUTINE,
                goroutine.system(),
                false,
                goroutine.state(),
                goroutine.waitReason(),
                goroutine.labels(),
                goroutine.waitNanos(),
                goroutine.creator() == null ? null : goroutine.creator().symbol(),
                stack.space(),
                stack.calls());
    }

    /** Sorts the slots of one goroutine by frame and variable. */
    private final class Slots implements RootSlots {
        private final GoStacks stacks;
        private final GoStack stack;
        private final int thread;
        private final int goroutine;
        private @Nullable GoFrame frame;
        private final List<Long> direct = new ArrayList<>();
        private final List<Long> guessed = new ArrayList<>();
        private final Map<String, List<Long>> variables = new TreeMap<>();
        private final Set<Long> seeded = new HashSet<>();

        Slots(GoStacks stacks, GoStack stack, int thread, int goroutine) {
            this.stacks = stacks;
            this.stack = stack;
            this.thread = thread;
            this.goroutine = goroutine;
        }

        @Override
        public void frame(GoFrame next) {
            finish();
            frame = next;
        }

        @Override
        public void slot(long address, long value, boolean conservative) {
            GoFrame in = frame;
            if (in == null) {
                // Deferred functions and the one that a goroutine starts with.
                seeds.function(value);
            }
            SlotVariable variable = in == null || address == 0 ? null : stacks.variable(in, address);
            if (variable != null) {
                GoType type = types.ofDwarf(variable.type());
                if (seeded.add(address - variable.offset())) {
                    seeds.variable(address - variable.offset(), type, variable.here() && !conservative);
                }
                // The words of a variable need not lie together.
                seeds.word(value, type, variable.offset());
            }
            put(variable, spans.objectAt(value), conservative);
        }

        @Override
        public void register(int number, long value) {
            long object = spans.objectAt(value);
            if (object != 0) {
                SlotVariable variable = frame == null ? null : stacks.registerVariable(frame, number);
                if (variable != null) {
                    seeds.word(value, types.ofDwarf(variable.type()), variable.offset());
                }
                put(variable, object, true);
            }
        }

        private void put(@Nullable SlotVariable variable, long object, boolean conservative) {
            if (object == 0) {
                return;
            }
            if (conservative) {
                guessed.add(object);
            } else if (variable == null) {
                direct.add(object);
            } else {
                variables
                        .computeIfAbsent(variable.name(), name -> new ArrayList<>())
                        .add(object);
            }
        }

        /** Makes holders of what was collected for the last frame. */
        void finish() {
            GoFrame done = frame;
            if (done == null) {
                direct.forEach(object -> roots.held(goroutine, object));
                guessed.forEach(object -> roots.heldConservatively(goroutine, object));
            } else if (!direct.isEmpty() || !guessed.isEmpty() || !variables.isEmpty()) {
                int call = done.index() < stack.callOf().size() ? stack.callOf().get(done.index()) : -1;
                int holder =
                        roots.holder(new Holder(RootKind.FRAME, done.function().name(), goroutine, 0, thread, call));
                direct.forEach(object -> roots.held(holder, object));
                guessed.forEach(object -> roots.heldConservatively(holder, object));
                variables.forEach((name, objects) -> {
                    int variable = roots.holder(new Holder(RootKind.FRAME, name, holder, 0, thread, call));
                    objects.forEach(object -> roots.held(variable, object));
                });
            }
            direct.clear();
            guessed.clear();
            variables.clear();
            seeded.clear();
        }
    }
}
