package dev.holdfast.heap;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.dump.ValueType;
import java.io.IOException;
import java.util.List;

/**
 * Reads the class loaders of a heap and their names, so that an index has them: the only names of single objects that are
 * contents of the heap, those of threads apart, which the dump tells anyway.
 */
final class LoaderNames {
    /** No name that is shown is longer. */
    private static final int MOST_ELEMENTS = 1 << 17;

    private LoaderNames() {}

    /** Reads them; what was read the dump remembers. */
    static void read(ObjectGraph graph, RecordingDump dump) throws IOException {
        boolean[] loaders = loaderTypes(graph.types());
        for (int object = 0; object < graph.objectCount() && !dump.reads().full(); object++) {
            if (loaders[graph.typeOf(object)]) {
                RecordedObject loader = dump.read(graph.addressOf(object));
                if (loader != null) {
                    for (FieldValue field : loader.fields()) {
                        if (field.type() == ValueType.REFERENCE && field.name().equals("name") && field.bits() != 0) {
                            string(dump, field.bits());
                        }
                    }
                }
            }
        }
    }

    private static void string(DumpFile dump, long address) throws IOException {
        RecordedObject string = dump.read(address);
        if (string == null) {
            return;
        }
        long array = string.reference("value");
        if (array != 0 && dump.read(array) != null) {
            FieldValue offset = string.field("offset");
            dump.readElements(array, offset == null ? 0 : offset.bits(), MOST_ELEMENTS);
        }
    }

    private static boolean[] loaderTypes(List<DumpType> types) {
        boolean[] loaders = new boolean[types.size()];
        for (DumpType type : types) {
            int at = type.index();
            // A damaged dump may have a cycle of superclasses.
            for (int depth = 0; at >= 0 && depth < types.size() && !loaders[type.index()]; depth++) {
                loaders[type.index()] = types.get(at).name().equals("java.lang.ClassLoader");
                at = types.get(at).superType();
            }
        }
        return loaders;
    }
}
