package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;

/** What steers the collector ({@code runtime.gcController}). Reads throw where the dump or the layout has a gap. */
final class Pacer {
    private final MemoryReader reader;
    private final StructLayout layout;
    private final long address;
    private final GoVersion version;

    Pacer(GoProgram program, MemoryReader reader) {
        this.reader = reader;
        layout = program.layout().struct("runtime.gcControllerState");
        address = program.layout().address("runtime.gcController");
        version = program.version();
    }

    boolean has(String field) {
        return layout.has(field);
    }

    long word(String field) {
        return reader.word(address + layout.offset(field));
    }

    /** GOGC, negative for off. */
    int percent() {
        return reader.i32(address + layout.offset("gcPercent"));
    }

    /** Heap size at which the next collection is to end (mgcpacer.go, heapGoal). */
    long goal() {
        if (has("heapGoal")) {
            return word("heapGoal");
        }
        long goal = word("gcPercentHeapGoal");
        long limited = limitedGoal();
        if (Long.compareUnsigned(limited, goal) < 0) {
            return limited;
        }
        long sweep = word("sweepDistMinTrigger");
        if (Long.compareUnsigned(sweep, goal) > 0) {
            goal = sweep;
        }
        long triggered = word("triggered");
        long runway = triggered + (64 << 10);
        return triggered != -1 && Long.compareUnsigned(goal, runway) < 0 ? runway : goal;
    }

    /** What the memory limit leaves for the heap, with headroom. */
    private long limitedGoal() {
        long ready = word("mappedReady");
        long marked = word("heapMarked");
        long limit = word("memoryLimit");
        long others = ready - word("heapFree") - (word("totalAlloc") - word("totalFree"));
        long taken = others + Math.max(0, ready - limit);
        if (Long.compareUnsigned(taken, limit) >= 0) {
            return marked;
        }
        long goal = limit - taken;
        // Up to Go 1.20 the headroom is fixed, since then at least 3 %.
        long headroom = version.atLeast(21) ? Math.max(1 << 20, Long.divideUnsigned(goal, 100) * 3) : 1 << 20;
        goal = Long.compareUnsigned(goal, headroom) < 0 || Long.compareUnsigned(goal - headroom, headroom) < 0
                ? headroom
                : goal - headroom;
        return Long.compareUnsigned(goal, marked) < 0 ? marked : goal;
    }
}
