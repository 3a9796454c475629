package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;

/**
 * The runtime's statistics of the heap, summed as the runtime does when it reads them with the world stopped.
 *
 * <p>Writers add to one of three records, and each processor counts what it allocates from its own spans only when it gives
 * them back: both is added up here, so that the numbers are those of the moment of the dump. Immutable.
 */
final class HeapStatistics {
    /** Longest list of processors that the runtime makes is 2^10. */
    private static final int MOST_PROCESSORS = 1 << 16;

    private final StructLayout delta;

    private final MemoryReader reader;
    private final RuntimeLayout layout;
    private final long records;
    private final int recordCount;
    private final long[] classSizes;
    private final long[] unflushed;
    private long tinyUnflushed;
    private boolean busy;

    HeapStatistics(GoProgram program, MemoryReader reader) {
        this.reader = reader;
        layout = program.layout();
        delta = layout.struct("runtime.heapStatsDelta");
        StructLayout mstats = layout.struct("runtime.mstats");
        records = layout.address("runtime.memstats") + mstats.offset("heapStats.stats");
        recordCount = (int) Math.min(16, mstats.width("heapStats.stats") / delta.size());
        int classes = Math.min(256, delta.width("smallAllocCount") / 8);
        classSizes = SizeClasses.read(layout, reader, classes);
        unflushed = new long[classes];
        readProcessors();
    }

    private void readProcessors() {
        StructLayout processor = layout.struct("runtime.p");
        long list = reader.word(layout.address("runtime.allp"));
        long count = Math.min(reader.word(layout.address("runtime.allp") + 8), MOST_PROCESSORS);
        StructLayout cache = layout.struct("runtime.mcache");
        for (long i = 0; i < count; i++) {
            long p = reader.word(list + 8 * i);
            if (p == 0) {
                continue;
            }
            busy |= processor.has("statsSeq") && (reader.u32(p + processor.offset("statsSeq")) & 1) != 0;
            long at = reader.word(p + processor.offset("mcache"));
            if (at != 0) {
                readCache(at, cache);
            }
        }
    }

    private void readCache(long cache, StructLayout layoutOfCache) {
        StructLayout span = layout.struct("runtime.mspan");
        boolean before = span.has("allocCountBeforeCache");
        int count = Math.min(layoutOfCache.width("alloc") / 8, 2 * unflushed.length);
        for (int spanClass = 0; spanClass < count; spanClass++) {
            long s = reader.word(cache + layoutOfCache.offset("alloc") + 8L * spanClass);
            if (s == 0) {
                continue;
            }
            long allocated = number(span, s, "allocCount");
            // Up to Go 1.18 all slots of a span count as allocated as soon as a processor takes it, the rest is taken
            // back
            // later; since then those allocated meanwhile count later. An unused place leads to a span without slots.
            unflushed[spanClass >>> 1] += before
                    ? allocated - number(span, s, "allocCountBeforeCache")
                    : allocated - number(span, s, "nelems");
        }
        tinyUnflushed += layoutOfCache.has("tinyAllocs")
                ? reader.unsigned(cache + layoutOfCache.offset("tinyAllocs"), layoutOfCache.width("tinyAllocs"))
                : 0;
    }

    private long number(StructLayout of, long at, String field) {
        return reader.unsigned(at + of.offset(field), of.width(field));
    }

    /** Sum of a statistic, 0 where this release does not have it. */
    long sum(String field) {
        return delta.has(field) ? sumAt(delta.offset(field)) : 0;
    }

    private long sumAt(long offset) {
        long sum = 0;
        for (int i = 0; i < recordCount; i++) {
            sum += reader.word(records + i * delta.size() + offset);
        }
        return sum;
    }

    private long bySize(String field, long[] more, boolean bytes) {
        long sum = 0;
        for (int i = 0; i < classSizes.length; i++) {
            long count = sumAt(delta.offset(field) + 8L * i) + (more.length == 0 ? 0 : more[i]);
            sum += bytes ? count * classSizes[i] : count;
        }
        return sum;
    }

    /** Bytes of objects allocated since the start. */
    long allocatedBytes() {
        return sum("largeAlloc") + bySize("smallAllocCount", unflushed, true);
    }

    /** Bytes of objects freed since the start. */
    long freedBytes() {
        return sum("largeFree") + bySize("smallFreeCount", NOTHING, true);
    }

    /** Objects allocated since the start, tiny values in a common block once. */
    long allocatedObjects() {
        return sum("largeAllocCount") + bySize("smallAllocCount", unflushed, false);
    }

    /** Objects freed since the start. */
    long freedObjects() {
        return sum("largeFreeCount") + bySize("smallFreeCount", NOTHING, false);
    }

    /** Tiny values allocated since the start. */
    long tinyAllocations() {
        return sum("tinyAllocCount") + tinyUnflushed;
    }

    /** Whether the dump caught a processor while it wrote statistics, so that they need not agree with each other. */
    boolean busy() {
        return busy;
    }

    private static final long[] NOTHING = {};
}
