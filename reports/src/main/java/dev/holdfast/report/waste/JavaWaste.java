package dev.holdfast.report.waste;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.ContentDigest;
import dev.holdfast.dump.ContentSink;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.CollectionLayout;
import dev.holdfast.heap.CollectionLayout.Backing;
import dev.holdfast.heap.DominatorTree;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The census of a JVM's heap: one pass over the file for numbers and digests, then all from the graph. 8 bytes an object,
 * five eighths of a byte for marks, and the table of {@link EqualObjects}.
 */
final class JavaWaste {
    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final DominatorTree dominators;
    private final JavaTypes types;
    private final Payloads payloads;
    private final Progress progress;
    private final Bits parts;
    private final Bits candidates;
    private final Bits behind;
    private final Bits sparse;
    private final EqualObjects equals;

    JavaWaste(HeapSnapshot heap, Progress progress) {
        this.heap = heap;
        this.graph = heap.graph();
        this.dominators = heap.dominators();
        this.types = new JavaTypes(heap.types());
        this.payloads = new Payloads(heap);
        this.progress = progress;
        this.parts = new Bits(graph.objectCount());
        this.candidates = new Bits(graph.objectCount());
        this.behind = new Bits(graph.objectCount());
        this.sparse = new Bits(graph.objectCount());
        this.equals = new EqualObjects(heap, types, payloads, parts, candidates);
    }

    /** Counts; null if the dump does not show contents. */
    @Nullable
    Waste count() throws IOException {
        boolean read;
        try {
            read = heap.dump().contents(types.request(), sinks(), progress);
            if (read) {
                progress.phase("counting waste", -1);
                new ChainSizes(heap, types, progress).fill(payloads);
                equals.find(keys());
                return new Waste(payloads, sums(), heap.types(), 0);
            }
        } catch (IOException | RuntimeException | Error e) {
            payloads.release();
            throw e;
        }
        payloads.release();
        return null;
    }

    private ChunkSinks<ContentSink> sinks() {
        ContentSink sink = new ContentSink() {
            @Override
            public void numbers(long address, int type, long first, long second) {
                int object = graph.indexOf(address);
                if (object >= 0) {
                    payloads.set(object, types.pair(type) ? first << 32 | second & 0xffff_ffffL : first);
                }
            }

            @Override
            public void array(long address, int type, long digest) {
                int object = graph.indexOf(address);
                if (object >= 0) {
                    payloads.set(object, digest);
                }
            }
        };
        return chunk -> sink;
    }

    /** Gives each string what stands for its contents; answers how many strings and numbers fall to each part. */
    private long[] keys() {
        int workers = heap.options().threads();
        List<long[]> counts = new ArrayList<>();
        ObjectRanges.each(heap, progress, () -> {
            long[] mine = new long[workers];
            counts.add(mine);
            return (from, to) -> {
                for (int object = from; object < to; object++) {
                    int type = graph.typeOf(object);
                    byte role = types.role(type);
                    if (role == JavaTypes.STRING || role == JavaTypes.SUBSTRING) {
                        payloads.set(object, heap.reachable(object) ? text(object, type, role) : 0);
                    }
                    long key = EqualObjects.key(role, type, payloads.get(object));
                    if (key != 0 && heap.reachable(object)) {
                        candidates.set(object);
                        mine[EqualObjects.part(key, workers)]++;
                    }
                }
            };
        });
        long[] sum = new long[workers];
        counts.forEach(mine -> Tally.plus(sum, mine));
        return sum;
    }

    private long text(int object, int type, byte role) {
        int array = References.of(graph, object, types.slot(type));
        if (array < 0 || types.role(graph.typeOf(array)) != JavaTypes.TEXT) {
            return 0;
        }
        if (role == JavaTypes.STRING) {
            long digest = payloads.get(array);
            return digest == 0 ? 0 : ContentDigest.with(digest, payloads.get(object));
        }
        long from = payloads.get(object) >>> 32;
        long length = payloads.get(object) & 0xffff_ffffL;
        if (from == 0 && length == graph.elementCount(array)) {
            long digest = payloads.get(array);
            return digest == 0 ? 0 : ContentDigest.with(digest, 0);
        }
        parts.set(object);
        return part(array, from, length);
    }

