package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.dump.RecordedProfile.Location;
import dev.holdfast.dump.RecordedProfile.Measure;
import dev.holdfast.dump.RecordedProfile.Sample;
import dev.holdfast.dump.dwarf.Dwarf;
import dev.holdfast.dump.dwarf.DwarfType;
import dev.holdfast.dump.dwarf.DwarfVariable;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.pclntab.FunctionTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The heap, block and mutex profiles with the samples, values and labels that the program's own endpoint would have served
 * (runtime/pprof/protomem.go, pprof.go). Not thread-safe.
 */
public final class RecordedProfiles {
    private static final Measure COUNT = new Measure("contentions", "count");

    /** Up to Go 1.18 {@code runtime.ticks} is a structure without a name: a lock, 4 bytes twice, the number. */
    private static final int UNNAMED_TICKS = 16;

    private static final int USUAL_DEPTH = 128;
    private static final int DEEPEST = 1024;

    private final GoProgram program;
    private final ProfileBuckets buckets;
    private final RecordedStacks stacks;

    /** Of a program's buckets. */
    public RecordedProfiles(GoProgram program, ProfileBuckets buckets, FunctionTable functions) {
        this.program = program;
        this.buckets = buckets;
        this.stacks = new RecordedStacks(functions, program.version());
    }

    /** Those that have anything to say: heap, block, mutex. */
    public List<RecordedProfile> all() {
        List<RecordedProfile> found = new ArrayList<>(3);
        if (!buckets.of(ProfileBuckets.Kind.MEMORY).isEmpty()) {
            found.add(heap());
        }
        for (ProfileBuckets.Kind kind : List.of(ProfileBuckets.Kind.BLOCK, ProfileBuckets.Kind.MUTEX)) {
            if (!buckets.of(kind).isEmpty()) {
                found.add(waiting(kind));
            }
        }
        return List.copyOf(found);
    }

    private RecordedProfile heap() {
        long rate = variable("runtime.MemProfileRate", 8, 512 * 1024);
        // Since Go 1.27 a bucket has a size and counts; before, sums of sizes, of which the writer made averages.
        boolean bySize = program.version().atLeast(27);
        List<Sample> samples = new ArrayList<>();
        for (ProfileBucket bucket : buckets.of(ProfileBuckets.Kind.MEMORY)) {
            long[] allocated = scaled(bucket.allocations(), bucket.allocatedBytes(), rate);
            long[] inUse = scaled(bucket.inUse(), bucket.inUseBytes(), rate);
            long blockSize = bySize
                    ? bucket.size()
                    : bucket.allocations() > 0 ? bucket.allocatedBytes() / bucket.allocations() : 0;
            samples.add(new Sample(
                    stacks.ofAllocation(bucket.stack()),
                    List.of(allocated[0], allocated[1], inUse[0], inUse[1]),
                    Map.of(),
                    blockSize == 0 ? Map.of() : Map.of("bytes", blockSize)));
        }
        return new RecordedProfile(
                "heap",
                List.of(
                        new Measure("alloc_objects", "count"),
                        new Measure("alloc_space", "bytes"),
                        new Measure("inuse_objects", "count"),
                        new Measure("inuse_space", "bytes")),
                new Measure("space", "bytes"),
                rate,
                null,
                List.copyOf(samples));
    }

    /**
     * What sampled objects stand for: each was sampled with a probability of 1 - exp(-size/rate).
     *
     * <p>StrictMath, because a profile must not depend on the machine that makes it.
     */
    static long[] scaled(long count, long bytes, long rate) {
        if (count == 0 || bytes == 0) {
            return new long[] {0, 0};
        }
        if (rate <= 1) {
            return new long[] {count, bytes};
        }
        double size = (double) bytes / count;
        double scale = 1 / (1 - StrictMath.exp(-size / rate));
        return new long[] {(long) (count * scale), (long) (bytes * scale)};
    }

    private RecordedProfile waiting(ProfileBuckets.Kind kind) {
        boolean mutex = kind == ProfileBuckets.Kind.MUTEX;
        long perSecond = ticksPerSecond();
        // Up to Go 1.19 the writer scaled by the sampling of locks, since then the runtime does when it counts.
        long scale = mutex && !program.version().atLeast(20) ? variable("runtime.mutexprofilerate", 8, 1) : 1;
        boolean physical = program.version().atLeast(23);
        int depth = physical ? stackDepth() : 0;
        List<ProfileBucket> sorted = new ArrayList<>(buckets.of(kind));
        sorted.sort(Comparator.comparingLong(ProfileBucket::ticks).reversed());
        List<Sample> samples = new ArrayList<>();
        for (ProfileBucket bucket : sorted) {
            long events = mutex ? bucket.events() * scale : Math.max(1, bucket.events());
            long delay = perSecond == 0 ? bucket.ticks() * scale : (long) (bucket.ticks() / (perSecond / 1e9) * scale);
            List<Location> stack = physical ? stacks.ofPhysical(bucket.stack(), depth) : stacks.of(bucket.stack());
            samples.add(new Sample(stack, List.of(events, delay), Map.of(), Map.of()));
        }
        if (perSecond == 0) {
            program.warnings()
                    .note(
                            "ticks-unknown",
                            -1,
                            "the program had not measured its tick counter: delays of the block and mutex profiles are in"
                                    + " ticks",
                            1);
        }
        return new RecordedProfile(
                mutex ? "mutex" : "block",
                List.of(COUNT, new Measure("delay", perSecond == 0 ? "ticks" : "nanoseconds")),
                COUNT,
                1,
                null,
                List.copyOf(samples));
    }

    /** How fast the processor's counter runs, or 0 where the program had not found out. */
    private long ticksPerSecond() {
        RuntimeLayout layout = program.layout();
        long ticks = 0;
        if (layout.hasAddress("runtime.ticks")) {
            int offset = layout.hasStruct("runtime.ticksType")
                    ? layout.struct("runtime.ticksType").offset("val")
                    : UNNAMED_TICKS;
            try {
                ticks = program.reader().word(layout.address("runtime.ticks") + offset);
            } catch (MissingMemoryException e) {
                ticks = 0;
            }
        }
        if (ticks <= 0 && program.executable().machine() == ElfFile.Machine.ARM64) {
            // On Linux for 64-bit Arm the runtime's tick counter is the clock itself.
            return 1_000_000_000;
        }
        return Math.max(0, ticks);
    }

    /**
     * How many frames the writer shows after it has put in inlined calls ({@code GODEBUG=profstackdepth}). The variable is a
     * structure without a name, so only debugging information tells where the number is.
     */
    private int stackDepth() {
        Dwarf dwarf = program.dwarf();
        DwarfVariable settings = dwarf == null ? null : dwarf.global("runtime.debug");
        if (dwarf == null || settings == null) {
            return USUAL_DEPTH;
        }
        for (DwarfType.Field field : dwarf.type(settings.type()).fields()) {
            if (field.name().equals("profstackdepth")) {
                try {
                    int depth = program.reader().i32(settings.address() + program.bias() + field.offset());
                    return depth <= 0 ? USUAL_DEPTH : Math.min(depth, DEEPEST);
                } catch (MissingMemoryException e) {
                    return USUAL_DEPTH;
                }
            }
        }
        return USUAL_DEPTH;
    }

    private long variable(String name, int width, long otherwise) {
        RuntimeLayout layout = program.layout();
        if (!layout.hasAddress(name)) {
            return otherwise;
        }
        MemoryReader reader = program.reader();
        try {
            return reader.unsigned(layout.address(name), width);
        } catch (MissingMemoryException e) {
            return otherwise;
        }
    }
}
