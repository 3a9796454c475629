package dev.holdfast.dump.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Warnings;
import dev.holdfast.testkit.ElfWriter;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damage gives a {@link DumpFormatException} or a result; never another exception, nor an endless run. */
class ElfDamageTest {
    private static final long[] EDGES = {
        0,
        1,
        -1,
        7,
        0x7fff,
        0xffff,
        0x10000,
        Integer.MAX_VALUE,
        0xffffffffL,
        1L << 32,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -4096,
        1L << 44,
        0x400000
    };

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void changedBytesOfTheTables() throws IOException {
        byte[] core = ElfFuzzer.core();
        byte[] program = ElfFuzzer.program(ElfWriter.SHARED);
        int opened = 0;
        int refused = 0;
        for (int seed = 0; seed < 6000; seed++) {
            Random random = new Random(seed);
            boolean inCore = random.nextBoolean();
            byte[] damagedCore = inCore ? damaged(core, random) : core;
            byte[] damagedProgram = inCore ? program : damaged(program, random);
            if (use(damagedCore, damagedProgram, "seed " + seed)) {
                opened++;
            } else {
                refused++;
            }
        }
        assertThat(opened).isGreaterThan(200);
        assertThat(refused).isGreaterThan(200);
    }

    @Test
    @Timeout(120)
    void everyLengthOfASmallCore() throws IOException {
        byte[] core = ElfFuzzer.core();
        byte[] program = ElfFuzzer.program(ElfWriter.PROGRAM);
        for (int length = 0; length <= core.length; length++) {
            boolean opened = use(Arrays.copyOf(core, length), program, "length " + length);
            // Where the tables are cut, nothing can be said.
            assertThat(opened).as("length %d", length).isEqualTo(length >= 64 + 56 * 4);
        }
    }

