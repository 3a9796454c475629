package dev.holdfast.report.waste;

import dev.holdfast.heap.CollectionLayout;
import java.util.Map;
import java.util.TreeMap;

/** Sums of the census; each worker has its own, and they are added up in the end. About 130 bytes a type. */
final class Tally {
    private static final int KINDS = WasteKind.values().length;

    final long[] objects;
    final long[] bytes;
    final long[] looked = new long[KINDS];
    final long[] lookedBytes = new long[KINDS];
    final Map<Integer, Queues> queues = new TreeMap<>();
    final MapSizes maps = new MapSizes();

    private final int types;

    Tally(int types) {
        this.types = types;
        objects = new long[KINDS * types];
        bytes = new long[KINDS * types];
    }

    /** How full the queues of a type are. */
    static final class Queues {
        long objects;
        long empty;
        long full;
        long elements;
        long capacity;
        long bounded;

        void add(long size, long limit) {
            objects++;
            empty += size == 0 ? 1 : 0;
            elements += size;
            if (limit >= 0) {
                bounded++;
                capacity += limit;
                full += size >= limit ? 1 : 0;
            }
        }

        void add(Queues other) {
            objects += other.objects;
            empty += other.empty;
            full += other.full;
            elements += other.elements;
            capacity += other.capacity;
            bounded += other.bounded;
        }
    }

    /** Something was looked at. */
    void look(WasteKind kind, long size) {
        looked[kind.ordinal()]++;
        lookedBytes[kind.ordinal()] += size;
    }

    /** An object wastes. */
    void waste(WasteKind kind, int type, long wasted) {
        objects[kind.ordinal() * types + type]++;
        bytes[kind.ordinal() * types + type] += wasted;
    }

    /** A queue, with how many elements it may have, -1 if there is no limit. */
    void queue(int type, long size, long limit) {
        queues.computeIfAbsent(type, made -> new Queues()).add(size, limit);
    }

    /** A map. */
    void map(CollectionLayout layout, long size, long structureBytes) {
        if (layout.isMap()) {
            maps.add(size, structureBytes);
        }
    }

    void add(Tally other) {
        plus(objects, other.objects);
        plus(bytes, other.bytes);
        plus(looked, other.looked);
        plus(lookedBytes, other.lookedBytes);
        other.queues.forEach((type, queue) ->
                queues.computeIfAbsent(type, made -> new Queues()).add(queue));
        maps.add(other.maps);
    }

    static void plus(long[] sums, long[] more) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += more[i];
        }
    }
}
