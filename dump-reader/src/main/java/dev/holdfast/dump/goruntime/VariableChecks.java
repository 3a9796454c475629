package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Whether memory holds what a variable of the runtime holds.
 *
 * <p>How much that says differs: some contents are proof by themselves, others only exclude most of what is wrong. Checks
 * may use variables that were found before.
 */
final class VariableChecks {
    /** How sure contents make it. */
    enum Verdict {
        /** It is something else. */
        NO,
        /** A number that fits, as many do: all clues have to agree, and at least two. */
        FITS,
        /** A structure that fits: at least two clues have to agree, and most of them. */
        LIKELY,
        /** Nothing else has these contents. */
        PROVEN
    }

    private static final int LONGEST_NAME = 64;
    private static final int MANY = 1 << 20;
    private static final int SAMPLE = 16;

    /** Go's profiles have never had deeper stacks (runtime.maxProfStackDepth). */
    private static final long DEEPEST = 1024;

    private final MemoryReader reader;
    private final LayoutTable table;
    private final ModuleData module;
    private final GoVersion version;
    private final HeapChecks heap;
    private final SchedulerChecks scheduler;

    VariableChecks(
            MemoryReader reader, LayoutTable table, ModuleData module, GoVersion version, Map<String, Long> found) {
        this.reader = reader;
        this.table = table;
        this.module = module;
        this.version = version;
        this.heap = new HeapChecks(reader, table, found);
        this.scheduler = new SchedulerChecks(reader, table, found);
    }

    /** What the memory at an address says about its being the variable. */
    Verdict of(String variable, long address) {
        switch (variable) {
            case "runtime.mheap_":
                return proven(heap.isHeap(address));
            case "runtime.memstats":
                return heap.statistics(address);
            case "runtime.gcController":
                return heap.controller(address);
            case "runtime.work":
                return heap.collector(address) ? Verdict.LIKELY : Verdict.NO;
            case "runtime.allgs":
                return proven(scheduler.isGoroutines(address));
            case "runtime.allglen":
                return fits(scheduler.isGoroutineField(address, 8));
            case "runtime.allgptr":
                return fits(scheduler.isGoroutineField(address, 0));
            case "runtime.allm":
                return scheduler.isThreads(address) ? Verdict.LIKELY : Verdict.NO;
            case "runtime.m0":
                return proven(scheduler.isFirstThread(address));
            case "runtime.allp":
                return proven(scheduler.isProcessors(address));
            case "runtime.sched":
                return scheduler.scheduler(address);
            case "runtime.gomaxprocs":
                return scheduler.isProcessorCount(address) ? Verdict.LIKELY : Verdict.NO;
            case "runtime.mbuckets":
                return buckets(address, 1);
            case "runtime.bbuckets":
                return buckets(address, 2);
            case "runtime.xbuckets":
                return buckets(address, 3);
            case "runtime.waitReasonStrings":
                return proven(isReasons(address));
            case "runtime.buildVersion":
                return proven(text(address, LONGEST_NAME * 4).equals(version.text()));
            case "runtime.class_to_size":
                return proven(reader.word(address) == 0x0018_0010_0008_0000L);
            case "runtime.modulesSlice":
                return proven(isModules(address));
            case "runtime.envs":
                return isEnvironment(address) ? Verdict.LIKELY : Verdict.NO;
            case "runtime.physPageSize":
                long size = reader.word(address);
                return size >= 4096 && size <= 65536 && Long.bitCount(size) == 1 ? Verdict.LIKELY : Verdict.NO;
            case "runtime.itabTable":
                return isInterfaceTable(address) ? Verdict.LIKELY : Verdict.NO;
            case "runtime.godebugDefault":
                return text(address, MANY).indexOf('=') > 0 ? Verdict.LIKELY : Verdict.NO;
            case "runtime.ticks":
                return fits(reader.i32(address) >= 0);
            case "runtime.stackLarge":
                return isLargeStacks(address) ? Verdict.LIKELY : Verdict.NO;
            case "runtime.gcrash":
                return proven(scheduler.isCrashStack(address));
            case "runtime.gcCleanups":
                return fits(pointerOrNull(address
                        + table.struct("runtime.cleanupQueue")
                                .map(queue -> queue.offset("all", 0))
                                .orElse(0)));
            default:
                return fits(isSmall(variable, address));
        }
    }

    private static Verdict proven(boolean is) {
        return is ? Verdict.PROVEN : Verdict.NO;
    }

