package dev.holdfast.dump.gostack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.GhostFrame;
import dev.holdfast.dump.GhostFrames;
import dev.holdfast.dump.elf.ElfFile;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.StructLayout;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged and forged stacks and code: fewer or other ghosts, but nothing thrown, in bounded time. */
class DamagedGhostsTest {
    private static final int ROUNDS = 400;
    private static final long SEED = 20261122;

    @TempDir
    Path folder;

    @Test
    void damagedStacksAndGoroutinesGiveOtherGhosts() throws IOException {
        GoFixture fixture = GoFixtures.named("1.26.11-kernel").orElseThrow();
        Path core = Files.copy(fixture.core(), folder.resolve("core"));
        try (OpenedStacks opened = OpenedStacks.of(core, fixture.executable());
                ElfFile file = ElfFile.open(core);
                RandomAccessFile bytes = new RandomAccessFile(core.toFile(), "rw")) {
            StructLayout g = opened.program.layout().struct("runtime.g");
            GoroutineTable whole = opened.goroutines();
            List<Long> slots = new ArrayList<>();
            List<Long> words = new ArrayList<>();
            for (Goroutine goroutine : whole.all()) {
                GoStack stack = whole.stacks().stack(goroutine);
                if (stack.frames().isEmpty()) {
                    continue;
                }
                for (String field : List.of("stack.lo", "stack.hi", "sched.sp", "sched.pc")) {
                    slots.add(goroutine.address() + g.offset(field));
                }
                long sp = stack.frames().get(0).sp();
                for (long at = Math.max(goroutine.stackLow(), sp - 1024);
                        at < Math.min(sp + 256, goroutine.stackHigh());
                        at += 8) {
                    slots.add(at);
                    words.add(opened.program.reader().word(at));
                }
            }
            Random random = new Random(SEED);
            for (int round = 0; round < ROUNDS; round++) {
                List<Long> offsets = new ArrayList<>();
                List<Long> old = new ArrayList<>();
                for (int i = 0; i < 1 + random.nextInt(64); i++) {
                    long offset = offset(file, slots.get(random.nextInt(slots.size())));
                    long value = random.nextInt(4) == 0
                            ? random.nextLong()
                            : words.get(random.nextInt(words.size())) + (random.nextInt(3) - 1L) * random.nextInt(64);
                    offsets.add(offset);
                    old.add(write(bytes, offset, value));
                }
                try {
                    read(opened, round);
                } finally {
                    for (int i = offsets.size() - 1; i >= 0; i--) {
                        write(bytes, offsets.get(i), old.get(i));
                    }
                }
            }
            assertThat(read(opened, ROUNDS)).isGreaterThan(300);
        }
    }

    @Test
    void damagedCodeAndTablesGiveFewerGhosts() throws IOException {
        GoFixture fixture = GoFixtures.named("1.26.11-kernel").orElseThrow();
        Path executable = Files.copy(fixture.executable(), folder.resolve("exe"));
        try (ElfFile file = ElfFile.open(executable);
                RandomAccessFile bytes = new RandomAccessFile(executable.toFile(), "rw")) {
            Random random = new Random(SEED);
            for (int round = 0; round < 18; round++) {
                for (String name : List.of(".text", ".gopclntab")) {
                    ElfFile.Section section = Objects.requireNonNull(file.section(name));
                    for (int i = 0; i < 1 << round; i++) {
                        bytes.seek(section.offset() + (random.nextLong() >>> 1) % section.size());
                        bytes.write(random.nextInt());
                    }
                }
                try (OpenedStacks opened = OpenedStacks.of(fixture.core(), executable)) {
                    read(opened, round);
                } catch (IOException e) {
                    assertThat(e).isInstanceOf(DumpFormatException.class);
                }
            }
        }
    }

    @Test
    void aForgedStackOfAGigabyteIsCut() throws IOException {
        GoFixture fixture = GoFixtures.named("1.26.11-kernel").orElseThrow();
        Path core = Files.copy(fixture.core(), folder.resolve("forged"));
        long free;
        long address;
        try (OpenedStacks opened = OpenedStacks.of(core, fixture.executable());
                ElfFile file = ElfFile.open(core);
                RandomAccessFile bytes = new RandomAccessFile(core.toFile(), "rw")) {
            GoroutineTable table = opened.goroutines();
            Goroutine goroutine = table.all().get(0);
            address = goroutine.address();
            free = table.ghosts().of(goroutine).freeBytes();
            StructLayout g = opened.program.layout().struct("runtime.g");
            write(bytes, offset(file, address + g.offset("stack.lo")), goroutine.stackLow() - (1L << 30));
        }
        try (OpenedStacks opened = OpenedStacks.of(core, fixture.executable())) {
            GoroutineTable table = opened.goroutines();
            GhostFrames ghosts = table.ghosts().of(Objects.requireNonNull(table.at(address)));
            assertThat(ghosts.freeBytes()).isEqualTo(free + (1L << 30));
            assertThat(ghosts.cut()).isTrue();
            assertThat(ghosts.scannedBytes()).isBetween(free, 64L << 20);
        }
    }

