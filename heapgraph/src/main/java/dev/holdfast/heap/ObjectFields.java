package dev.holdfast.heap;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.dump.ValueType;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields of objects by name. References come from the graph, which is some hundred times quicker than the dump; numbers
 * are read.
 */
final class ObjectFields {
    /** In place of an object: null, no such field, or not in the dump. */
    static final int NONE = -1;

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final DumpFile dump;

    ObjectFields(HeapSnapshot heap) {
        this.heap = heap;
        this.graph = heap.graph();
        this.dump = heap.dump();
    }

    /** Type of an object. */
    DumpType type(int object) {
        return graph.types().get(graph.typeOf(object));
    }

    /** Whether objects of the type have a field of that name. */
    boolean has(int object, String name) {
        return has(graph.types(), type(object), name);
    }

    /** Whether objects of a type have a field of that name. */
    static boolean has(List<DumpType> types, DumpType type, String name) {
        DumpType at = type;
        for (int steps = 0; steps <= types.size(); steps++) {
            if (at.fields().stream().anyMatch(field -> field.name().equals(name))) {
                return true;
            }
            if (at.superType() < 0) {
                break;
            }
            at = types.get(at.superType());
        }
        return false;
    }

    /** The object that the field refers to, or {@link #NONE}. */
    int reference(int object, String name) throws IOException {
        List<String> named = type(object).referenceFields();
        int slot = named.indexOf(name);
        if (slot >= NodeGraph.UNNAMED || slot < 0 && named.size() >= NodeGraph.UNNAMED) {
            RecordedObject recorded = dump.read(graph.addressOf(object));
            return recorded == null ? NONE : indexOf(recorded.reference(name));
        }
        if (slot >= 0) {
            for (long r = graph.firstReference(object); r < graph.endReference(object); r++) {
                if (graph.slot(r) == slot) {
                    return graph.target(r);
                }
            }
        }
        return NONE;
    }

    /** The static reference of a class, or {@link #NONE}. */
    int staticReference(String className, String name) throws IOException {
        HeapType type = heap.type(className).orElse(null);
        if (type == null) {
            return NONE;
        }
        RecordedObject recorded = dump.read(graph.types().get(type.index()).classAddress());
        return recorded == null ? NONE : indexOf(recorded.reference(name));
    }

    /** The number in a field, or the alternative. */
    long number(int object, String name, long otherwise) throws IOException {
        RecordedObject recorded = dump.read(graph.addressOf(object));
        FieldValue field = recorded == null ? null : recorded.field(name);
        return field == null || field.type() == ValueType.REFERENCE ? otherwise : field.bits();
    }

    /** The number in a static field, or the alternative. */
    long staticNumber(String className, String name, long otherwise) throws IOException {
        HeapType type = heap.type(className).orElse(null);
        @Nullable
        RecordedObject recorded =
                type == null ? null : dump.read(graph.types().get(type.index()).classAddress());
        FieldValue field = recorded == null ? null : recorded.field(name);
        return field == null || field.type() == ValueType.REFERENCE ? otherwise : field.bits();
    }

    /** Number of elements of an array; 0 for what is none. */
    long length(int array) {
        return array < 0 ? 0 : Math.max(0, graph.elementCount(array));
    }

    /** Whether it is an array of references. */
    boolean isObjectArray(int object) {
        return object >= 0 && type(object).kind() == DumpType.Kind.OBJECT_ARRAY;
    }

    /** Elements of an array as raw bits, fewer at its end. */
    long[] elements(int array, long from, int count) throws IOException {
        return dump.readElements(graph.addressOf(array), from, count);
    }

    /** The object at an address, or {@link #NONE}. */
    int indexOf(long address) {
        return address == 0 ? NONE : graph.indexOf(address);
    }

    ObjectGraph graph() {
        return graph;
    }
}
