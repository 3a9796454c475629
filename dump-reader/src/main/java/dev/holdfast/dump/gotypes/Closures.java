package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.dwarf.DwarfFunction;
import dev.holdfast.dump.pclntab.FunctionTable;
import dev.holdfast.dump.pclntab.GoFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of closures by their code: one a function; thread-safe.
 *
 * <p>Since Go 1.23 the debugging information says what a closure captures and where; before, its name is all.
 */
final class Closures {
    private final GoTypes types;
    private final ObjectShapes shapes;
    private final FunctionTable functions;
    private final @Nullable Dwarf dwarf;
    private final long bias;
    private final Map<Long, GoType> byEntry = new HashMap<>();

    Closures(GoTypes types, ObjectShapes shapes, FunctionTable functions, @Nullable Dwarf dwarf, long bias) {
        this.types = types;
        this.shapes = shapes;
        this.functions = functions;
        this.dwarf = dwarf;
        this.bias = bias;
    }

    /** The type of closures whose code begins at an address, or the unknown type if none does. */
    synchronized GoType type(long entry) {
        GoType known = byEntry.get(entry);
        if (known == null) {
            known = make(entry);
            byEntry.put(entry, known);
        }
        return known;
    }

    private GoType make(long entry) {
        GoFunction function = functions.function(entry);
        if (function == null || function.entry() != entry) {
            return types.unknown();
        }
        if (function.name().equals("reflect.makeFuncStub")) {
            return types.named("reflect.makeFuncImpl");
        }
        if (function.name().equals("reflect.methodValueCall")) {
            return types.named("reflect.methodValue");
        }
        GoType.Draft draft = new GoType.Draft();
        draft.kind = GoKind.CLOSURE;
        draft.name = function.name() + " (closure)";
        draft.fields = captured(entry);
        if (draft.fields.isEmpty() && function.name().endsWith("-fm")) {
            draft.fields = receiver(function.name());
        }
        draft.size = 8;
        for (GoField field : draft.fields) {
            draft.size = Math.max(
                    draft.size,
                    field.offset() + types.resolve(field.reference()).size() + 7 & -8);
        }
        return types.made("closure " + entry, draft);
    }

    /** The type of the first parameter of the function that begins at an address, or the unknown type. */
    GoType parameter(long entry) {
        DwarfFunction function = dwarf == null ? null : dwarf.function(entry - bias);
        if (function != null && function.low() == entry - bias) {
            for (DwarfFunction.Local local : function.variables()) {
                if (local.parameter() && local.function().equals(function.name())) {
                    return types.ofDwarf(local.type());
                }
            }
        }
        return types.unknown();
    }

    /** What a method value captures: {@code main.(*T).m-fm} has a pointer, {@code main.T.m-fm} the value. */
    private List<GoField> receiver(String name) {
        String type = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        int pointer = type.lastIndexOf(".(*");
        GoType receiver = pointer >= 0 && type.endsWith(")")
                ? types.named(type.substring(0, pointer + 1) + type.substring(pointer + 3, type.length() - 1))
                : types.named(type);
        if (receiver.id() == 0) {
            return List.of();
        }
        GoType captured = pointer >= 0 ? shapes.pointerTo(receiver) : receiver;
        return List.of(new GoField("R", 8, false, GoTypes.reference(captured)));
    }

    private List<GoField> captured(long entry) {
        DwarfFunction function = dwarf == null ? null : dwarf.function(entry - bias);
        if (function == null || function.low() != entry - bias) {
            return List.of();
        }
        List<GoField> fields = new ArrayList<>();
        for (DwarfFunction.Local local : function.variables()) {
            if (local.closureOffset() >= 8) {
                String name = local.name().startsWith("&") ? local.name().substring(1) : local.name();
                fields.add(new GoField(name, local.closureOffset(), false, GoTypes.dwarfReference(local.type())));
            }
        }
        fields.sort((a, b) -> Long.compare(a.offset(), b.offset()));
        return fields;
    }
}