    @Test
    void aStackFullOfReturnAddressesIsReadUpToALimit() throws IOException {
        GoFixture fixture = GoFixtures.named("1.26.11-kernel").orElseThrow();
        Path core = Files.copy(fixture.core(), folder.resolve("full"));
        long address;
        try (OpenedStacks opened = OpenedStacks.of(core, fixture.executable());
                ElfFile file = ElfFile.open(core);
                RandomAccessFile bytes = new RandomAccessFile(core.toFile(), "rw")) {
            GoroutineTable table = opened.goroutines();
            Goroutine goroutine = table.all().stream()
                    .filter(each -> !table.ghosts().of(each).frames().isEmpty())
                    .findFirst()
                    .orElseThrow();
            address = goroutine.address();
            long sp = table.stacks().stack(goroutine).frames().get(0).sp();
            long ghost = sp - table.ghosts().of(goroutine).frames().get(0).bytesBelow();
            long word = opened.program.reader().word(ghost);
            // Its stack now begins where the largest piece of memory does, which holds that word only.
            ElfFile.Segment largest = file.segments().stream()
                    .filter(segment -> segment.type() == ElfFile.SEGMENT_LOAD
                            && segment.writable()
                            && segment.fileSize() >= 1 << 20)
                    .filter(segment -> goroutine.address() - segment.address() < 0
                            || goroutine.address() - segment.address() >= segment.fileSize())
                    .findFirst()
                    .orElseThrow();
            byte[] full = new byte[(int) Math.min(largest.fileSize(), 2 << 20) & -8];
            ByteBuffer words = ByteBuffer.wrap(full).order(ByteOrder.LITTLE_ENDIAN);
            while (words.hasRemaining()) {
                words.putLong(word);
            }
            bytes.seek(largest.offset());
            bytes.write(full);
            StructLayout g = opened.program.layout().struct("runtime.g");
            write(bytes, offset(file, address + g.offset("stack.lo")), largest.address());
            write(bytes, offset(file, address + g.offset("stack.hi")), largest.address() + full.length);
            write(bytes, offset(file, address + g.offset("sched.sp")), largest.address() + full.length - 64);
            write(bytes, offset(file, address + g.offset("syscallsp")), 0);
        }
        try (OpenedStacks opened = OpenedStacks.of(core, fixture.executable())) {
            GoroutineTable table = opened.goroutines();
            GhostFrames ghosts = table.ghosts().of(Objects.requireNonNull(table.at(address)));
            assertThat(ghosts.frames().stream().filter(ghost -> !ghost.call().inlined()))
                    .hasSize(1 << 16);
            assertThat(ghosts.cut()).isTrue();
        }
    }

    /** Reads everything and says how many ghosts there were. */
    private static int read(OpenedStacks opened, int round) {
        GoroutineTable table = opened.goroutines();
        GhostStacks reader = table.ghosts();
        int count = 0;
        for (Goroutine goroutine : table.all()) {
            try {
                GhostFrames ghosts = reader.of(goroutine);
                assertThat(ghosts.scannedBytes())
                        .as("round %d of seed %d, %s", round, SEED, goroutine)
                        .isBetween(0L, ghosts.freeBytes());
                List<GhostFrame> frames = ghosts.frames();
                for (int i = 0; i < frames.size(); i++) {
                    int caller = frames.get(i).caller();
                    assertThat(caller == -1 || caller > i && caller < frames.size())
                            .as("round %d of seed %d, %s", round, SEED, frames.get(i))
                            .isTrue();
                }
                count += frames.size();
            } catch (MissingMemoryException e) {
                throw new AssertionError("round " + round + " of seed " + SEED, e);
            }
        }
        return count;
    }

    private static long offset(ElfFile file, long address) {
        return file.segments().stream()
                .filter(segment -> segment.type() == ElfFile.SEGMENT_LOAD
                        && address - segment.address() >= 0
                        && address - segment.address() < segment.fileSize())
                .mapToLong(segment -> segment.offset() + address - segment.address())
                .findFirst()
                .orElseThrow();
    }

    private static long write(RandomAccessFile file, long offset, long value) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        FileChannel channel = file.getChannel();
        channel.read(word, offset);
        long old = word.getLong(0);
        channel.write(word.clear().putLong(0, value), offset);
        return old;
    }
}
