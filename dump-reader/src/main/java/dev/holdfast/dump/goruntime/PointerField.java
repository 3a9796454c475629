package dev.holdfast.dump.goruntime;

import java.util.ArrayList;
import java.util.List;

/**
 * A pointer in one of the runtime's structures.
 *
 * @param name the last part of its path
 * @param offset from the start of the structure
 */
record PointerField(String name, int offset) {
    /** Those of the paths that this release has. */
    static List<PointerField> of(StructLayout layout, String... paths) {
        List<PointerField> fields = new ArrayList<>();
        for (String path : paths) {
            if (layout.has(path)) {
                fields.add(new PointerField(path.substring(path.lastIndexOf('.') + 1), layout.offset(path)));
            }
        }
        return List.copyOf(fields);
    }
}
