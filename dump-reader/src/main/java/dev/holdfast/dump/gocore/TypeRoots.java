package dev.holdfast.dump.gocore;

import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.dwarf.DwarfVariable;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.RunQueues;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.goruntime.Specials;
import dev.holdfast.dump.gotypes.GoKind;
import dev.holdfast.dump.gotypes.GoType;
import dev.holdfast.dump.gotypes.GoTypes;
import dev.holdfast.dump.gotypes.TypePropagation;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Tells the propagation of types all that has a type and lies outside the heap. */
final class TypeRoots {
    private static final Pattern RUNTIME_MAP = Pattern.compile("runtime/maps\\.|runtime\\.[hb]map");

    /** The compiler makes no array for elements of more bytes (cmd/compile/internal/ir.MaxImplicitStackVarSize). */
    private static final long LARGEST_SHORT_SLICE = 64L << 10;

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
    void specials(SpanTable spans, FunctionTable functions) {
        AllocatingCode sites = program.dwarf() == null ? new AllocatingCode(program, functions) : null;
        Specials specials = new Specials(program);
        MemoryReader reader = program.reader();
        GoType handle = types.named("internal/runtime/atomic.Uintptr");
        specials.visit(reader, spans, (kind, span, element, record) -> {
            if (kind == Specials.Kind.PROFILE) {
                if (sites != null) {
                    sampled(sites.of(specials.bucket(reader, record)), spans, span, element);
                }
                return;
            }
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
     * An object that the memory profile saw being allocated, if values of the type are allocated in such slots. The
     * compiler allocates the elements of short slices as arrays; maps are allocated without the types of keys and elements.
     */
    private void sampled(AllocatingCode.Site site, SpanTable spans, int span, int element) {
        GoType type = types.ofDescriptor(site.type());
        long room = spans.elementSize(span) - spans.header(span);
        boolean map = RUNTIME_MAP.matcher(type.name()).find();
        if (type.name().startsWith("struct { F uintptr")) {
            propagation.function(spans.objectAddress(span, element)); // a closure says itself of which function
            return;
        }
        if (site.type() == 0 || map || type.size() <= 0 || type.size() > room) {
            return;
        }
        long object = spans.objectAddress(span, element);
        GoType values = type.kind() == GoKind.ARRAY ? types.resolve(type.element()) : type;
        if (site.slice()) {
            propagation.elements(object, type, room / type.size());
        } else if (2 * type.size() > room && values.size() > 0) {
            if (type.kind() == GoKind.ARRAY && type.size() <= LARGEST_SHORT_SLICE) {
                propagation.elements(object, values, type.length());
            } else {
                propagation.object(object, type);
            }
        }
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
