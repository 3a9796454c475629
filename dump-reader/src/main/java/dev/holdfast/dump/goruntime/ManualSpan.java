package dev.holdfast.dump.goruntime;

/**
 * A span that the runtime manages itself: stacks, work buffers of the collector.
 *
 * @param base its lowest address
 * @param bytes of the span
 * @param elementSize of a place in it; a span of small stacks is divided, others are one place
 * @param allocated places that are not free, as the runtime counts them where it divides the span
 */
public record ManualSpan(long base, long bytes, long elementSize, long allocated) {
    /** Whether it is divided into places for small stacks; nothing else is. */
    public boolean divided() {
        return elementSize > 0 && elementSize < bytes;
    }

    /** Free places of a divided span. */
    public long free() {
        long places = bytes / elementSize;
        return Math.max(0, places - allocated);
    }
}
