package dev.holdfast.dump.gostack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpFormatException;
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
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages what the reader of goroutines reads, in a core that stays open, and wants an answer in bounded time: fewer
 * goroutines, frames and slots, but nothing thrown but what callers are told of.
 */
class DamagedStacksTest {
    private static final int ROUNDS = 1000;
    private static final long SEED = 20261121;

    private static final RootSlots NAMELESS = new RootSlots() {
        @Override
        public void frame(GoFrame frame) {}

        @Override
        public void slot(long address, long value, boolean conservative) {}

        @Override
        public void register(int number, long value) {}
    };

    @TempDir
    Path folder;

    @Test
    void damagedGoroutinesThreadsAndStacksCostOnlyThemselves() throws IOException {
        GoFixture fixture = GoFixtures.named("1.26.11-kernel").orElseThrow();
        Path core = copy(fixture.core(), "core");
        try (OpenedStacks opened = OpenedStacks.of(core, fixture.executable());
                ElfFile file = ElfFile.open(core);
                RandomAccessFile bytes = new RandomAccessFile(core.toFile(), "rw")) {
            List<Long> targets = new ArrayList<>();
            StructLayout g = opened.program.layout().struct("runtime.g");
            GoroutineTable whole = opened.goroutines();
            for (Goroutine goroutine : whole.all()) {
                for (long word = 0; word < g.size(); word += 8) {
                    targets.add(goroutine.address() + word);
                }
                GoStack stack = whole.stacks().stack(goroutine);
                for (long at = goroutine.stackHigh()
                                - Math.min(stack.space().used() + stack.space().rest(), 2048);
                        at < goroutine.stackHigh();
                        at += 8) {
                    targets.add(at);
                }
            }
            long thread = opened.program.reader().word(opened.program.layout().address("runtime.allm"));
            for (long word = 0; word < 800; word += 8) {
                targets.add(thread + word);
            }
            for (String variable : List.of("runtime.allgs", "runtime.allm", "runtime.allp")) {
                long address = opened.program.layout().address(variable);
                targets.addAll(List.of(address, address + 8));
            }
            Random random = new Random(SEED);
            for (int round = 0; round < ROUNDS; round++) {
                List<Long> offsets = new ArrayList<>();
                List<Long> old = new ArrayList<>();
                for (int i = 0; i < 1 + random.nextInt(4); i++) {
                    long offset = offset(file, targets.get(random.nextInt(targets.size())));
                    offsets.add(offset);
                    old.add(write(bytes, offset, value(random, targets)));
                }
                try {
                    walk(opened, round);
                } finally {
                    for (int i = offsets.size() - 1; i >= 0; i--) {
                        write(bytes, offsets.get(i), old.get(i));
                    }
                }
            }
            assertThat(walk(opened, ROUNDS)).isEqualTo(whole.all().size());
        }
    }

    @Test
    void aDamagedTableOfFunctionsCostsOnlyNamesAndFrames() throws IOException {
        GoFixture fixture = GoFixtures.named("1.26.11-kernel").orElseThrow();
        Path executable = copy(fixture.executable(), "exe");
        try (ElfFile file = ElfFile.open(executable);
                RandomAccessFile bytes = new RandomAccessFile(executable.toFile(), "rw")) {
            ElfFile.Section table = Objects.requireNonNull(file.section(".gopclntab"));
            Random random = new Random(SEED);
            for (int round = 0; round < 20; round++) {
                // Each round keeps the damage of those before it.
                for (int i = 0; i < 1 << Math.min(round, 17); i++) {
                    long offset = table.offset() + (random.nextLong() >>> 1) % table.size();
                    bytes.seek(offset);
                    bytes.write(random.nextInt());
                }
                try (OpenedStacks opened = OpenedStacks.of(fixture.core(), executable)) {
                    walk(opened, round);
                } catch (IOException e) {
                    assertThat(e).isInstanceOf(DumpFormatException.class);
                }
            }
        }
    }

    /** Reads everything and says how many goroutines there were. */
    private static int walk(OpenedStacks opened, int round) {
        GoroutineTable table = opened.goroutines();
        GoStacks stacks = table.stacks();
        for (Goroutine goroutine : table.all()) {
            try {
                GoStack stack = stacks.stack(goroutine);
                assertThat(stack.space().bytes())
                        .as("round %d of seed %d, %s", round, SEED, goroutine)
                        .isEqualTo(goroutine.stackBytes());
                assertThat(Math.min(
                                stack.space().free(),
                                Math.min(stack.space().used(), stack.space().rest())))
                        .as("round %d of seed %d, %s", round, SEED, goroutine)
                        .isNotNegative();
                if (round % 50 == 0) {
                    OpenedStacks.slots(stacks, goroutine);
                } else {
                    stacks.roots(goroutine, NAMELESS);
                }
            } catch (MissingMemoryException e) {
                throw new AssertionError("round " + round + " of seed " + SEED, e);
            }
        }
        return table.all().size();
    }

    private static long value(Random random, List<Long> targets) {
        switch (random.nextInt(6)) {
            case 0:
                return random.nextLong();
            case 1:
                return targets.get(random.nextInt(targets.size()));
            case 2:
                return -1L - random.nextInt(1000);
            case 3:
                return random.nextInt(1 << 20);
            case 4:
                return Long.MAX_VALUE - random.nextInt(16);
            default:
                return targets.get(random.nextInt(targets.size())) + random.nextInt(16) - 8;
        }
    }

    private static long offset(ElfFile file, long address) {
        for (ElfFile.Segment segment : file.segments()) {
            if (segment.type() == 1
                    && address - segment.address() >= 0
                    && address - segment.address() < segment.fileSize()) {
                return segment.offset() + address - segment.address();
            }
        }
        throw new IllegalArgumentException(Long.toHexString(address));
    }

    private static long write(RandomAccessFile file, long offset, long value) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        FileChannel channel = file.getChannel();
        channel.read(word, offset);
        long old = word.getLong(0);
        channel.write(word.clear().putLong(0, value), offset);
        return old;
    }

    private Path copy(Path file, String name) throws IOException {
        return Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
}