    private static Verdict fits(boolean is) {
        return is ? Verdict.FITS : Verdict.NO;
    }

    private boolean isSmall(String variable, long address) {
        switch (variable) {
            case "runtime.allfin":
            case "runtime.finq":
            case "runtime.fing":
                return pointerOrNull(address);
            case "runtime.fingStatus":
                return reader.u32(address) < 16;
            case "runtime.gcphase":
                return reader.u32(address) <= 2;
            case "runtime.gcBlackenEnabled":
                return reader.u32(address) <= 1;
            case "runtime.panicking":
                return reader.u32(address) <= MANY;
            case "runtime.ncpu":
            case "runtime.numCPUStartup":
                return reader.i32(address) >= 1 && reader.i32(address) <= MANY;
            case "runtime.MemProfileRate":
            case "runtime.blockprofilerate":
            case "runtime.mutexprofilerate":
                return reader.word(address) >= 0;
            default:
                return true;
        }
    }

    private boolean pointerOrNull(long address) {
        long value = reader.word(address);
        return value == 0 || (value & 7) == 0 && reader.readable(value, 8);
    }

    /** A list of profile records: none, or each of the type that it should be and with program counters in the code. */
    private Verdict buckets(long address, long type) {
        StructLayout bucket = table.struct("runtime.bucket").orElseThrow();
        long at = reader.word(address);
        if (at == 0) {
            return Verdict.FITS;
        }
        for (int i = 0; i < 16 && at != 0; i++) {
            if (!reader.readable(at, bucket.size() + 8)
                    || reader.word(at + bucket.offset("typ")) != type
                    || Long.compareUnsigned(reader.word(at + bucket.offset("nstk")), DEEPEST) > 0) {
                return Verdict.NO;
            }
            at = reader.word(at + bucket.offset("allnext"));
        }
        return Verdict.PROVEN;
    }

    /** The names of what goroutines wait for: the third has been the same ever since they were named. */
    private boolean isReasons(long address) {
        long count = table.variableSize("runtime.waitReasonStrings") / 16;
        for (int i = 1; i < count; i++) {
            String reason = text(address + 16L * i, LONGEST_NAME);
            if (reason.isEmpty() && i < 8) {
                return false;
            }
        }
        return count > 4
                && reader.word(address + 8) == 0
                && text(address + 16, LONGEST_NAME).equals("GC assist marking")
                && text(address + 32, LONGEST_NAME).equals("IO wait");
    }

    private boolean isModules(long address) {
        long slice = reader.word(address);
        return slice != 0
                && reader.readable(slice, 24)
                && reader.word(slice + 8) > 0
                && reader.word(slice + 8) <= reader.word(slice + 16)
                && reader.readable(reader.word(slice), 8)
                && reader.word(reader.word(slice)) == module.address();
    }

    /** Lists of free spans by size: each empty, or with a first and a last. */
    private boolean isLargeStacks(long address) {
        long lock = table.struct("runtime.mutex").map(StructLayout::size).orElse(8L);
        for (long at = lock; at < table.variableSize("runtime.stackLarge"); at += 16) {
            long first = reader.word(address + at);
            long last = reader.word(address + at + 8);
            if ((first == 0) != (last == 0) || first != 0 && !reader.readable(first, 8)) {
                return false;
            }
        }
        return true;
    }

    private boolean isEnvironment(long address) {
        long array = reader.word(address);
        long count = reader.word(address + 8);
        if (count < 0 || count > MANY || count > reader.word(address + 16)) {
            return false;
        }
        for (long i = 0; i < Math.min(count, SAMPLE); i++) {
            if (text(array + 16 * i, MANY).isEmpty()) {
                return false;
            }
        }
        return count > 0;
    }

    private boolean isInterfaceTable(long address) {
        long at = reader.word(address);
        if (at == 0 || !reader.readable(at, 24)) {
            return false;
        }
        long size = reader.word(at);
        long count = reader.word(at + 8);
        return size >= 512
                && Long.bitCount(size) == 1
                && count > 0
                && count <= size
                && reader.readable(at, 16 + 8 * size);
    }

    /** The text of a Go string, empty if there is none. */
    private String text(long address, int longest) {
        long length = reader.word(address + 8);
        long at = reader.word(address);
        if (length <= 0 || length > longest || !reader.readable(at, length)) {
            return "";
        }
        return new String(reader.bytes(at, (int) length), StandardCharsets.UTF_8);
    }
}