    /** A real core is cut at sampled lengths, longest first, so that one sparse copy serves for all. */
    @Test
    @Timeout(300)
    void sampledLengthsOfARealCore() throws IOException {
        for (String name : List.of("1.26.11-kernel", "1.18.10")) {
            GoFixture fixture = GoFixtures.named(name).orElseThrow();
            ElfFile executable = ElfFile.open(fixture.executable());
            Path copy = folder.resolve("core-" + name);
            sparseCopy(fixture.core(), copy);
            long length = Files.size(copy);
            long[] lengths = new Random(7).longs(20, 0, length).sorted().toArray();
            double before = 0;
            for (int i = lengths.length - 1; i >= 0; i--) {
                try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                    channel.truncate(lengths[i]);
                }
                Warnings warnings = new Warnings();
                try {
                    ElfFile core = ElfFile.open(copy);
                    CoreFile notes = CoreFile.read(core, warnings);
                    ExecutableMatch match = new ExecutableMatch(core, notes, executable);
                    match.require(match.bias(), warnings);
                    MemoryImage memory = MemoryImage.of(core, notes, executable, match.bias(), folder, warnings);
                    assertThat(memory.reader().readable(executable.symbol("runtime.main"), 8))
                            .isTrue();
                } catch (DumpFormatException e) {
                    assertThat(lengths[i]).as(name).isLessThan(8192);
                    continue;
                }
                DumpWarning cut = warnings.list().stream()
                        .filter(warning -> warning.code().equals("core-truncated"))
                        .findFirst()
                        .orElseThrow();
                assertThat(cut.loss()).isTrue();
                double missing = cut.count();
                assertThat(missing).as("%s cut at %d", name, lengths[i]).isGreaterThanOrEqualTo(before);
                before = missing;
            }
        }
    }

    @Test
    @Timeout(60)
    void aSparseFileOfZerosWithForgedNotesCostsLittle() throws IOException {
        Path file = folder.resolve("sparse");
        byte[] head = ElfWriter.amd64(ElfWriter.CORE)
                .segment(ElfWriter.NOTE, 4, 0, new byte[0], 0)
                .segment(ElfWriter.NOTE, 4, 0, new byte[0], 0)
                .bytes();
        long length = 3L << 30;
        ByteBuffer forged = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        forged.putLong(64 + 8, 4096).putLong(64 + 32, length - 4096);
        forged.putLong(64 + 56 + 8, 4096).putLong(64 + 56 + 32, length - 4096);
        Files.write(file, head);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), length - 1);
        }
        Warnings warnings = new Warnings();
        CoreFile notes = CoreFile.read(ElfFile.open(file), warnings);
        assertThat(notes.threads()).isEmpty();
        assertThat(warnings.list()).extracting(DumpWarning::code).containsExactly("core-notes");
    }

    /** 2^32 entries of 24 bytes, in a sparse file that has them all, and in a small one that has not. */
    @Test
    @Timeout(60)
    void aSymbolTableOf4294967296EntriesIsRefusedAndNotRead() throws IOException {
        long entries = 24L << 32;
        byte[] program = ElfFuzzer.program(ElfWriter.PROGRAM);
        ByteBuffer forged = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        int headers = (int) forged.getLong(40);
        for (int i = 0; i < forged.getShort(60); i++) {
            if (forged.getInt(headers + 64 * i + 4) == 2) {
                forged.putLong(headers + 64 * i + 32, entries);
            }
        }
        Path file = folder.resolve("sparse-program");
        Files.write(file, program);
        for (boolean sparse : new boolean[] {false, true}) {
            if (sparse) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.allocate(1), program.length + entries);
                }
            }
            try (ElfFile opened = ElfFile.open(file)) {
                assertThat(opened.symbol("main.main")).isZero();
                assertThat(opened.symbolAt(0x401000)).isNull();
            } catch (DumpFormatException e) {
                assertThat(e).hasMessageContaining("sparse-program");
            }
        }
    }

    /** What says it unpacks to 2^62 bytes, or to a gigabyte of which there is nothing. */
    @Test
    @Timeout(60)
    void aCompressedSectionThatIsABombTakesNoMemory() throws IOException {
        for (long size : new long[] {1L << 62, -1, 1L << 30, 1000}) {
            ByteBuffer packed = ByteBuffer.allocate(24 + (1 << 20)).order(ByteOrder.LITTLE_ENDIAN);
            packed.putInt(1).putInt(0).putLong(size).putLong(1).put((byte) 0x78).put((byte) 0x9c);
            byte[] bytes = ElfWriter.amd64(ElfWriter.PROGRAM)
                    .section(".debug_info", 1, 1 << 11, packed.array())
                    .bytes();
            ElfFile opened = ElfFile.of(MappedFile.of(folder.resolve("bomb"), bytes));
            long before = allocated();
            try {
                opened.contents(".debug_info");
                fail("unpacked " + size);
            } catch (DumpFormatException | dev.holdfast.dump.InsufficientResourcesException e) {
                assertThat(e).hasMessageContaining("bomb");
            }
            assertThat(allocated() - before).as("%d", size).isLessThan(64L << 20);
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static boolean use(byte[] core, byte[] program, String what) {
        try {
            return ElfFuzzer.read(core, program);
        } catch (IOException | RuntimeException | Error e) {
            return fail(what, e);
        }
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        ByteBuffer damaged = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = random.nextInt(3); i >= 0; i--) {
            // Mostly in the tables at both ends.
            int at = random.nextInt(4) == 0
                    ? random.nextInt(bytes.length - 8)
                    : random.nextBoolean() ? 16 + random.nextInt(500) : bytes.length - 8 - random.nextInt(500);
            long edge = EDGES[random.nextInt(EDGES.length)];
            switch (random.nextInt(4)) {
                case 0 -> damaged.put(at, (byte) random.nextInt());
                case 1 -> damaged.putShort(at & -2, (short) edge);
                case 2 -> damaged.putInt(at & -4, (int) edge);
                default -> damaged.putLong(at & -8, edge + random.nextInt(3) - 1);
            }
        }
        byte[] copy = new byte[bytes.length];
        damaged.get(0, copy);
        return copy;
    }

    private static void sparseCopy(Path from, Path to) throws IOException {
        byte[] zeros = new byte[4096];
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] block = new byte[4096];
            long at = 0;
            int n;
            while ((n = in.read(ByteBuffer.wrap(block), at)) > 0) {
                if (!Arrays.equals(block, 0, n, zeros, 0, n)) {
                    out.write(ByteBuffer.wrap(block, 0, n), at);
                }
                at += n;
            }
            out.write(ByteBuffer.allocate(1), at - 1);
        }
    }
}