    /** The same for a part of an array, which is read again. Only dumps of JDK 7 and before have such strings. */
    private long part(int array, long from, long length) {
        try {
            if (from + length > graph.elementCount(array)) {
                return 0;
            }
            byte[] bytes = new byte[1 << 13];
            long state = ContentDigest.START;
            for (long done = 0; done < length; ) {
                int count = (int) Math.min(bytes.length / 2, length - done);
                long[] chars = heap.dump().readElements(graph.addressOf(array), from + done, count);
                if (chars.length < count) {
                    return 0;
                }
                for (int i = 0; i < count; i++) {
                    bytes[2 * i] = (byte) (chars[i] >>> 8);
                    bytes[2 * i + 1] = (byte) chars[i];
                }
                state = ContentDigest.add(state, bytes, 0, 2 * count);
                done += count;
            }
            return ContentDigest.with(ContentDigest.end(state, 2 * length), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Tally sums() {
        List<Tally> tallies = new ArrayList<>();
        List<Bits> behindCollections = new ArrayList<>();
        ObjectRanges.each(heap, progress, () -> {
            Tally tally = new Tally(types.count());
            tallies.add(tally);
            Bits arrays = new Bits(graph.objectCount());
            behindCollections.add(arrays);
            return (from, to) -> {
                for (int object = from; object < to; object++) {
                    int type = graph.typeOf(object);
                    if (types.role(type) != JavaTypes.NONE && heap.reachable(object)) {
                        look(object, type, tally, arrays);
                    }
                }
            };
        });
        behindCollections.forEach(behind::add);
        Tally sum = tallies.get(0);
        tallies.subList(1, tallies.size()).forEach(sum::add);
        // What collections have is known now.
        for (int array = sparse.next(0); array >= 0; array = sparse.next(array + 1)) {
            if (!behind.get(array)) {
                int type = graph.typeOf(array);
                long length = graph.elementCount(array);
                waste(sum, WasteKind.NULL_ARRAY, array, type, saved(array, length, present(array)));
            }
        }
        return sum;
    }

    private void waste(Tally tally, WasteKind kind, int object, int type, long bytes) {
        if (bytes > 0) {
            tally.waste(kind, type, bytes);
            payloads.waste(object, kind, bytes);
        }
    }

    private void look(int object, int type, Tally tally, Bits arrays) {
        switch (types.role(type)) {
            case JavaTypes.STRING, JavaTypes.SUBSTRING -> equal(object, type, WasteKind.DUPLICATE_STRING, tally);
            case JavaTypes.BOXED -> equal(object, type, WasteKind.DUPLICATE_NUMBER, tally);
            case JavaTypes.TEXT -> {
                long size = graph.shallowSize(object);
                tally.look(WasteKind.DUPLICATE_TEXT, size);
                if (equals.duplicateArray(object)) {
                    waste(tally, WasteKind.DUPLICATE_TEXT, object, type, size);
                }
            }
            case JavaTypes.COLLECTION ->
                collection(object, type, Objects.requireNonNull(types.layout(type)), tally, arrays);
            case JavaTypes.BUFFER -> {
                long count = payloads.get(object);
                long needed = types.pair(type) ? (count >>> 32) << (count & 1) : count;
                int array = References.of(graph, object, types.slot(type));
                if (array >= 0) {
                    tally.look(WasteKind.SPARSE_COLLECTION, graph.shallowSize(array));
                    spare(object, type, array, needed, tally);
                }
            }
            case JavaTypes.OBJECTS -> nulls(object, tally);
            default -> {}
        }
    }

    private void equal(int object, int type, WasteKind kind, Tally tally) {
        long size = graph.shallowSize(object);
        tally.look(kind, size);
        if (equals.duplicate(object)) {
            waste(tally, kind, object, type, size);
        }
    }

    private void collection(int object, int type, CollectionLayout layout, Tally tally, Bits arrays) {
        Backing backing = layout.backing();
        int array = References.of(graph, object, types.slot(type));
        long length = array < 0 || backing == Backing.COUNTED_NODES ? 0 : graph.elementCount(array);
        if (layout.numbers().isEmpty() && backing != Backing.FILLED && !types.chained(type)) {
            return;
        }
        long size = size(object, layout, array, length);
        int outer = outer(object);
        int shown = outer < 0 ? type : graph.typeOf(outer);
        long shell = graph.shallowSize(object) + (outer < 0 ? 0 : graph.shallowSize(outer));
        boolean owns = array >= 0 && backing != Backing.COUNTED_NODES && dominators.immediateDominator(array) == object;
        if (array >= 0 && backing != Backing.COUNTED_NODES) {
            arrays.set(array);
        }
        long structure = shell + (owns ? graph.shallowSize(array) : 0);
        tally.map(layout, size, structure);
        if (types.queue(type)) {
            tally.queue(type, size, limit(object, layout, length));
        }
        if (backing == Backing.BOUNDED) {
            unused(object, shown, array, length - size, tally);
        } else if (size <= 0) {
            tally.look(WasteKind.EMPTY_COLLECTION, structure);
            waste(tally, WasteKind.EMPTY_COLLECTION, object, shown, structure);
        } else {
            tally.look(WasteKind.EMPTY_COLLECTION, structure);
            if (owns) {
                tally.look(WasteKind.SPARSE_COLLECTION, graph.shallowSize(array));
                spare(object, shown, array, backing.lengthFor(size), tally);
            }
        }
    }

    private long size(int object, CollectionLayout layout, int array, long length) {
        long numbers = payloads.get(object);
        return switch (layout.backing()) {
            case FILLED -> layout.numbers().isEmpty() ? length : numbers;
            case RING -> length == 0 ? 0 : Math.floorMod((int) numbers - (int) (numbers >>> 32), length);
            case COUNTED_NODES -> array < 0 ? 0 : payloads.get(array);
            case CELLS -> numbers + cells(object);
            case NODES -> layout.numbers().size() > 1 ? numbers >>> 32 : numbers;
            default -> numbers;
        };
    }

    private long cells(int object) {
        int slot = types.cells(graph.typeOf(object));
        int cells = References.of(graph, object, slot);
        long sum = 0;
        if (cells >= 0) {
            for (long r = graph.firstReference(cells); r < graph.endReference(cells); r++) {
                sum += payloads.get(graph.target(r));
            }
        }
        return sum;
    }

    private long limit(int object, CollectionLayout layout, long length) {
        long numbers = payloads.get(object);
        long limit = switch (layout.backing()) {
            case BOUNDED -> length;
            case COUNTED_NODES -> numbers;
            case NODES -> layout.numbers().size() > 1 ? (int) numbers : -1;
            default -> -1;
        };
        // What the library takes for no limit.
        return limit == Integer.MAX_VALUE ? -1 : limit;
    }

    /** The set that alone holds a map and is made of it, or -1. */
    private int outer(int object) {
        int dominator = dominators.immediateDominator(object);
        if (dominator < 0 || graph.isHolder(dominator)) {
            return -1;
        }
        int type = graph.typeOf(dominator);
        return types.role(type) == JavaTypes.KEYS && References.of(graph, dominator, types.slot(type)) == object
                ? dominator
                : -1;
    }

    private void unused(int object, int type, int array, long free, Tally tally) {
        if (array >= 0) {
            tally.look(WasteKind.UNUSED_BUFFER, graph.shallowSize(array));
            long length = graph.elementCount(array);
            if (free > 0 && free <= length) {
                waste(tally, WasteKind.UNUSED_BUFFER, object, type, saved(array, length, length - free));
            }
        }
    }

    private void spare(int object, int type, int array, long needed, Tally tally) {
        long length = graph.elementCount(array);
        if (needed >= 0 && needed < length && dominators.immediateDominator(array) == object) {
            WasteKind kind = needed <= length / 2 ? WasteKind.SPARSE_COLLECTION : WasteKind.SPARE_CAPACITY;
            waste(tally, kind, object, type, saved(array, length, needed));
        }
    }

    private void nulls(int array, Tally tally) {
        tally.look(WasteKind.NULL_ARRAY, graph.shallowSize(array));
        long present = present(array);
        if (graph.elementCount(array) - present > present) {
            sparse.set(array);
        }
    }

    private long present(int array) {
        return graph.endReference(array) - graph.firstReference(array);
    }

    private long saved(int array, long length, long needed) {
        int type = graph.typeOf(array);
        return graph.sizeOf(type, length) - graph.sizeOf(type, needed);
    }
}
