package dev.holdfast.report;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.roots.ObjectNames;
import dev.holdfast.roots.ReferenceNames;
import dev.holdfast.roots.RootName;
import dev.holdfast.roots.RootNames;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The names that all reports show: of objects, references, roots and holders. */
final class HeapNames {
    final ObjectNames objects;
    final RootNames roots;
    final ReferenceNames references;
    private final HeapSnapshot heap;

    HeapNames(HeapSnapshot heap) {
        this.heap = heap;
        this.objects = ObjectNames.of(heap);
        this.roots = RootNames.of(heap, objects);
        this.references = ReferenceNames.of(heap);
    }

    /** A root or holder on one line: its kind and name. */
    static String line(@Nullable RootName root) {
        return root == null ? RootNames.SEVERAL_ROOTS : root.kind().label() + " " + root.name();
    }

    /** An object on one line: a class object as its class, others as their type, with a thread's or loader's name. */
    String line(int node) {
        if (heap.graph().isHolder(node)) {
            return roots.lineOf(node);
        }
        return objects.label(node);
    }

    /** Address, type and name of an object. */
    void json(Json json, int object) throws IOException {
        json.address("object", heap.graph().addressOf(object))
                .field("type", objects.typeName(object))
                .field("name", objects.nameOf(object));
    }

    /** {@code root{kind,name}} or null. */
    static void json(Json json, String field, @Nullable RootName root) throws IOException {
        if (root == null) {
            json.nullField(field);
        } else {
            json.object(field, o -> o.field("kind", root.kind().label()).field("name", root.name()));
        }
    }

    /** Address of a node, or null if it is a holder or the virtual root. */
    void address(Json json, String field, int node) throws IOException {
        if (node < 0 || heap.graph().isHolder(node)) {
            json.nullField(field);
        } else {
            json.address(field, heap.graph().addressOf(node));
        }
    }
}
