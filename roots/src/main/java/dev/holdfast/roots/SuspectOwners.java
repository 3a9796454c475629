package dev.holdfast.roots;

import dev.holdfast.dump.DumpType;
import dev.holdfast.dump.RootKind;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import dev.holdfast.roots.RetainedFrames.Kind;
import dev.holdfast.roots.Suspect.Owner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who holds a suspect, in the words of the program: variable, static field, thread, class loader. Used by one thread. */
final class SuspectOwners {
    /** Name of the runtime's heap of timers. */
    static final String TIMERS = "timers";

    private static final String STATIC = "static ";
    private static final String CLASS = "class ";
    private static final String OWN_LOADERS = "jdk.internal.loader.";

    /** So many elements are looked at, evenly spread. */
    private static final int SAMPLES = 256;

    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final RetainedFrames frames;
    private final RootNames names;
    private final ObjectNames objects;
    private final ReferenceNames references;
    private final Goroutines goroutines;

    SuspectOwners(HeapSnapshot heap, RetainedFrames frames, RootNames names, Goroutines goroutines) {
        this.heap = heap;
        this.graph = heap.graph();
        this.frames = frames;
        this.names = names;
        this.objects = names.objectNames();
        this.references = ReferenceNames.of(heap);
        this.goroutines = goroutines;
    }

    /** Goroutines that hold nothing of the heap. */
    Owner goroutines(String function) {
        return new Owner(
                RootKind.GOROUTINE,
                function,
                goroutines.count(function),
                goroutines.place(function),
                goroutines.creator(function),
                goroutines.waiting(function),
                goroutines.stackBytes(function),
                null,
                null,
                null,
                null);
    }

    /** The owner of a way down to a position. */
    Owner owner(List<Integer> way, int position) {
        int top = way.get(0);
        RootKind kind = kind(frames.parent(top));
        if (kind == RootKind.GOROUTINE) {
            Owner all = goroutines(frames.name(top));
            return new Owner(
                    kind,
                    all.name(),
                    all.count(),
                    all.count() == 1 ? function(way, position) : all.function(),
                    all.creator(),
                    all.waiting(),
                    all.stackBytes(),
                    null,
                    null,
                    null,
                    null);
        }
        for (int i = 1; i + 1 < way.size() && kind == RootKind.GLOBAL; i++) {
            if (frames.name(way.get(i)).contains("runtime.timer")) {
                return Owner.of(RootKind.RUNTIME, TIMERS, frames.objects(way.get(i + 1)));
            }
        }
        String staticClass = null;
        String staticField = null;
        String loader = null;
        for (int i = position; i >= 0; i--) {
            String via = frames.via(way.get(i));
            if (staticClass == null && via != null && via.startsWith(STATIC) && i > 0) {
                staticClass = withoutClass(frames.name(way.get(i - 1)));
                staticField = via.substring(STATIC.length());
                loader = loaderOfClass(way.get(i - 1));
            }
            if (loader == null) {
                loader = loader(way.get(i));
            }
        }
        return new Owner(
                kind,
                kind == null ? RootNames.SEVERAL_ROOTS : name(top, count(way)),
                count(way),
                function(way, position),
                null,
                null,
                -1,
                staticClass,
                staticField,
                loader,
                threadLocal(way, position));
    }

    /** Of one the exact name; of several threads what their names have in common. */
    private String name(int top, long count) {
        int node = frames.node(top);
        return count == 1 && node >= 0 && names.isNamed(node) ? names.of(node).name() : frames.name(top);
    }

    private long count(List<Integer> way) {
        return way.size() > 1 && frames.kind(way.get(0)) == Kind.HOLDER ? Math.max(1, frames.objects(way.get(1))) : 1;
    }

    private @Nullable RootKind kind(int kindFrame) {
        String label = frames.name(kindFrame);
        for (RootKind kind : RootKind.values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        return null;
    }

    /** The innermost frame of a stack on the way. */
    private @Nullable String function(List<Integer> way, int position) {
        String function = null;
        for (int i = 1; i <= position; i++) {
            int node = frames.node(way.get(i));
            if (frames.kind(way.get(i)) == Kind.HOLDER
                    && node >= 0
                    && graph.isHolder(node)
                    && graph.holder(node).frame() >= 0
                    && function == null) {
                function = frames.name(way.get(i));
            }
        }
        return function;
    }

    private static String withoutClass(String label) {
        return label.startsWith(CLASS) ? label.substring(CLASS.length()) : label;
    }

    private @Nullable String loaderOfClass(int frame) {
        DumpType type = frames.node(frame) < 0 ? null : objects.classOf(frames.node(frame));
        int loader = type == null ? -1 : objects.loaderOf(type.index());
        return loader < 0 ? null : own(loader);
    }

    private @Nullable String loader(int frame) {
        int node = frames.node(frame);
        boolean one = frames.objects(frame) == 1 && node >= 0 && !graph.isHolder(node);
        return one && objects.isLoader(node) ? own(node) : null;
    }

    private @Nullable String own(int loader) {
        return objects.typeName(loader).startsWith(OWN_LOADERS) ? null : objects.loaderLabel(loader);
    }

    /** The static field that has the thread local whose value is on the way, or the thread local's type. */
    private @Nullable String threadLocal(List<Integer> way, int position) {
        for (int i = 0; i <= position; i++) {
            int frame = way.get(i);
            if (frames.name(frame).equals("java.lang.ThreadLocal$ThreadLocalMap$Entry")) {
                int local = frames.objects(frame) == 1 ? referent(frames.node(frame)) : -1;
                return local < 0 ? "java.lang.ThreadLocal" : staticFieldWith(local);
            }
        }
        return null;
    }

    private int referent(int reference) {
        long end = graph.endReference(reference);
        for (long r = graph.firstReference(reference); r < end; r++) {
            if (references.name(reference, r).equals("referent")) {
                return graph.target(r);
            }
        }
        return -1;
    }

    private String staticFieldWith(int object) {
        for (DumpType type : graph.types()) {
            int classObject = graph.classObjectOf(type.index());
            long end = classObject < 0 ? 0 : graph.endReference(classObject);
            for (long r = classObject < 0 ? 0 : graph.firstReference(classObject); r < end; r++) {
                if (graph.target(r) == object) {
                    String name = references.name(classObject, r);
                    if (name.startsWith(STATIC)) {
                        return type.name() + "." + name.substring(STATIC.length());
                    }
                }
            }
        }
        return objects.typeName(object);
    }

    /** How many elements an array has; -1 of what is none. */
    long elements(int node) {
        return graph.types().get(graph.typeOf(node)).isArray()
                ? heap.objectAt(node).elementCount()
                : -1;
    }

    /**
     * Whether an object that a variable holds directly has no references and was never written, as far as a few hundred of
     * its elements tell.
     */
    boolean isBallast(int frame) {
        int node = frames.node(frame);
        boolean directly = frames.kind(frames.parent(frame)) == Kind.HOLDER;
        if (!directly
                || node < 0
                || graph.isHolder(node)
                || graph.firstReference(node) < graph.endReference(node)
                || heap.dump().info().format().equals("hprof")) {
            return false;
        }
        if (graph.types().get(graph.typeOf(node)).kind() != DumpType.Kind.PRIMITIVE_ARRAY) {
            return false;
        }
        try {
            long elements = heap.objectAt(node).elementCount();
            long step = Math.max(1, elements / SAMPLES);
            for (long at = 0; at < elements; at += step) {
                long[] values = heap.dump().readElements(graph.addressOf(node), at, 1);
                if (values.length == 0 || values[0] != 0) {
                    return false;
                }
            }
            return elements > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
