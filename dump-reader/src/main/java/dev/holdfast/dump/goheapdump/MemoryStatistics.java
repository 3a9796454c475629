package dev.holdfast.dump.goheapdump;

import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.StackMemory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code runtime.MemStats} says, in the words of {@code runtime/metrics}; immutable. The classes follow from the
 * figures exactly: both are made from the same counters.
 */
final class MemoryStatistics {
    private static final int SYS = 2;
    private static final int HEAP_ALLOC = 6;
    private static final int HEAP_IDLE = 8;
    private static final int HEAP_INUSE = 9;
    private static final int HEAP_RELEASED = 10;
    private static final int HEAP_OBJECTS = 11;
    private static final int STACK_INUSE = 12;
    private static final int STACK_SYS = 13;
    private static final int MSPAN_INUSE = 14;
    private static final int MSPAN_SYS = 15;
    private static final int MCACHE_INUSE = 16;
    private static final int MCACHE_SYS = 17;
    private static final int BUCKHASH_SYS = 18;
    private static final int GC_SYS = 19;
    private static final int OTHER_SYS = 20;
    private static final int NEXT_GC = 21;
    private static final int NUM_GC = RecordWalker.STATISTICS - 1;

    private final long[] figures;

    MemoryStatistics(long[] figures) {
        this.figures = figures.clone();
    }

    List<MemoryClass> classes() {
        return List.of(
                memory("heap/free", figures[HEAP_IDLE] - figures[HEAP_RELEASED]),
                memory("heap/objects", figures[HEAP_ALLOC]),
                memory("heap/released", figures[HEAP_RELEASED]),
                memory("heap/stacks", figures[STACK_INUSE]),
                memory("heap/unused", figures[HEAP_INUSE] - figures[HEAP_ALLOC]),
                memory("metadata/mcache/free", figures[MCACHE_SYS] - figures[MCACHE_INUSE]),
                memory("metadata/mcache/inuse", figures[MCACHE_INUSE]),
                memory("metadata/mspan/free", figures[MSPAN_SYS] - figures[MSPAN_INUSE]),
                memory("metadata/mspan/inuse", figures[MSPAN_INUSE]),
                memory("metadata/other", figures[GC_SYS]),
                memory("os-stacks", figures[STACK_SYS] - figures[STACK_INUSE]),
                memory("other", figures[OTHER_SYS]),
                memory("profiling/buckets", figures[BUCKHASH_SYS]),
                memory("total", figures[SYS]));
    }

    /** What the runtime says of stacks; the format has no more than the goroutines' own. */
    StackMemory stacks() {
        return new StackMemory(figures[STACK_INUSE], figures[STACK_SYS] - figures[STACK_INUSE], List.of());
    }

    private static MemoryClass memory(String name, long bytes) {
        return new MemoryClass("/memory/classes/" + name + ":bytes", bytes);
    }

    List<DumpIdentity> identities(long objects, long bytes) {
        long sum = 0;
        for (MemoryClass one : classes()) {
            sum += one.bytes();
        }
        return List.of(
                new DumpIdentity("memory classes = total", figures[SYS], sum - figures[SYS]),
                new DumpIdentity("objects = HeapObjects", figures[HEAP_OBJECTS], objects),
                new DumpIdentity("slots = HeapAlloc", figures[HEAP_ALLOC], bytes));
    }

    Map<String, String> facts() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("collections", Long.toUnsignedString(figures[NUM_GC]));
        facts.put("next collection at", Long.toUnsignedString(figures[NEXT_GC]));
        return facts;
    }
}
