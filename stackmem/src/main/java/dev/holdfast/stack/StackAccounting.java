package dev.holdfast.stack;

import dev.holdfast.dump.DumpThread;
import dev.holdfast.dump.StackArea;
import dev.holdfast.dump.StackMemory;
import dev.holdfast.dump.StackSpace;
import java.util.ArrayList;
import java.util.List;

/**
 * What stack memory is used for, line by line; immutable.
 *
 * @param rows that add up to the total; none if the dump tells nothing of stack memory
 * @param apart stacks that the operating system or C made: the runtime does not count them, so they are in no sum
 * @param frames bytes of the frames of all goroutines, which are part of the rows
 * @param recorded what the runtime itself says is in use for stacks, or -1
 * @param recordedApart what it says of stacks that the operating system made, or -1
 */
public record StackAccounting(List<Row> rows, List<Row> apart, long frames, long recorded, long recordedApart) {
    /**
     * A line.
     *
     * @param name what for
     * @param stacks how many stacks, or free places for stacks
     * @param bytes of memory
     */
    public record Row(String name, long stacks, long bytes) {}

    /** Copies the lists. */
    public StackAccounting {
        rows = List.copyOf(rows);
        apart = List.copyOf(apart);
    }

    /**
     * Of a dump.
     *
     * @param threads all that were alive
     * @param memory what stack memory serves beside them
     */
    public static StackAccounting of(List<DumpThread> threads, StackMemory memory) {
        long[] goroutines = new long[2];
        long[] used = new long[2];
        StackSpace all = StackSpace.NOTHING;
        for (StackGroup group : StackGroup.of(threads, false)) {
            int kind = group.first().system() ? 1 : 0;
            goroutines[kind] += group.count();
            used[kind] += group.space().used();
            all = all.plus(group.space());
        }
        long both = goroutines[0] + goroutines[1];
        List<Row> rows = new ArrayList<>();
        add(rows, "frames of goroutines", goroutines[0], used[0]);
        add(rows, "frames of system goroutines", goroutines[1], used[1]);
        add(rows, "free space of their stacks", both, all.free());
        add(rows, "ends of their stacks", both, all.rest());
        add(rows, "stacks that cannot be walked", both, all.unknown());
        List<Row> apart = new ArrayList<>();
        for (StackArea area : memory.areas()) {
            add(area.counted() ? rows : apart, name(area.kind()), area.count(), area.bytes());
        }
        add(rows, "not explained by the dump", 0, memory.unexplained(threads));
        return new StackAccounting(rows, apart, used[0] + used[1], memory.recordedBytes(), memory.systemBytes());
    }

    private static void add(List<Row> rows, String name, long stacks, long bytes) {
        if (bytes > 0) {
            rows.add(new Row(name, stacks, bytes));
        }
    }

    private static String name(StackArea.Kind kind) {
        switch (kind) {
            case SYSTEM:
                return "system stacks of threads (g0)";
            case SIGNAL:
                return "signal stacks of threads (gsignal)";
            case CRASH:
                return "stack to crash on (gcrash)";
            case DEAD:
                return "kept with goroutines that have ended";
            case POOL:
                return "free, in the pool";
            case CACHE:
                return "free, in processors' caches";
            default:
                return "free, large";
        }
    }

    /** Bytes of all rows; what the runtime records, unless more than that was found. */
    public long total() {
        return rows.stream().mapToLong(Row::bytes).sum();
    }
}
