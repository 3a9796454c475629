package dev.holdfast.report;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.gocore.GoCoreFormat;
import dev.holdfast.dump.goruntime.GoProgram;
import dev.holdfast.dump.goruntime.ModuleData;
import dev.holdfast.dump.goruntime.SpanTable;
import dev.holdfast.dump.gostack.Goroutine;
import dev.holdfast.dump.gostack.GoroutineTable;
import dev.holdfast.testkit.GoFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of a core and its program, in which a fuzzer's input changes words of what the runtime keeps: a whole core is too large
 * to be an input itself. The copy has fewer spans and goroutines than the core, and what its headers and debugging information
 * say is read once, as other fuzzers change those.
 *
 * <p>Twelve bytes a change: which area, how, which word (two bytes), and a value.
 */
final class PatchedCore {
    private static final int CHANGE = 12;
    private static final int MOST_CHANGES = 64;
    private static final int STACK = 2048;
    /** Of the table of semaphores: 251 lists, each in a line of the cache (runtime/sema.go). */
    private static final int SEMAPHORES = 251 * 64;

    /** So many of the core's spans, with some 3000 objects: a heap of all would take six times as long to open. */
    private static final int SPANS = 48;

    private static final int GOROUTINES = 16;

    private final GoProgram known;
    private final Path executable;
    private final MappedByteBuffer coreBytes;
    private final MappedByteBuffer executableBytes;
    private final List<Area> areas = new ArrayList<>();

    /** Words at an offset of a file, which lie at an address. */
    private record Area(MappedByteBuffer file, int offset, int words, long address) {}

    PatchedCore(GoFixture fixture) throws IOException {
        Path folder = Files.createTempDirectory("holdfast-fuzz");
        Path core = copy(fixture.core(), folder.resolve("core"));
        executable = copy(fixture.executable(), folder.resolve("exe"));
        folder.toFile().deleteOnExit();
        core.toFile().deleteOnExit();
        executable.toFile().deleteOnExit();
        coreBytes = map(core);
        executableBytes = map(executable);
        known = GoProgram.open(core, options(), new Warnings());
        cut(known, "runtime.mheap_", known.layout().struct("runtime.mheap").offset("allspans"), SPANS);
        cut(known, "runtime.allgs", 0, GOROUTINES);
        find(known);
    }

    /** Leaves of a slice of pointers as many as are wanted, evenly spread. */
    private void cut(GoProgram program, String variable, long offset, int wanted) {
        long slice = program.layout().address(variable) + offset;
        MemoryReader reader = program.reader();
        long list = reader.word(slice);
        long length = reader.word(slice + 8);
        for (int i = 0; i < Math.min(wanted, length); i++) {
            put(program, list + 8L * i, reader.word(list + 8 * (i * length / wanted)));
        }
        put(program, slice + 8, Math.min(wanted, length));
    }

    private void put(GoProgram program, long address, long value) {
        add(program, address, 8);
        Area area = areas.remove(areas.size() - 1);
        area.file.putLong(area.offset, value);
    }

    /** The heap of the core as it is now. */
    DumpFile open() throws IOException {
        return GoCoreFormat.open(known.again(new Warnings()), options());
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        to.toFile().setWritable(true);
        return to;
    }

