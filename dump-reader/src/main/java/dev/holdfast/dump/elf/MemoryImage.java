package dev.holdfast.dump.elf;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.Warnings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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

    /**
     * Puts the memory of a process together: the core over its executable (moved by the bias, with the loader's relocations)
     * over other files that were mapped, where the same files are still there.
     *
     * @param core its memory
     * @param notes its mapped files
     * @param executable the program, or null
     * @param bias what its addresses are moved by
     * @param base folder below which mapped files are looked for, or null for their own names
     * @param warnings takes what is missing: {@code core-truncated}, {@code writable-not-dumped}
     * @throws DumpFormatException if the executable contradicts itself
     */
    public static MemoryImage of(
            ElfFile core,
            CoreFile notes,
            @Nullable ElfFile executable,
            long bias,
            @Nullable Path base,
            Warnings warnings)
            throws IOException {
        ImageBuilder builder = new ImageBuilder(warnings);
        builder.core(core);
        MemoryReader dumped = builder.build().reader();
        if (executable != null) {
            builder.executable(executable, bias);
        }
        builder.sharedObjects(notes, executable, bias, base, dumped);
        return builder.build();
    }

    /** Memory of a program as it is before it starts, moved by a bias: what its file has, with the loader's relocations. */
    public static MemoryImage ofProgram(ElfFile executable, long bias) throws IOException {
        ImageBuilder builder = new ImageBuilder(new Warnings());
        builder.program(executable, bias);
        return builder.build();
    }

    /** This memory and more beside it: contents by their first address; what would overlap is left out. */
    public MemoryImage with(SortedMap<Long, ByteBuffer> pieces) {
        TreeMap<Long, Region> all = new TreeMap<>(Long::compareUnsigned);
        for (Region region : regions) {
            all.put(region.start(), region);
        }
        pieces.forEach((start, bytes) -> {
            Region piece = new Region(start, bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
            Map.Entry<Long, Region> below = all.floorEntry(start + piece.length() - 1);
            boolean free = below == null
                    || Long.compareUnsigned(below.getKey() + below.getValue().length() - 1, start) < 0;
            if (piece.length() > 0 && free) {
                all.put(start, piece);
            }
        });
        return new MemoryImage(List.copyOf(all.values()));
    }

    /** Only what the core has, without a word about what it lacks. */
    static MemoryImage ofCore(ElfFile core) {
        ImageBuilder builder = new ImageBuilder(new Warnings());
        builder.core(core);
        return builder.build();
    }

    /** A reader for one thread. */
    public MemoryReader reader() {
        return new MemoryReader(this);
    }

    /** How many contiguous pieces it has. */
    public int regionCount() {
        return regions.length;
    }

    /** Start of the region of that number, in ascending (unsigned) order. */
    public long regionStart(int region) {
        return regions[region].start();
    }

    /** Bytes of the region of that number. */
    public long regionLength(int region) {
        return regions[region].length();
    }

    @Nullable
    Region regionAt(long address) {
        int found = Arrays.binarySearch(starts, address ^ Long.MIN_VALUE);
        int at = found >= 0 ? found : -found - 2;
        if (at < 0) {
            return null;
        }
        Region region = regions[at];
        return Long.compareUnsigned(address - region.start(), region.length()) < 0 ? region : null;
    }
}
