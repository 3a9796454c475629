package dev.holdfast.report.waste;

import dev.holdfast.dump.DumpType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the reachable objects of a heap waste, see {@link WasteKind}: types and numbers, no contents. Immutable and
 * thread-safe; what single objects waste takes memory until {@link #release}.
 */
public final class Waste {
    private static final WasteKind[] KINDS = WasteKind.values();

    private final Details details;
    private final List<Kind> kinds;
    private final List<Row> rows;
    private final List<Queue> queues;
    private final List<MapClass> maps;
    private final long leftOut;

    /**
     * Sums of a kind.
     *
     * @param looked how many objects were looked at
     * @param lookedBytes their bytes, or those of the arrays behind them
     */
    public record Kind(WasteKind kind, long objects, long bytes, long looked, long lookedBytes) {}

    /**
     * Sums of a kind and a type.
     *
     * @param type its name; of a set or list that of the outermost object
     */
    public record Row(WasteKind kind, String type, long objects, long bytes) {}

    /**
     * How full the queues or channels of a type are.
     *
     * @param bounded how many have a limit
     * @param full how many of them have reached it
     * @param elements of all
     * @param capacity of all that have a limit
     */
    public record Queue(String type, long objects, long empty, long bounded, long full, long elements, long capacity) {}

    /**
     * Maps of about one size.
     *
     * @param atMost entries of the largest, {@link Long#MAX_VALUE} for the last class
     * @param bytes of the map objects and the arrays or tables they alone hold
     */
    public record MapClass(long atMost, long maps, long entries, long bytes) {}

    Waste(Details details, Tally tally, List<DumpType> types, long leftOut) {
        this.details = details;
        this.leftOut = leftOut;
        Map<WasteKind, Map<String, long[]>> sums = new EnumMap<>(WasteKind.class);
        List<Kind> all = new ArrayList<>();
        for (WasteKind kind : KINDS) {
            long[] total = new long[2];
            Map<String, long[]> byType = new TreeMap<>();
            for (int type = 0; type < types.size(); type++) {
                int at = kind.ordinal() * types.size() + type;
                if (tally.objects[at] > 0) {
                    long[] sum = byType.computeIfAbsent(types.get(type).name(), made -> new long[2]);
                    sum[0] += tally.objects[at];
                    sum[1] += tally.bytes[at];
                    total[0] += tally.objects[at];
                    total[1] += tally.bytes[at];
                }
            }
            sums.put(kind, byType);
            all.add(new Kind(
                    kind, total[0], total[1], tally.looked[kind.ordinal()], tally.lookedBytes[kind.ordinal()]));
        }
        List<Row> found = new ArrayList<>();
        sums.forEach((kind, ofKind) -> ofKind.forEach((type, sum) -> found.add(new Row(kind, type, sum[0], sum[1]))));
        found.sort(Comparator.comparingLong(Row::bytes)
                .reversed()
                .thenComparing(Row::kind)
                .thenComparing(Row::type));
        kinds = List.copyOf(all);
        rows = List.copyOf(found);
        queues = queues(tally, types);
        maps = maps(tally.maps);
    }

    /** What single objects waste. */
    interface Details {
        void each(Visitor visitor);

        void release();
    }

    private static List<Queue> queues(Tally tally, List<DumpType> types) {
        Map<String, Tally.Queues> byName = new TreeMap<>();
        tally.queues.forEach(
                (type, queue) -> byName.computeIfAbsent(types.get(type).name(), made -> new Tally.Queues())
                        .add(queue));
        List<Queue> list = new ArrayList<>();
        byName.forEach(
                (type, q) -> list.add(new Queue(type, q.objects, q.empty, q.bounded, q.full, q.elements, q.capacity)));
        list.sort(Comparator.comparingLong(Queue::elements).reversed().thenComparing(Queue::type));
        return List.copyOf(list);
    }

    private static List<MapClass> maps(MapSizes sizes) {
        List<MapClass> list = new ArrayList<>();
        for (int i = 0; i < MapSizes.classes(); i++) {
            if (sizes.maps[i] > 0) {
                long most = i == MapSizes.classes() - 1 ? Long.MAX_VALUE : MapSizes.most(i);
                list.add(new MapClass(most, sizes.maps[i], sizes.entries[i], sizes.bytes[i]));
            }
        }
        return List.copyOf(list);
    }

    /** Sums by kind, all kinds in their order. */
    public List<Kind> kinds() {
        return kinds;
    }

    /** Sums by kind and type, most bytes first. */
    public List<Row> rows() {
        return rows;
    }

    /** Queues and channels by type, most elements first. */
    public List<Queue> queues() {
        return queues;
    }

    /** Maps by size, smallest first; sizes that none has are left out. */
    public List<MapClass> maps() {
        return maps;
    }

    /** How many strings and numbers could not be compared with others, so that they may be duplicates too. */
    public long leftOut() {
        return leftOut;
    }

    /** How many objects waste something. */
    public long objects() {
        return kinds.stream().mapToLong(Kind::objects).sum();
    }

    /** Bytes of all kinds; none of them is counted twice. */
    public long bytes() {
        return kinds.stream().mapToLong(Kind::bytes).sum();
    }

    /** Receives what single objects waste. */
    @FunctionalInterface
    public interface Visitor {
        /** An object wastes so many bytes in a way; it may come again for another. */
        void wastes(int object, WasteKind kind, long bytes);
    }

    /** Hands out what single objects waste, in any order; until {@link #release}. */
    public void each(Visitor visitor) {
        details.each(visitor);
    }

    /** Gives back what single objects take; sums stay. */
    public void release() {
        details.release();
    }
}
