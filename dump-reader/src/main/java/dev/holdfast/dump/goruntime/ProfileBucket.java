package dev.holdfast.dump.goruntime;

/**
 * What the runtime counted for one call stack (of the memory profile: and one size); immutable.
 *
 * <p>Numbers are as counted: of the memory profile samples, not what they stand for.
 */
public final class ProfileBucket {
    private final long address;
    private final long size;
    private final long[] stack;
    private final Counts counts;

    /**
     * Numbers of a bucket.
     *
     * @param allocations memory: sampled allocations
     * @param frees memory: how many of them were freed
     * @param allocatedBytes memory: bytes of the allocations
     * @param freedBytes memory: bytes of those freed
     * @param events block and mutex: how often; estimated by the runtime
     * @param ticks block and mutex: how long, in ticks of the processor's counter
     */
    record Counts(long allocations, long frees, long allocatedBytes, long freedBytes, double events, long ticks) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

        Counts plus(Counts other) {
            return new Counts(
                    allocations + other.allocations,
                    frees + other.frees,
                    allocatedBytes + other.allocatedBytes,
                    freedBytes + other.freedBytes,
                    events + other.events,
                    ticks + other.ticks);
        }
    }

    /** Takes ownership of the stack. */
    ProfileBucket(long address, long size, long[] stack, Counts counts) {
        this.address = address;
        this.size = size;
        this.stack = stack;
        this.counts = counts;
    }

    /** Where the runtime keeps it, its identity. */
    public long address() {
        return address;
    }

    /** Memory: bytes of each of the objects as asked for. */
    public long size() {
        return size;
    }

    /** Return addresses, leaf first; not a copy. */
    long[] stack() {
        return stack;
    }

    /** Memory: sampled allocations. */
    public long allocations() {
        return counts.allocations;
    }

    /** Memory: bytes of the sampled allocations. */
    public long allocatedBytes() {
        return counts.allocatedBytes;
    }

    /** Memory: sampled allocations that were not freed. */
    public long inUse() {
        return counts.allocations - counts.frees;
    }

    /** Memory: bytes of the sampled allocations that were not freed. */
    public long inUseBytes() {
        return counts.allocatedBytes - counts.freedBytes;
    }

    /** Block and mutex: how often, rounded down. */
    public long events() {
        return (long) counts.events;
    }

    /** Block and mutex: how long, in ticks of the processor's counter. */
    public long ticks() {
        return counts.ticks;
    }
}
