package dev.holdfast.dump.elf;

import dev.holdfast.dump.Warnings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lays a core over its executable over the other files it had mapped.
 *
 * <p>Of files only what the process could not write counts: a writable page that was not dumped would show initial values
 * that the program replaced long ago, so it is missing. What the loader wrote once and then protected (RELRO) can be had
 * from the file again.
 */
final class ImageBuilder {
    private static final int GNU_RELRO = 0x6474e552;

    /** A forged list of files must not have us look for millions. */
    private static final int MAX_FILES = 4096;

    private final Warnings warnings;
    private boolean started = true;
    private final MemoryLayers layers = new MemoryLayers();
    private final Map<MemoryLayers.Part, ByteBuffer> copies = new HashMap<>();

    ImageBuilder(Warnings warnings) {
        this.warnings = warnings;
    }

    MemoryImage build() {
        return new MemoryImage(layers.regions(copies));
    }

    /** What the core has. */
    void core(ElfFile core) {
        MappedFile file = core.file();
        double claimed = 0;
        long missing = 0;
        for (ElfFile.Segment segment : core.segments()) {
            if (segment.type() != ElfFile.SEGMENT_LOAD || segment.fileSize() == 0) {
                continue;
            }
            long length = segment.fileSize();
            if (length < 0
                    || Long.compareUnsigned(length, segment.memorySize()) > 0
                    || Long.compareUnsigned(segment.address() + length - 1, segment.address()) < 0) {
                warnings.loss(
                        "core-segment",
                        segment.offset(),
                        "a segment at 0x" + Long.toHexString(segment.address()) + " contradicts itself",
                        1);
                continue;
            }
            long there = file.has(segment.offset(), 0) ? Math.min(length, file.size() - segment.offset()) : 0;
            claimed += length;
            missing = saturated(missing, length - there);
            if (there > 0) {
                layers.add(new MemoryLayers.Part(segment.address(), there, file, segment.offset(), false));
            }
        }
        if (missing > 0) {
            warnings.loss(
                    "core-truncated",
                    file.size(),
                    String.format(
                            Locale.ROOT,
                            "the core is cut off: %.1f%% of the dumped memory is missing",
                            100 * missing / claimed),
                    missing);
        }
    }

    /** What of the executable the core does not have. */
    void executable(ElfFile executable, long bias) throws IOException {
        long lost = file(executable, bias);
        warnings.loss("writable-not-dumped", -1, "memory the program could write is not in the core", lost);
    }

    /** All that the file of a program has, which has not started. */
    void program(ElfFile executable, long bias) throws IOException {
        started = false;
        file(executable, bias);
    }

    /** What of shared objects the core does not have, where the very files are still there. */
    void sharedObjects(CoreFile core, @Nullable ElfFile executable, long bias, @Nullable Path base, MemoryReader seen)
            throws IOException {
        Set<String> done = new HashSet<>();
        for (CoreFile.FileMapping mapping : core.files()) {
            if (mapping.offset() != 0 || !done.add(mapping.name())) {
                continue;
            }
            if (done.size() > MAX_FILES) {
                return;
            }
            if (executable != null && mapping.start() == bias + ExecutableMatch.firstAddress(executable)) {
                continue;
            }
            ElfFile object = open(mapping.name(), base);
            if (object == null || object.isCore() || executable != null && object.machine() != executable.machine()) {
                continue;
            }
            long objectBias = mapping.start() - ExecutableMatch.firstAddress(object);
            if (BuildIds.sameInMemory(object, objectBias, seen)) {
                file(object, objectBias);
            }
        }
    }

    private static @Nullable ElfFile open(String name, @Nullable Path base) {
        try {
            Path path = base == null
                    ? Path.of(name)
                    : base.toAbsolutePath().resolve(name.startsWith("/") ? name.substring(1) : name);
            // Not of devices, and nothing that is not an ELF file by its first bytes.
            return path.isAbsolute() && Files.isRegularFile(path) ? ElfFile.open(path) : null;
        } catch (IOException | InvalidPathException e) {
            // Gone, replaced or unreadable here: its memory stays missing.
            return null;
        }
    }

    /** Adds what may be taken of a file; returns how many writable bytes nobody has. */
    private long file(ElfFile elf, long bias) throws IOException {
        Relocations relocations = new Relocations(elf, bias);
        long lost = 0;
        for (ElfFile.Segment segment : elf.segments()) {
            if (segment.type() != ElfFile.SEGMENT_LOAD || segment.memorySize() == 0) {
                continue;
            }
            long memory = segment.memorySize();
            if (Long.compareUnsigned(segment.fileSize(), memory) > 0
                    || memory < 0
                    || !elf.file().has(segment.offset(), segment.fileSize())
                    || Long.compareUnsigned(bias + segment.address() + memory - 1, bias + segment.address()) < 0) {
                throw elf.file()
                        .wrong(
                                segment.offset(),
                                "segment at 0x" + Long.toHexString(segment.address())
                                        + " contradicts itself or is cut off");
            }
            for (long[] range : takeable(elf, segment)) {
                add(elf, bias, segment, range, relocations);
            }
            if (segment.writable()) {
                for (long[] gap : layers.free(bias + segment.address(), memory)) {
                    lost = saturated(lost, gap[1]);
                }
            }
        }
        return lost;
    }

    /** Addresses as linked whose contents cannot have changed since the program started. */
    private List<long[]> takeable(ElfFile elf, ElfFile.Segment segment) {
        if (!segment.writable() || !started) {
            return List.of(new long[] {segment.address(), segment.fileSize()});
        }
        for (ElfFile.Segment relro : elf.segments()) {
            if (relro.type() == GNU_RELRO) {
                long from = relro.address() - segment.address();
                if (from >= 0 && from < segment.fileSize() && relro.memorySize() > 0) {
                    return List.of(
                            new long[] {relro.address(), Math.min(relro.memorySize(), segment.fileSize() - from)});
                }
            }
        }
        return List.of();
    }

    private void add(ElfFile elf, long bias, ElfFile.Segment segment, long[] range, Relocations relocations)
            throws IOException {
        long step = MappedFile.MAX_SLICE;
        for (long done = 0; done < range[1]; done += step) {
            long address = range[0] + done;
            long length = Math.min(step, range[1] - done);
            boolean changed = elf.isPositionIndependent() && relocations.touches(address, length);
            MemoryLayers.Part whole = new MemoryLayers.Part(
                    bias + address, length, elf.file(), segment.offset() + (address - segment.address()), changed);
            List<MemoryLayers.Part> placed = layers.add(whole);
            if (changed && !placed.isEmpty()) {
                ByteBuffer copy = relocations.apply(whole);
                for (MemoryLayers.Part part : placed) {
                    int from = (int) (part.start() - whole.start());
                    copies.put(part, copy.slice(from, (int) part.length()).order(ByteOrder.LITTLE_ENDIAN));
                }
            }
        }
    }

    private static long saturated(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
