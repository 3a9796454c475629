package dev.holdfast.dump.gotypes;

/** Names places inside values as the program's source would. */
final class FieldPaths {
    private static final int MAX_DEPTH = 40;

    private FieldPaths() {}

    /** Path of the field at an offset: {@code next}, {@code head.mu}, {@code []}, {@code [].next}; empty if there is none. */
    static String path(GoTypes types, HeapType of, long offset) {
        StringBuilder path = new StringBuilder();
        GoType type = of.type();
        long at = offset;
        if (of.slice() || type.kind() == GoKind.TEXT) {
            path.append("[]");
            at = type.size() > 0 ? at % type.size() : 0;
        }
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            if (type.kind() == GoKind.ARRAY) {
                GoType element = types.resolve(type.element());
                if (element.size() <= 0) {
                    break;
                }
                path.append("[]");
                at %= element.size();
                type = element;
                continue;
            }
            GoField field = fieldAt(types, type, at);
            if (field == null) {
                break;
            }
            if (path.length() > 0) {
                path.append('.');
            }
            path.append(field.name());
            at -= field.offset();
            type = types.resolve(field.reference());
        }
        return path.toString();
    }

    private static @org.jspecify.annotations.Nullable GoField fieldAt(GoTypes types, GoType type, long offset) {
        GoField found = null;
        for (GoField field : type.fields()) {
            if (field.offset() > offset) {
                break;
            }
            if (offset < field.offset() + types.resolve(field.reference()).size()) {
                found = field;
            }
        }
        return found;
    }
}
