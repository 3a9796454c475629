package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.goruntime.VariableChecks.Verdict;
import java.util.Map;

/** Whether memory holds the runtime's variables about goroutines, threads and processors. */
final class SchedulerChecks {
    private static final int SAMPLE = 1024;
    private static final int MOST_THREADS = 1 << 20;
    private static final int MOST_PROCESSORS = 1 << 16;

    /** What the runtime starts with; debug.SetMaxThreads changes it. */
    private static final int DEFAULT_MOST_THREADS = 10000;

    /** As runtime.schedinit makes it. */
    private static final long CRASH_STACK = 16384;

    private static final long CRASH_GUARD = 1000;

    private final MemoryReader reader;
    private final LayoutTable table;
    private final Map<String, Long> found;

    SchedulerChecks(MemoryReader reader, LayoutTable table, Map<String, Long> found) {
        this.reader = reader;
        this.table = table;
        this.found = found;
    }

    /** The goroutines: number 1 first, and each one's saved state names the goroutine itself. */
    boolean isGoroutines(long address) {
        StructLayout g = table.struct("runtime.g").orElseThrow();
        long array = reader.word(address);
        long count = reader.word(address + 8);
        if (count <= 0 || count > reader.word(address + 16) || !reader.readable(array, 8)) {
            return false;
        }
        for (long i = 0; i < Math.min(count, SAMPLE); i++) {
            long at = reader.word(array + 8 * i);
            long self = reader.readable(at, g.size()) ? reader.word(at + g.offset("sched.g")) : -1;
            if (self != at && (self != 0 || i == 0)) {
                return false;
            }
        }
        return reader.word(reader.word(array) + g.offset("goid")) == 1;
    }

    /** A copy of a part of the list of goroutines. */
    boolean isGoroutineField(long address, int part) {
        Long list = found.get("runtime.allgs");
        return list != null && address != list + part && reader.word(address) == reader.word(list + part);
    }

    /** The first thread, which is no heap object: its system goroutine belongs to it. */
    boolean isFirstThread(long address) {
        StructLayout m = table.struct("runtime.m").orElseThrow();
        return isThread(address) && reader.word(address + m.offset("id")) == 0;
    }

    /** The list of threads, newest first. */
    boolean isThreads(long address) {
        return threads(address) > 0;
    }

    private long threads(long address) {
        StructLayout m = table.struct("runtime.m").orElseThrow();
        long at = reader.word(address);
        int count = 0;
        while (at != 0 && count < MOST_THREADS) {
            if (!isThread(at)) {
                return 0;
            }
            at = reader.word(at + m.offset("alllink"));
            count++;
        }
        return at == 0 ? count : 0;
    }

    private boolean isThread(long at) {
        StructLayout m = table.struct("runtime.m").orElseThrow();
        if (!reader.readable(at, m.size())) {
            return false;
        }
        StructLayout g = table.struct("runtime.g").orElseThrow();
        long system = reader.word(at + m.offset("g0"));
        return reader.readable(system, g.size()) && reader.word(system + g.offset("m")) == at;
    }

    /** The processors, each of which knows its place. */
    boolean isProcessors(long address) {
        StructLayout p = table.struct("runtime.p").orElseThrow();
        long array = reader.word(address);
        long count = reader.word(address + 8);
        if (count <= 0
                || count > MOST_PROCESSORS
                || count > reader.word(address + 16)
                || !reader.readable(array, 8 * count)) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            long at = reader.word(array + 8L * i);
            if (!reader.readable(at, p.size())
                    || reader.i32(at + p.offset("id")) != i
                    || reader.u32(at + p.offset("status")) > 4
                    || reader.word(at + p.offset("mcache")) == 0 && reader.u32(at + p.offset("status")) == 1) {
                return false;
            }
        }
        return true;
    }

    /** How many processors there are. */
    boolean isProcessorCount(long address) {
        Long processors = found.get("runtime.allp");
        return processors != null && reader.i32(address) == reader.word(processors + 8);
    }

    /** The scheduler: it has numbered at least the threads and goroutines that there are. */
    Verdict scheduler(long address) {
        StructLayout sched = table.struct("runtime.schedt").orElseThrow();
        StructLayout g = table.struct("runtime.g").orElseThrow();
        Long goroutines = found.get("runtime.allgs");
        Long threads = found.get("runtime.allm");
        if (goroutines == null || threads == null) {
            return Verdict.NO;
        }
        long highest = 0;
        long array = reader.word(goroutines);
        for (long i = 0; i < Math.min(reader.word(goroutines + 8), SAMPLE); i++) {
            highest = Math.max(highest, reader.word(reader.word(array + 8 * i) + g.offset("goid")));
        }
        long numbered = reader.word(address + sched.offset("mnext"));
        int most = reader.i32(address + sched.offset("maxmcount"));
        int idle = reader.i32(address + sched.offset("nmidle"));
        boolean is = reader.word(address + sched.offset("goidgen")) >= highest
                && numbered >= threads(threads)
                && numbered <= MOST_THREADS
                && most > 0
                && idle >= 0
                && idle <= numbered;
        return !is ? Verdict.NO : most == DEFAULT_MOST_THREADS ? Verdict.PROVEN : Verdict.LIKELY;
    }

    /** A goroutine that never runs, with a stack of 16 KiB on which the program can crash (since Go 1.22). */
    boolean isCrashStack(long address) {
        StructLayout g = table.struct("runtime.g").orElseThrow();
        long low = reader.word(address + g.offset("stack.lo"));
        return low != 0
                && reader.word(address + g.offset("stack.hi")) - low == CRASH_STACK
                && reader.word(address + g.offset("stackguard0")) == low + CRASH_GUARD;
    }
}