    private static MappedByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            return bytes;
        }
    }

    private DumpOptions options() {
        return DumpOptions.DEFAULT.withThreads(1).withExecutable(executable);
    }

    /** How many areas there are. */
    int areas() {
        return areas.size();
    }

    /** Changes what the input says; {@link #undo} takes it back. */
    long[] change(byte[] input) {
        ByteBuffer in = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        int count = Math.min(input.length / CHANGE, MOST_CHANGES);
        long[] before = new long[count];
        for (int i = 0; i < count; i++) {
            int from = CHANGE * i;
            Area area = area(in, from);
            int at = at(in, from, area);
            before[i] = area.file.getLong(at);
            long value = in.getLong(from + 4);
            area.file.putLong(
                    at,
                    switch (in.get(from + 1) & 7) {
                        case 0 -> before[i] ^ value;
                        case 1 -> before[i] + (byte) value;
                        case 2 -> before[i] + 8L * (short) value;
                        case 3 -> word(value);
                        case 4 -> before[i] & 0xffffffff00000000L | value & 0xffffffffL;
                        case 5 -> before[i] & 0xffffffffL | value << 32;
                        default -> value;
                    });
        }
        return before;
    }

    /** The address of a word of an area, so that things can point to each other. */
    private long word(long value) {
        Area area = areas.get((int) (value & 0xff) % areas.size());
        return area.address + 8 * ((value >>> 8 & 0xffff) % area.words) + (value >>> 24 & 7);
    }

    void undo(byte[] input, long[] before) {
        ByteBuffer in = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = before.length - 1; i >= 0; i--) {
            Area area = area(in, CHANGE * i);
            area.file.putLong(at(in, CHANGE * i, area), before[i]);
        }
    }

    private Area area(ByteBuffer in, int from) {
        return areas.get((in.get(from) & 0xff) % areas.size());
    }

    private static int at(ByteBuffer in, int from, Area area) {
        return area.offset + 8 * ((in.getShort(from + 2) & 0xffff) % area.words);
    }

    private void find(GoProgram program) {
        MemoryReader reader = program.reader();
        GoroutineTable goroutines = new GoroutineTable(program, program.functions());
        long size = program.layout().struct("runtime.g").size();
        long record = program.layout().struct("runtime.sudog").size();
        long waiting = program.layout().struct("runtime.g").offset("waiting");
        for (Goroutine goroutine : goroutines.all()) {
            add(program, goroutine.address(), size);
            add(program, goroutine.stackHigh() - STACK, STACK);
            add(program, reader.word(goroutine.address() + waiting), record);
        }
        add(program, program.layout().address("runtime.semtable"), SEMAPHORES);
        for (String list : List.of("runtime.allgs", "runtime.allm", "runtime.allp")) {
            long address = program.layout().address(list);
            add(program, address, 24);
            add(program, reader.word(address), 512);
        }
        long heap = program.layout().address("runtime.mheap_");
        add(program, heap, program.layout().struct("runtime.mheap").size());
        SpanTable spans = SpanTable.read(program);
        for (int span = 0; span < spans.count(); span++) {
            add(program, spans.record(span), 160);
            add(program, spans.base(span), 512);
            if (spans.specials(span) != 0) {
                add(program, spans.specials(span), 64);
            }
        }
        for (ModuleData module : program.modules()) {
            add(program, module.address(), 600);
            add(program, module.code().pclntab(), 128);
            add(program, module.code().lookup(), 4096);
            add(program, module.code().functions(), 1 << 15);
            add(program, module.code().pcTables(), 1 << 15);
            add(program, module.code().functionData(), 1 << 15);
            add(program, module.types(), 1 << 16);
            add(program, module.dataMask(), 4096);
            add(program, module.data(), 4096);
            add(program, module.bss(), 4096);
        }
        for (String variable : List.of("runtime.mbuckets", "runtime.allfin", "runtime.memstats", "runtime.sched")) {
            if (program.layout().hasAddress(variable)) {
                add(program, program.layout().address(variable), 256);
                add(program, reader.word(program.layout().address(variable)), 1024);
            }
        }
    }

    /** What of these bytes is in the core, else in the program. */
    private void add(GoProgram program, long address, long bytes) {
        if (!add(program.file(), coreBytes, address, bytes)) {
            add(program.executable(), executableBytes, address - program.bias(), bytes);
        }
    }

    private boolean add(ElfFile file, MappedByteBuffer contents, long address, long bytes) {
        for (ElfFile.Segment segment : file.segments()) {
            long at = address - segment.address();
            if (segment.type() == ElfFile.SEGMENT_LOAD && at >= 0 && at < segment.fileSize()) {
                int words = (int) Math.min(Math.min(bytes, segment.fileSize() - at) / 8, 0xffff);
                if (words > 0) {
                    areas.add(new Area(contents, (int) (segment.offset() + at), words, address));
                }
                return true;
            }
        }
        return false;
    }
}
