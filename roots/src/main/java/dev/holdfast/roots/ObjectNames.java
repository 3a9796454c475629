package dev.holdfast.roots;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.dump.RecordedObject.FieldValue;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of single objects: the class that a class object stands for, the name of a thread or class loader.
 *
 * <p>Immutable and thread-safe. Memory: an entry of a map for each class and thread. Where the dump must be read, for the
 * name of a loader, a failure is an {@link UncheckedIOException}.
 */
public final class ObjectNames {
    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final StringTexts strings;
    private final Map<Integer, DumpType> classes = new HashMap<>();
    private final Map<Integer, DumpThread> threads = new HashMap<>();
    private final boolean[] loaderTypes;

    private ObjectNames(HeapSnapshot heap) {
        this.heap = heap;
        this.graph = heap.graph();
        this.strings = new StringTexts(heap.dump());
        for (DumpType type : graph.types()) {
            int node = graph.classObjectOf(type.index());
            if (node >= 0) {
                classes.putIfAbsent(node, type);
            }
        }
        for (DumpThread thread : heap.dump().threads()) {
            int node = thread.address() == 0 ? -1 : graph.indexOf(thread.address());
            if (node >= 0) {
                threads.putIfAbsent(node, thread);
            }
        }
        this.loaderTypes = subtypesOf("java.lang.ClassLoader");
    }

    /** The names of a heap. */
    public static ObjectNames of(HeapSnapshot heap) {
        return new ObjectNames(heap);
    }

    /** Of a class object the class, of a thread its exact name, of a class loader its name if it has one, else null. */
    public @Nullable String nameOf(int object) {
        DumpType type = classes.get(object);
        if (type != null) {
            return type.name();
        }
        DumpThread thread = threads.get(object);
        if (thread != null) {
            return thread.name();
        }
        return isLoader(object) ? loaderName(object) : null;
    }

    /** Name of an object's type. */
    public String typeName(int object) {
        return graph.types().get(graph.typeOf(object)).name();
    }

    /** What an object is called in paths and frames: {@code class com.example.Cache} for a class object, else its type. */
    public String label(int object) {
        DumpType type = classes.get(object);
        return type != null ? "class " + type.name() : typeName(object);
    }

    /** The type that a class object stands for, or null if the object is none. */
    public @Nullable DumpType classOf(int object) {
        return classes.get(object);
    }

    /** The thread that a thread object stands for, or null. */
    public @Nullable DumpThread threadOf(int object) {
        return threads.get(object);
    }

    /** Whether the object is a class loader. */
    public boolean isLoader(int object) {
        return loaderTypes[graph.typeOf(object)];
    }

    /** Class loader of a type, or -1 if it is the boot loader or not in the dump. */
    public int loaderOf(int type) {
        long address = graph.types().get(type).loaderAddress();
        return address == 0 ? -1 : graph.indexOf(address);
    }

    /**
     * What a class loader is called without identity: its type, and its name where it has one, such as
     * {@code jdk.internal.loader.ClassLoaders$AppClassLoader "app"}.
     */
    public String loaderLabel(int loader) {
        String name = nameOf(loader);
        return name == null ? typeName(loader) : typeName(loader) + " \"" + name + "\"";
    }

    private @Nullable String loaderName(int loader) {
        RecordedObject object;
        try {
            object = heap.dump().read(graph.addressOf(loader));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (object == null) {
            return null;
        }
        for (FieldValue field : object.fields()) {
            // Subclasses may have a field of that name too.
            if (field.name().equals("name") && field.declaringType().equals("java.lang.ClassLoader")) {
                return strings.read(field.bits());
            }
        }
        return null;
    }

    /** By type: whether it is the named class or a subclass of it. */
    boolean[] subtypesOf(String name) {
        List<DumpType> types = graph.types();
        boolean[] subtypes = new boolean[types.size()];
        for (DumpType type : types) {
            int at = type.index();
            // A damaged dump may have a cycle of superclasses.
            for (int depth = 0; at >= 0 && depth < types.size() && !subtypes[type.index()]; depth++) {
                subtypes[type.index()] = subtypes[at] || types.get(at).name().equals(name);
                at = types.get(at).superType();
            }
        }
        return subtypes;
    }
}
