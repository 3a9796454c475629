package dev.holdfast.roots;

import dev.holdfast.dump.DumpFile.NamedReference;
import dev.holdfast.dump.ReferenceSink;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Names of references as the program's source would show them: the field, {@code []}, {@code static x}, {@code <super>},
 * {@code <class>}.
 *
 * <p>Immutable and thread-safe. The dump is read only for objects with more than 255 references and for references that no
 * field holds; a failure is an {@link UncheckedIOException}.
 */
public final class ReferenceNames {
    /** Name of the reference of an object to its class. */
    public static final String CLASS = "<class>";

    /** Name of the reference of a thread to one of its frames, or to a local where frames are left out. */
    public static final String LOCAL = "<local>";

    /** Name of the reference of an object of Go to what its finalizer, cleanup or weak handle needs. */
    public static final String SPECIAL = "<special>";

    private static final int MAX_READ = 1 << 16;

    private final HeapSnapshot heap;
    private final ObjectGraph graph;

    private ReferenceNames(HeapSnapshot heap) {
        this.heap = heap;
        this.graph = heap.graph();
    }

    /** The names of a heap. */
    public static ReferenceNames of(HeapSnapshot heap) {
        return new ReferenceNames(heap);
    }

    /**
     * Name of the first reference of a node that points to another, the one to its class before all others; null if there
     * is none. Of a holder it is the kind of local that it holds.
     */
    public @Nullable String via(int source, int target) {
        if (!graph.isHolder(source) && graph.classObject(source) == target) {
            return CLASS;
        }
        long end = graph.endReference(source);
        for (long r = graph.firstReference(source); r < end; r++) {
            if (graph.target(r) == target) {
                return name(source, r);
            }
        }
        return null;
    }

    /** Name of one of the references of a node. */
    public String name(int source, long reference) {
        if (graph.isHolder(source)) {
            return graph.holder(source).kind().label();
        }
        int target = graph.target(reference);
        if (graph.isHolder(target)) {
            return LOCAL;
        }
        int slot = graph.slot(reference);
        if (slot != ReferenceSink.UNNAMED_SLOT) {
            return heap.dump().referenceName(graph.addressOf(source), graph.typeOf(source), slot);
        }
        return readName(source, target);
    }

    private String readName(int source, int target) {
        long address = graph.addressOf(target);
        try {
            for (NamedReference reference : heap.dump().readReferences(graph.addressOf(source), MAX_READ)) {
                if (reference.target() == address) {
                    return reference.name();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return heap.dump().info().format().equals("hprof") ? LOCAL : SPECIAL;
    }
}
