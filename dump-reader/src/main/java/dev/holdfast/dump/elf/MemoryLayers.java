package dev.holdfast.dump.elf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts memory together from ranges of files: what is added first wins, later ranges fill what is left. Belongs to one
 * thread; about 150 bytes a range.
 */
final class MemoryLayers {
    /** Ranges by start, which never overlap. */
    private final TreeMap<Long, Part> parts = new TreeMap<>(Long::compareUnsigned);

    /**
     * Addresses and where their bytes are.
     *
     * @param source holds them
     * @param offset of the first in the source
     */
    record Part(long start, long length, MappedFile source, long offset, boolean relocated) {
        /** The last address, since the end may be 2^64. */
        long last() {
            return start + length - 1;
        }

        Part cut(long from, long count) {
            return new Part(from, count, source, offset + (from - start), relocated);
        }

        boolean continues(Part before) {
            return source == before.source
                    && start == before.start + before.length
                    && offset == before.offset + before.length
                    && !relocated
                    && !before.relocated;
        }
    }

    /** Adds what of the range is still free and returns those parts. */
    List<Part> add(Part range) {
        List<Part> free = free(range.start(), range.length()).stream()
                .map(gap -> range.cut(gap[0], gap[1]))
                .toList();
        for (Part part : free) {
            parts.put(part.start(), part);
        }
        return free;
    }

    /** Start and length of each run of addresses in the range that no part has. The range must not wrap around. */
    List<long[]> free(long start, long length) {
        List<long[]> gaps = new ArrayList<>();
        if (length == 0) {
            return gaps;
        }
        long last = start + length - 1;
        long at = start;
        Map.Entry<Long, Part> before = parts.floorEntry(start);
        Map.Entry<Long, Part> next = before == null ? parts.ceilingEntry(start) : before;
        while (next != null && Long.compareUnsigned(next.getKey(), last) <= 0) {
            Part part = next.getValue();
            if (Long.compareUnsigned(part.last(), at) >= 0) {
                if (Long.compareUnsigned(part.start(), at) > 0) {
                    gaps.add(new long[] {at, part.start() - at});
                }
                if (Long.compareUnsigned(part.last(), last) >= 0) {
                    return gaps;
                }
                at = part.last() + 1;
            }
            next = parts.higherEntry(next.getKey());
        }
        gaps.add(new long[] {at, last - at + 1});
        return gaps;
    }

    /**
     * The memory, neighbours that are neighbours in their file too joined, and none longer than a buffer can be.
     *
     * @param copies contents of the parts that had to be changed
     */
    List<MemoryImage.Region> regions(Map<Part, ByteBuffer> copies) {
        List<MemoryImage.Region> regions = new ArrayList<>();
        Part open = null;
        for (Part part : parts.values()) {
            if (open != null && part.continues(open)) {
                open = new Part(open.start(), open.length() + part.length(), open.source(), open.offset(), false);
                continue;
            }
            emit(open, copies, regions);
            open = part;
        }
        emit(open, copies, regions);
        return regions;
    }

    private static void emit(@Nullable Part part, Map<Part, ByteBuffer> copies, List<MemoryImage.Region> regions) {
        if (part == null) {
            return;
        }
        ByteBuffer copy = copies.get(part);
        if (copy != null) {
            regions.add(new MemoryImage.Region(part.start(), copy));
            return;
        }
        for (long done = 0; done < part.length(); done += MappedFile.MAX_SLICE) {
            long length = Math.min(part.length() - done, MappedFile.MAX_SLICE);
            regions.add(
                    new MemoryImage.Region(part.start() + done, part.source().slice(part.offset() + done, length)));
        }
    }
}
