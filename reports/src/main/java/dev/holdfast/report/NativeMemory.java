package dev.holdfast.report;

import dev.holdfast.dump.DumpType;
import dev.holdfast.heap.HeapObject;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.HeapType;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Memory outside the Java heap as far as objects on it tell: direct buffers by the objects that will free them, mapped files
 * by those that will unmap them, and what the JDK itself counts (hprof.md 5.4). Immutable.
 *
 * @param directBuffers how many direct buffers are not freed yet
 * @param directBytes what they take, alignment included
 * @param mappedFiles how many mappings of files
 * @param mappedBytes how long they are; the file's own pages, which the system can take back
 * @param reservedBytes what {@code java.nio.Bits} counts as reserved by direct buffers, -1 if the dump does not have it
 */
record NativeMemory(long directBuffers, long directBytes, long mappedFiles, long mappedBytes, long reservedBytes) {
    private static final String DEALLOCATOR = "java.nio.DirectByteBuffer$Deallocator";
    private static final String BITS = "java.nio.Bits";
    private static final List<String> RESERVED = List.of("RESERVED_MEMORY", "reservedMemory");

    /** Of a heap of a JVM, or nothing if the dump's contents are not there; looks at the type of each object once. */
    static Optional<NativeMemory> of(HeapSnapshot heap) {
        try {
            return Optional.of(read(heap));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static NativeMemory read(HeapSnapshot heap) {
        List<HeapObject> direct = new ArrayList<>();
        List<HeapObject> mapped = new ArrayList<>();
        find(heap, direct, mapped);
        return new NativeMemory(direct.size(), sizes(direct), mapped.size(), sizes(mapped), reserved(heap));
    }

    private static void find(HeapSnapshot heap, List<HeapObject> direct, List<HeapObject> mapped) {
        boolean[] frees = new boolean[heap.types().size()];
        boolean[] unmaps = new boolean[frees.length];
        boolean any = false;
        for (DumpType type : heap.types()) {
            frees[type.index()] = type.name().equals(DEALLOCATOR);
            unmaps[type.index()] = isUnmapper(type.name());
            any |= frees[type.index()] || unmaps[type.index()];
        }
        for (int object = 0; any && object < heap.graph().objectCount(); object++) {
            int type = heap.graph().typeOf(object);
            if (frees[type] && heap.reachable(object)) {
                direct.add(heap.objectAt(object));
            } else if (unmaps[type] && heap.reachable(object)) {
                mapped.add(heap.objectAt(object));
            }
        }
    }

    /** {@code FileChannelImpl$Unmapper} and, from JDK 14, its subclasses. */
    private static boolean isUnmapper(String name) {
        return name.startsWith("sun.nio.ch.FileChannelImpl$") && name.endsWith("Unmapper");
    }

    private static long sizes(List<HeapObject> objects) {
        return objects.stream().mapToLong(object -> number(object, "size")).sum();
    }

    /** A forged dump may have anything there. */
    private static long number(HeapObject object, String field) {
        return object.findField(field)
                .filter(value -> !value.isReference())
                .map(value -> Math.max(0, value.asLong()))
                .orElse(0L);
    }

    private static long reserved(HeapSnapshot heap) {
        return heap.type(BITS)
                .flatMap(HeapType::classObject)
                .flatMap(bits -> RESERVED.stream()
                        .flatMap(name -> bits.findField(name).stream())
                        .findFirst())
                .flatMap(value -> value.object())
                .flatMap(counter -> counter.findField("value"))
                .filter(value -> !value.isReference())
                .map(value -> value.asLong())
                .orElse(-1L);
    }
}
