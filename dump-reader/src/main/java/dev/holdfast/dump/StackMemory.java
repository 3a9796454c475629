package dev.holdfast.dump;

import java.util.List;

/**
 * What a runtime's stack memory is used for beside live goroutines; immutable.
 *
 * <p>The stacks of all {@link DumpThread}s and the counted areas add up to the recorded bytes.
 *
 * @param recordedBytes what the runtime itself says is in use for stacks ({@code /memory/classes/heap/stacks:bytes}), or -1
 *     where the dump does not have it
 * @param systemBytes what the runtime says of stacks that the operating system made ({@code /memory/classes/os-stacks:bytes}),
 *     or -1; Go counts few of those there are
 * @param areas one for each kind that there is
 */
public record StackMemory(long recordedBytes, long systemBytes, List<StackArea> areas) {
    /** Of a dump that does not tell. */
    public static final StackMemory NONE = new StackMemory(-1, -1, List.of());

    /** Copies the list. */
    public StackMemory {
        areas = List.copyOf(areas);
    }

    /**
     * What is accounted for: the stacks of these threads and the counted areas.
     *
     * @param threads all of the dump
     */
    public long bytes(List<DumpThread> threads) {
        long sum = 0;
        for (DumpThread thread : threads) {
            sum += Math.max(0, thread.stackBytes());
        }
        for (StackArea area : areas) {
            sum += area.counted() ? area.bytes() : 0;
        }
        return sum;
    }

    /** Bytes that the runtime records and nothing in the dump explains; 0 where it records nothing. */
    public long unexplained(List<DumpThread> threads) {
        return known() ? Math.max(0, recordedBytes - bytes(threads)) : 0;
    }

    /** Whether the dump tells what stack memory is used for. */
    public boolean known() {
        return recordedBytes >= 0;
    }
}
