package dev.holdfast.report.waste;

import dev.holdfast.dump.ChunkSinks;
import dev.holdfast.dump.ContentDigest;
import dev.holdfast.dump.ContentSink;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.ObjectGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The census of a JVM's heap: one pass over the file for numbers and digests, then all from the graph. 8 bytes an object,
 * half a byte for marks, what each {@link JavaTally} takes, and the table of {@link EqualObjects}.
 */
final class JavaWaste {
    private final HeapSnapshot heap;
    private final ObjectGraph graph;
    private final JavaTypes types;
    private final Payloads payloads;
    private final Progress progress;
    private final Bits parts;
    private final Bits candidates;
    private final Bits chains;
    private final EqualObjects equals;

    JavaWaste(HeapSnapshot heap, Progress progress) {
        this.heap = heap;
        this.graph = heap.graph();
        this.types = new JavaTypes(heap.types());
        this.payloads = new Payloads(heap);
        this.progress = progress;
        this.parts = new Bits(graph.objectCount());
        this.candidates = new Bits(graph.objectCount());
        this.chains = new Bits(graph.objectCount());
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
                equals.find(keys());
                new ChainSizes(heap, types, progress).fill(payloads, chains);
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

    /** Gives each string what stands for its contents and marks chains; answers how many strings and numbers fall to each part. */
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
                    if (types.chained(type) && heap.reachable(object)) {
                        chains.set(object);
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
        List<JavaTally> workers = new ArrayList<>();
        Bits sparse = new Bits(graph.objectCount());
        ObjectRanges.each(heap, progress, () -> {
            JavaTally worker = new JavaTally(heap, types, payloads, equals, sparse);
            workers.add(worker);
            return worker;
        });
        JavaTally all = workers.get(0);
        workers.subList(1, workers.size()).forEach(all::add);
        return all.end();
    }
}
