package dev.holdfast.dump.elf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a dumped process in layers: the core over the files it had mapped over zeros; immutable and thread-safe.
 *
 * <p>What no layer has is missing, a third state beside zeros and contents: reading it throws
 * {@link MissingMemoryException}. Contents stay in the mapped files; the image itself costs about 100 bytes a region.
 */
public final class MemoryImage {
    /** Regions do not overlap and ascend unsigned. */
    private final Region[] regions;

    /** Starts of the regions, shifted so that signed order is unsigned order. */
    private final long[] starts;

    /**
     * Contiguous memory of at most 2^30 bytes.
     *
     * @param start its first address
     * @param bytes its contents, little-endian, from index 0
     */
    record Region(long start, ByteBuffer bytes) {
        int length() {
            return bytes.capacity();
        }
    }

    /** Memory of these regions, which must ascend and not overlap. */
    MemoryImage(List<Region> regions) {
        this.regions = regions.toArray(Region[]::new);
        this.starts = new long[this.regions.length];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = this.regions[i].start() ^ Long.MIN_VALUE;
        }
    }

    /** A reader for one thread. */
    public MemoryReader reader() {
        return new MemoryReader(this);
    }

    @Nullable
    Region regionAt(long address) {
        int found = Arrays.binarySearch(starts, address ^ Long.MIN_VALUE);
        int at = found >= 0 ? found : -found - 2;
        if (at < 0) {
            return null;
        }
        Region region = regions[at];
        return address - region.start() < region.length() ? region : null;
    }
}
