package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.DumpIdentity;
import dev.holdfast.dump.MemoryClass;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the program's memory went, in the words and by the rules of {@code runtime/metrics} (runtime/metrics.go); immutable.
 *
 * <p>The program itself would have said the same after {@code runtime.ReadMemStats}, which counts what processors hold back;
 * {@code runtime/metrics} alone may leave the latest small objects out.
 */
public final class MemoryAccounting {
    private static final String PREFIX = "/memory/classes/";

    private final Map<String, Long> classes = new TreeMap<>();
    private final HeapStatistics heap;
    private final long inHeap;
    private final long manual;
    private final long stacks;
    private final long total;
    private final long mappedReady;
    private final long heapInUse;

    private MemoryAccounting(GoProgram program) {
        RuntimeLayout layout = program.layout();
        MemoryReader reader = program.reader();
        heap = new HeapStatistics(program, reader);
        long committed = heap.sum("committed");
        long released = heap.sum("released");
        inHeap = heap.sum("inHeap");
        stacks = heap.sum("inStacks");
        // Up to Go 1.23 the runtime unrolled pointer masks into spans of their own.
        long runtimeSpans = heap.sum("inWorkBufs") + heap.sum("inPtrScalarBits");
        manual = stacks + runtimeSpans;
        long objects = heap.allocatedBytes() - heap.freedBytes();

        Fields mstats = new Fields(reader, layout.struct("runtime.mstats"), layout.address("runtime.memstats"));
        Fields mheap = new Fields(reader, layout.struct("runtime.mheap"), layout.address("runtime.mheap_"));
        long stacksSystem = mstats.word("stacks_sys");
        long spansSystem = mstats.word("mspan_sys");
        long spansInUse = mheap.word("spanalloc.inuse");
        long cachesSystem = mstats.word("mcache_sys");
        long cachesInUse = mheap.word("cachealloc.inuse");
        long buckets = mstats.word("buckhash_sys");
        long collector = mstats.word("gcMiscSys");
        long other = mstats.word("other_sys");
        total = committed + released + stacksSystem + spansSystem + cachesSystem + buckets + collector + other;

        put("heap/free", committed - inHeap - manual);
        put("heap/objects", objects);
        put("heap/released", released);
        put("heap/stacks", stacks);
        put("heap/unused", inHeap - objects);
        put("metadata/mcache/free", cachesSystem - cachesInUse);
        put("metadata/mcache/inuse", cachesInUse);
        put("metadata/mspan/free", spansSystem - spansInUse);
        put("metadata/mspan/inuse", spansInUse);
        put("metadata/other", runtimeSpans + collector);
        put("os-stacks", stacksSystem);
        put("other", other);
        put("profiling/buckets", buckets);

        // The pacer keeps its own sums since Go 1.19: an independent witness.
        boolean pacer = layout.hasStruct("runtime.gcControllerState")
                && layout.struct("runtime.gcControllerState").has("mappedReady");
        mappedReady = pacer ? pacer(layout, reader, "mappedReady") : -1;
        heapInUse = pacer ? pacer(layout, reader, "heapInUse") : -1;
    }

    /** Reads the accounting, or null, with a loss counted, if the dump does not have it. */
    public static @Nullable MemoryAccounting read(GoProgram program) {
        try {
            return new MemoryAccounting(program);
        } catch (MissingMemoryException | UnknownLayoutException e) {
            program.warnings().loss("memory-accounting", -1, "no memory accounting: " + e.getMessage(), 1);
            return null;
        }
    }

    private static long pacer(RuntimeLayout layout, MemoryReader reader, String field) {
        StructLayout state = layout.struct("runtime.gcControllerState");
        return reader.word(layout.address("runtime.gcController") + state.offset(field));
    }

    private record Fields(MemoryReader reader, StructLayout layout, long address) {
        long word(String field) {
            return reader.unsigned(address + layout.offset(field), layout.width(field));
        }
    }

    private void put(String name, long bytes) {
        classes.put(PREFIX + name + ":bytes", bytes);
    }

    /** The classes in alphabetical order, then their total. */
    public List<MemoryClass> classes() {
        List<MemoryClass> rows = new ArrayList<>();
        classes.forEach((name, bytes) -> rows.add(new MemoryClass(name, bytes)));
        rows.add(new MemoryClass(PREFIX + "total:bytes", total));
        return List.copyOf(rows);
    }

    /**
     * What must agree; nothing where the dump caught a processor in the middle of counting.
     *
     * @param spanBytes of all spans with objects
     * @param manualBytes of all spans that the runtime manages itself
     */
    public List<DumpIdentity> identities(long spanBytes, long manualBytes) {
        List<DumpIdentity> found = new ArrayList<>();
        long sum = 0;
        for (long bytes : classes.values()) {
            sum += bytes;
        }
        found.add(new DumpIdentity("memory classes = total", total, sum));
        if (heap.busy()) {
            return List.copyOf(found);
        }
        found.add(new DumpIdentity("heap in use = sum of spans", inHeap, spanBytes));
        found.add(new DumpIdentity("stacks in use = sum of spans", stacks, manualBytes - (manual - stacks)));
        if (mappedReady >= 0) {
            found.add(new DumpIdentity(
                    "pacer's mapped memory = total less released",
                    mappedReady,
                    total - classes.getOrDefault(PREFIX + "heap/released:bytes", 0L)));
            found.add(new DumpIdentity("pacer's heap in use = sum of spans", heapInUse, spanBytes));
        }
        return List.copyOf(found);
    }

    /** Whether no processor was in the middle of counting, so that sums must agree. */
    public boolean settled() {
        return !heap.busy();
    }

    /** Bytes of slots that hold an object, as the runtime counts them; dead ones that are not yet swept too. */
    public long objectBytes() {
        return heap.allocatedBytes() - heap.freedBytes();
    }

    /** How many slots hold an object, as the runtime counts them. */
    public long objectCount() {
        return heap.allocatedObjects() - heap.freedObjects();
    }

    /** Bytes allocated since the program started. */
    public long allocatedBytes() {
        return heap.allocatedBytes();
    }

    /** Objects allocated since the program started, tiny values included; what {@code MemStats.Mallocs} says. */
    public long allocations() {
        return heap.allocatedObjects() + heap.tinyAllocations();
    }

    /** Bytes of spans with objects, {@code MemStats.HeapInuse}. */
    public long heapInUse() {
        return inHeap;
    }

    /** Bytes of stacks that the operating system made, as far as the runtime counts them. */
    public long systemStacks() {
        return classes.getOrDefault(PREFIX + "os-stacks:bytes", 0L);
    }

    /** Bytes of spans with stacks, {@code MemStats.StackInuse}. */
    public long stackInUse() {
        return stacks;
    }
}
