package dev.holdfast.dump.gocore;

import dev.holdfast.dump.DumpRoots;
import dev.holdfast.dump.DumpRoots.Holder;
import dev.holdfast.dump.RootKind;
import dev.holdfast.dump.goruntime.GlobalNames;
import dev.holdfast.dump.goruntime.GlobalPointers;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.RunQueues;
import dev.holdfast.dump.goruntime.SpanTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** Roots outside the stacks: package variables by name, and the queues of finalizers and cleanups. */
final class GlobalRoots {
    private final GoProgram program;
    private final SpanTable spans;
    private final DumpRoots.Builder roots;

    GlobalRoots(GoProgram program, SpanTable spans, DumpRoots.Builder roots) {
        this.program = program;
        this.spans = spans;
        this.roots = roots;
    }

    /**
     * Adds a holder for each package variable that holds an object, by name.
     *
     * @param ofGoroutine which objects are goroutines with a node of their own; the runtime's variables do not hold them
     */
    void variables(LongPredicate ofGoroutine) {
        GlobalNames names = new GlobalNames(program);
        Map<String, List<Long>> held = new TreeMap<>();
        long lost = new GlobalPointers(program).visit((module, address, pointer) -> {
            long object = spans.objectAt(pointer);
            if (object != 0) {
                String name = names.nameAt(module, address);
                if (!name.startsWith("runtime.") || !ofGoroutine.test(object)) {
                    held.computeIfAbsent(name, key -> new ArrayList<>()).add(object);
                }
            }
        });
        program.warnings().loss("variable-unreadable", -1, "words of package variables are not in the core", lost);
        held.forEach((name, objects) -> add(RootKind.GLOBAL, name, objects));
    }

    /** Adds what waits to be finalized or cleaned up. */
    void queues() {
        Map<RunQueues.Queue, List<Long>> waiting = new TreeMap<>();
        new RunQueues(program).visit(program.reader(), (queue, entry, field, address, target) -> {
            long object = spans.objectAt(target);
            if (object != 0) {
                waiting.computeIfAbsent(queue, key -> new ArrayList<>()).add(object);
            }
        });
        waiting.forEach((queue, objects) -> {
            boolean finalizers = queue == RunQueues.Queue.FINALIZERS;
            add(
                    finalizers ? RootKind.FINALIZER : RootKind.CLEANUP,
                    finalizers ? "finalizer queue" : "cleanup queue",
                    objects);
        });
    }

    private void add(RootKind kind, String name, List<Long> objects) {
        int holder = roots.holder(new Holder(kind, name, DumpRoots.UNDER_ROOT, 0, -1, -1));
        objects.forEach(object -> roots.held(holder, object));
    }
}
