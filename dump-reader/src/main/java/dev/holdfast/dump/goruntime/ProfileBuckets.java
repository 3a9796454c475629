package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.ProfileBucket.Counts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The runtime's counts of allocations, blocking and lock contention by call stack, in its own order; immutable.
 *
 * <p>Counts of the memory profile ripen: an allocation counts for the collection after next, a free for the one before, so
 * that what is published is one consistent moment. Three cycles wait in a ring behind what is published (runtime/mprof.go).
 * About 100 bytes a bucket and 8 a frame.
 */
public final class ProfileBuckets {
    /** What was counted. */
    public enum Kind {
        /** Allocations that are in use or were. */
        MEMORY("runtime.mbuckets", 1),
        /** Waiting of goroutines. */
        BLOCK("runtime.bbuckets", 2),
        /** Making others wait for a lock. */
        MUTEX("runtime.xbuckets", 3);

        private final String list;
        private final int number;

        Kind(String list, int number) {
            this.list = list;
            this.number = number;
        }
    }

    /** The runtime itself refuses deeper stacks; it adds two for frames that it skips. */
    private static final int DEEPEST_STACK = 1024 + 8;

    /** Thousands are usual; with 64 bytes each these were 4 GB of profile. */
    private static final int MOST_BUCKETS = 1 << 26;

    private final GoProgram program;
    private final MemoryReader reader;
    private final List<ProfileBucket> memory;
    private final List<ProfileBucket> block;
    private final List<ProfileBucket> mutex;

    /**
     * Reads all buckets. What is damaged or missing is left out and counted as a loss.
     *
     * @param now whether to count what is not published yet
     */
    public ProfileBuckets(GoProgram program, boolean now) {
        this.program = program;
        this.reader = program.reader();
        memory = memory(now);
        block = read(Kind.BLOCK, now);
        mutex = read(Kind.MUTEX, now);
    }

    /** The buckets of a profile in the runtime's order, the newest stack first. */
    public List<ProfileBucket> of(Kind kind) {
        return kind == Kind.MEMORY ? memory : kind == Kind.BLOCK ? block : mutex;
    }

    private List<ProfileBucket> memory(boolean now) {
        List<ProfileBucket> found = read(Kind.MEMORY, now);
        if (now || found.stream().anyMatch(b -> b.allocations() != 0 || b.inUse() != 0)) {
            return found;
        }
        // Nothing is published before the second collection ends: then the runtime itself serves all cycles.
        return read(Kind.MEMORY, true);
    }

    private List<ProfileBucket> read(Kind kind, boolean now) {
        List<ProfileBucket> found = new ArrayList<>();
        RuntimeLayout layout = program.layout();
        if (!layout.hasAddress(kind.list) || !layout.hasStruct("runtime.bucket")) {
            return found;
        }
        StructLayout bucket = layout.struct("runtime.bucket");
        Set<Long> seen = new HashSet<>();
        try {
            long at = reader.word(layout.address(kind.list));
            while (at != 0) {
                long length = reader.word(at + bucket.offset("nstk"));
                if (reader.word(at + bucket.offset("typ")) != kind.number
                        || length < 0
                        || length > DEEPEST_STACK
                        || !seen.add(at)
                        || seen.size() > MOST_BUCKETS) {
                    damaged(at);
                    break;
                }
                int frames = (int) length;
                long[] stack = new long[frames];
                for (int i = 0; i < frames; i++) {
                    stack[i] = reader.word(at + bucket.size() + 8L * i);
                }
                long size = reader.word(at + bucket.offset("size"));
                long record = at + bucket.size() + 8L * frames;
                Counts counts = kind == Kind.MEMORY ? memoryCounts(record, size, now) : waitCounts(record);
                found.add(new ProfileBucket(at, size, stack, counts));
                at = reader.word(at + bucket.offset("allnext"));
            }
        } catch (MissingMemoryException e) {
            damaged(e.address());
        } catch (UnknownLayoutException e) {
            program.warnings().loss("profile-layout", -1, "profile not read: " + e.getMessage(), 1);
        }
        return found;
    }

    private void damaged(long address) {
        program.warnings().loss("profile-damaged", address, "lists of profile buckets break off", 1);
    }

    private Counts memoryCounts(long record, long size, boolean now) {
        StructLayout layout = program.layout().struct("runtime.memRecord");
        StructLayout cycle = program.layout().struct("runtime.memRecordCycle");
        Counts counts = cycle(record + layout.offset("active"), cycle, size);
        int cycles = (int) (layout.width("future") / cycle.size());
        long current = currentCycle();
        for (int i = 0; i < cycles; i++) {
            // The cycle that the last collection ended is published as soon as somebody reads the profile.
            if (now || current >= 0 && i == current % cycles) {
                counts = counts.plus(cycle(record + layout.offset("future") + i * cycle.size(), cycle, size));
            }
        }
        return counts;
    }

    private Counts cycle(long at, StructLayout layout, long size) {
        long allocations = reader.word(at + layout.offset("allocs"));
        long frees = reader.word(at + layout.offset("frees"));
        if (!layout.has("alloc_bytes")) {
            // Since Go 1.27 bytes are the bucket's size times the count.
            return new Counts(allocations, frees, allocations * size, frees * size, 0, 0);
        }
        return new Counts(
                allocations,
                frees,
                reader.word(at + layout.offset("alloc_bytes")),
                reader.word(at + layout.offset("free_bytes")),
                0,
                0);
    }

    /** Number of the heap profile's cycle, or -1 where unknown. */
    private long currentCycle() {
        RuntimeLayout layout = program.layout();
        if (layout.hasAddress("runtime.mProfCycle")) {
            // The lowest bit says whether it was published already.
            return reader.u32(layout.address("runtime.mProfCycle")) >>> 1;
        }
        // Up to Go 1.18 a structure without a name, of which the cycle is the first field.
        if (layout.hasAddress("runtime.mProf")) {
            return reader.u32(layout.address("runtime.mProf"));
        }
        return -1;
    }

    private Counts waitCounts(long record) {
        StructLayout layout = program.layout().struct("runtime.blockRecord");
        double events = Double.longBitsToDouble(reader.word(record + layout.offset("count")));
        return new Counts(0, 0, 0, 0, events, reader.word(record + layout.offset("cycles")));
    }
}
