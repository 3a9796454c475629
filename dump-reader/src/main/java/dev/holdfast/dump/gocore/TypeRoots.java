package dev.holdfast.dump.gocore;

import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.dwarf.DwarfVariable;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.RunQueues;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.Specials;
import dev.holdfast.dump.gotypes.GoType;
import dev.holdfast.dump.gotypes.GoTypes;
import dev.holdfast.dump.gotypes.TypePropagation;
import java.util.HashMap;
import java.util.Map;

/** Tells the propagation of types all that has a type and lies outside the heap. */
final class TypeRoots {
    private final GoProgram program;
    private final GoTypes types;
    private final TypePropagation propagation;

    TypeRoots(GoProgram program, GoTypes types, TypePropagation propagation) {
        this.program = program;
        this.types = types;
        this.propagation = propagation;
    }

    /** Package variables. */
    void variables() {
        Dwarf dwarf = program.dwarf();
        if (dwarf != null) {
            for (DwarfVariable variable : dwarf.globals()) {
                propagation.variable(variable.address() + program.bias(), types.ofDwarf(variable.type()), true);
            }
        }
    }

    /** Finalizers, cleanups and weak handles, and the queues of those whose objects are gone. */
    void specials(SpanTable spans) {
        Specials specials = new Specials(program);
        MemoryReader reader = program.reader();
        GoType handle = types.named("internal/runtime/atomic.Uintptr");
        specials.visit(reader, spans, (kind, span, element, record) -> {
            Map<String, Long> fields = new HashMap<>();
            specials.pointers(reader, kind, record, (field, at, target) -> fields.put(field, target));
            if (kind == Specials.Kind.WEAK_HANDLE) {
                fields.values().forEach(cell -> propagation.object(cell, handle));
            } else {
                long object = spans.objectAddress(span, element);
                call(fields, kind == Specials.Kind.FINALIZER ? object : 0);
            }
        });
        Map<String, Map<String, Long>> queued = new HashMap<>();
        new RunQueues(program)
                .visit(
                        reader,
                        (queue, entry, field, address, target) -> queued.computeIfAbsent(
                                        queue + " " + entry, key -> new HashMap<>())
                                .put(field, target));
        queued.forEach((key, fields) -> {
            boolean finalizer = key.startsWith(RunQueues.Queue.FINALIZERS.name());
            call(fields, finalizer ? fields.getOrDefault("arg", 0L) : 0);
        });
    }

    /**
     * A function that will be called.
     *
     * @param object what a finalizer will be called with, or 0
     */
    private void call(Map<String, Long> fields, long object) {
        long function = fields.getOrDefault("fn", 0L);
        propagation.function(function);
        propagation.function(fields.getOrDefault("call", 0L));
        if (object != 0) {
            GoType pointer = types.ofDescriptor(fields.getOrDefault("ot", 0L));
            propagation.object(object, types.resolve(pointer.element()));
        } else if (fields.containsKey("arg")) {
            propagation.argument(function, fields.get("arg"));
        }
    }
}
