package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.HeaderSink;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.RuntimeLayout;

/**
 * How much memory maps have for their entries, and how much the runtime would give them (go-core.md 3.13): buckets of 8
 * that are 6.5 full on average, or since Go 1.24 groups of 8 that are 7/8 full. Immutable.
 */
final class MapStorage {
    private static final int PLACES = 8;

    /** Tables of one map; a forged one may say any number. */
    private static final long MOST_TABLES = 1 << 24;

    private final boolean swiss;
    private final int size;
    private final int logarithm;
    private final int buckets;
    private final int directory;
    private final int tables;
    private final int groups;

    MapStorage(RuntimeLayout layout, boolean swiss) {
        this.swiss = swiss;
        String map = "internal/runtime/maps.Map";
        size = swiss
                ? PlanCompiler.offset(layout, map, "used", 0)
                : PlanCompiler.offset(layout, "runtime.hmap", "count", 0);
        logarithm = PlanCompiler.offset(layout, "runtime.hmap", "B", 9);
        buckets = PlanCompiler.offset(layout, "runtime.hmap", "buckets", 16);
        directory = PlanCompiler.offset(layout, map, "dirPtr", 16);
        tables = PlanCompiler.offset(layout, map, "dirLen", 24);
        groups = PlanCompiler.offset(layout, "internal/runtime/maps.table", "groups.lengthMask", 24);
    }

    /**
     * Tells a sink of the map at an address.
     *
     * @param unit bytes of a bucket or group; 0 if it is not known
     */
    void read(MemoryReader memory, long map, long unit, HeaderSink sink) {
        long entries = memory.word(map + size);
        if (entries < 0) {
            return;
        }
        if (unit <= 0) {
            sink.map(entries, -1, 0);
        } else if (swiss) {
            sink.map(entries, unit * groups(memory, map), unit * groupsFor(entries));
        } else {
            sink.map(entries, unit * buckets(memory, map), unit * bucketsFor(entries));
        }
    }

    private long buckets(MemoryReader memory, long map) {
        return memory.word(map + buckets) == 0 ? 0 : 1L << Math.min(40, memory.u8(map + logarithm));
    }

    static long bucketsFor(long entries) {
        if (entries <= 0) {
            return 0;
        }
        long number = 1;
        while (entries > PLACES && entries > 13 * (number / 2.0) && number < 1L << 40) {
            number *= 2;
        }
        return number;
    }

    private long groups(MemoryReader memory, long map) {
        long first = memory.word(map + directory);
        long count = memory.word(map + tables);
        if (first == 0 || count < 0 || count > MOST_TABLES) {
            return 0;
        }
        if (count == 0) {
            return 1;
        }
        long sum = 0;
        long last = 0;
        for (long i = 0; i < count; i++) {
            long table = memory.word(first + 8 * i);
            // A table that has not been split as often as others stands several times in a row.
            if (table != 0 && table != last) {
                sum += memory.word(table + groups) + 1;
            }
            last = table;
        }
        return sum;
    }

    static long groupsFor(long entries) {
        if (entries <= PLACES) {
            return entries <= 0 ? 0 : 1;
        }
        long places = 2 * PLACES;
        while (entries * 8 > places * 7 && places < 1L << 40) {
            places *= 2;
        }
        return places / PLACES;
    }
}
