package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.dwarf.DwarfType;
import java.util.ArrayList;
import java.util.List;

/** Makes types of entries of the debugging information. */
final class DwarfTypes {
    private DwarfTypes() {}

    /** What an entry, which is no typedef, says about a type; of the unknown kind if nothing. */
    static GoType.Draft draft(GoTypes types, DwarfType entry, int depth) {
        GoType.Draft draft = new GoType.Draft();
        draft.kind = kind(entry);
        draft.name = TypeNames.plain(entry.name());
        draft.size = draft.kind.size() >= 0 ? draft.kind.size() : Math.max(0, entry.size());
        draft.direct = draft.kind.isPointerWord();
        switch (draft.kind) {
            case POINTER:
                draft.element = GoTypes.dwarfReference(entry.element());
                break;
            case SLICE:
            case CHAN:
                draft.element = GoTypes.dwarfReference(entry.goElem());
                break;
            case MAP:
                draft.element = GoTypes.dwarfReference(entry.goElem());
                draft.key = GoTypes.dwarfReference(entry.goKey());
                break;
            case ARRAY:
                draft.element = GoTypes.dwarfReference(entry.element());
                draft.length = Math.max(0, entry.count());
                if (draft.size == 0) {
                    draft.size = arraySize(
                            draft.length,
                            types.resolve(draft.element, depth + 1).size());
                }
                break;
            case INTERFACE:
                draft.length = types.isEmptyInterfaceEntry(entry) ? 0 : 1;
                break;
            case STRUCT:
                draft.fields = fields(entry);
                break;
            default:
                break;
        }
        if (draft.name.isEmpty()) {
            draft.name = TypeNames.composed(types, draft, "(unnamed)", depth);
        }
        return draft;
    }

    private static long arraySize(long length, long element) {
        return Math.multiplyHigh(length, element) == 0 ? Math.max(0, length * element) : 0;
    }

    private static GoKind kind(DwarfType entry) {
        GoKind kind = GoKind.of(entry.goKind());
        if (kind != GoKind.UNKNOWN) {
            return kind;
        }
        switch (entry.kind()) {
            case POINTER:
                return entry.element() < 0 ? GoKind.UNSAFE_POINTER : GoKind.POINTER;
            case STRUCT:
                return GoKind.STRUCT;
            case ARRAY:
                return GoKind.ARRAY;
            case FUNCTION:
                return GoKind.FUNC;
            default:
                return GoKind.UNKNOWN;
        }
    }

    private static List<GoField> fields(DwarfType entry) {
        List<GoField> fields = new ArrayList<>(entry.fields().size());
        for (DwarfType.Field field : entry.fields()) {
            if (field.offset() >= 0 && field.offset() <= entry.size()) {
                fields.add(new GoField(
                        field.name(), field.offset(), field.embedded(), GoTypes.dwarfReference(field.type())));
            }
        }
        fields.sort((a, b) -> Long.compare(a.offset(), b.offset()));
        return fields;
    }
}
