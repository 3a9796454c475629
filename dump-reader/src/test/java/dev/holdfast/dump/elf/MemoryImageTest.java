package dev.holdfast.dump.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Warnings;
import dev.holdfast.testkit.ElfWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryImageTest {
    @TempDir
    private Path folder;

    private final Warnings warnings = new Warnings();

    /** Each byte by itself: the first core segment that has it, else the first read-only segment of the program. */
    @Test
    void everyByteIsTheFirstLayersThatHasIt() throws IOException {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Map<Long, Byte> expected = new HashMap<>();
            ElfWriter core = ElfWriter.amd64(ElfWriter.CORE).aligned(1 + random.nextInt(16));
            ElfWriter program = ElfWriter.amd64(ElfWriter.PROGRAM);
            layer(core, random, expected, 0);
            long bias = 0;
            layer(program, random, expected, bias);
            MemoryReader memory = image(core, program, bias).reader();
            for (int offset = -20; offset < SPAN + 80; offset++) {
                long address = BASE + offset;
                Byte there = expected.get(address);
                assertThat(memory.readable(address, 1)).as("seed %d", seed).isEqualTo(there != null);
                if (there != null) {
                    assertThat((byte) memory.u8(address))
                            .as("seed %d at %x", seed, address)
                            .isEqualTo(there);
                }
                assertNumbers(memory, expected, address, "seed " + seed);
            }
        }
    }

    private static final long BASE = 0x7fff_ffff_ffff_ff00L;
    private static final int SPAN = 600;

    private static void layer(ElfWriter writer, Random random, Map<Long, Byte> expected, long bias) {
        for (int i = random.nextInt(8); i >= 0; i--) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            // Across 2^63, so that signed order is not the order of addresses.
            long address = BASE + random.nextInt(SPAN);
            writer.segment(ElfWriter.LOAD, 4, address - bias, bytes, bytes.length + random.nextInt(20));
            for (int k = 0; k < bytes.length; k++) {
                expected.putIfAbsent(address + k, bytes[k]);
            }
        }
    }

    private static void assertNumbers(MemoryReader memory, Map<Long, Byte> expected, long address, String seed) {
        for (int width = 1; width <= 8; width *= 2) {
            long number = 0;
            boolean all = true;
            for (int i = 0; i < width; i++) {
                Byte b = expected.get(address + i);
                all &= b != null;
                number |= b == null ? 0 : (b & 0xffL) << 8 * i;
            }
            assertThat(memory.readable(address, width)).as(seed).isEqualTo(all);
            if (all) {
                assertThat(memory.unsigned(address, width))
                        .as("%s at %x", seed, address)
                        .isEqualTo(number);
                assertThat(memory.bytes(address, width)).as(seed).hasSize(width);
            } else {
                int wide = width;
                assertThatThrownBy(() -> memory.unsigned(address, wide))
                        .as("%s at %x", seed, address)
                        .isInstanceOf(MissingMemoryException.class);
            }
        }
    }

    @Test
    void theTailThatWasNotDumpedIsMissingAndNotZero() throws IOException {
        ElfWriter core = ElfWriter.amd64(ElfWriter.CORE).segment(ElfWriter.LOAD, 6, 0x10000, new byte[4096], 8192);
        MemoryReader memory = image(core, null, 0).reader();
        assertThat(memory.word(0x10ff8)).isZero();
        assertThatThrownBy(() -> memory.word(0x11000))
                .isInstanceOfSatisfying(
                        MissingMemoryException.class,
                        missing -> assertThat(missing.address()).isEqualTo(0x11000));
        assertThat(memory.readable(0x10ffc, 8)).isFalse();
        assertThat(memory.copy().readable(0x10000, 4096)).isTrue();
        assertThat(warnings.list()).isEmpty();
    }

    @Test
    void addressesFarAboveARegionAreMissing() throws IOException {
        MemoryReader memory = image(ElfWriter.amd64(ElfWriter.CORE).load(6, 0x10000, filled(4096, 1)), null, 0)
                .reader();
        for (long address :
                new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 0x10008, -8, -1, Long.MAX_VALUE, 0, 1L << 47}) {
            assertThat(memory.readable(address, 1)).as("0x%x", address).isFalse();
            assertThatThrownBy(() -> memory.word(address)).isInstanceOf(MissingMemoryException.class);
        }
    }

    @Test
    void whatTheProgramCouldWriteNeverComesFromItsFile() throws IOException {
        ElfWriter core = ElfWriter.amd64(ElfWriter.CORE).load(6, 0x500000, filled(4096, 7));
        ElfWriter program = ElfWriter.amd64(ElfWriter.PROGRAM)
                .load(5, 0x400000, filled(4096, 1))
                .segment(ElfWriter.LOAD, 6, 0x500000, filled(8192, 2), 3 * 4096 + 100);
        MemoryReader memory = image(core, program, 0).reader();
        assertThat(memory.u8(0x400123)).isEqualTo(1);
        assertThat(memory.u8(0x500123)).isEqualTo(7);
        assertThat(memory.readable(0x501000, 1)).isFalse();
        assertThat(memory.readable(0x502000, 1)).isFalse();
        assertLoss("writable-not-dumped", 2 * 4096 + 100, "could write");
    }

    @Test
    void whatTheLoaderWroteAndThenProtectedIsMadeAgain() throws IOException {
        for (ElfWriter program : List.of(ElfWriter.amd64(ElfWriter.SHARED), ElfWriter.arm64(ElfWriter.SHARED))) {
            boolean arm = program != null && program.bytes()[18] != 62;
            long relative = arm ? 1027 : 8;
            byte[] data = filled(64, 9);
            byte[] relocations = ElfWriter.words(
                    0x2000, relative, 0x1111, 0x2010, relative, 0x2222, 0x2018, 6, 0x3333, 0x9000, relative, 1);
            program.load(4, 0x1000, filled(100, 3))
                    .load(6, 0x2000, data)
                    .over(ElfWriter.RELRO, 1)
                    .section(".rela.dyn", 4, 2, 0x1800, relocations, 0, 24)
                    .section(".rela.debug", 4, 0, 0, ElfWriter.words(0x2020, relative, 5), 0, 24);
            ElfWriter core = arm ? ElfWriter.arm64(ElfWriter.CORE) : ElfWriter.amd64(ElfWriter.CORE);
            long bias = 0x5500_0000_0000L;
            core.load(6, bias + 0x2030, filled(4, 8));
            MemoryReader memory = image(core, program, bias).reader();
            assertThat(memory.word(bias + 0x1000)).isEqualTo(0x0303030303030303L);
            assertThat(memory.word(bias + 0x2000)).isEqualTo(bias + 0x1111);
            assertThat(memory.word(bias + 0x2008)).isEqualTo(0x0909090909090909L);
            assertThat(memory.word(bias + 0x2010)).isEqualTo(bias + 0x2222);
            assertThat(memory.word(bias + 0x2018)).isEqualTo(0x0909090909090909L);
            assertThat(memory.word(bias + 0x2020)).isEqualTo(0x0909090909090909L);
            assertThat(memory.word(bias + 0x2030)).isEqualTo(0x0909090908080808L);
            assertThat(memory.word(bias + 0x2038)).isEqualTo(0x0909090909090909L);
            assertThat(memory.readable(0x1000, 1)).isFalse();
        }
        assertThat(warnings.list()).isEmpty();
    }

    @Test
    void aCutCoreSaysHowMuchIsMissing() throws IOException {
        byte[] whole = ElfWriter.amd64(ElfWriter.CORE)
                .load(6, 0x10000, filled(3000, 1))
                .load(6, 0x20000, filled(1000, 2))
                .bytes();
        Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, whole.length - 2000));
        ElfFile core = ElfFile.open(file);
        MemoryReader memory = MemoryImage.of(core, CoreFile.read(core, warnings), null, 0, null, warnings)
                .reader();
        assertThat(memory.readable(0x10000, 2000)).isTrue();
        assertThat(memory.readable(0x10000, 2001)).isFalse();
        assertThat(memory.readable(0x20000, 1)).isFalse();
        assertLoss("core-truncated", 2000, "50.0%");
    }

    @Test
    void segmentsThatContradictThemselvesAreALoss() throws IOException {
        ElfWriter core = ElfWriter.amd64(ElfWriter.CORE)
                .load(6, -8, filled(16, 1))
                .segment(ElfWriter.LOAD, 6, 0x1000, filled(16, 2), 8)
                .load(6, -4096, filled(4096, 3));
        MemoryReader memory = image(core, null, 0).reader();
        assertThat(memory.readable(0, 1)).isFalse();
        assertThat(memory.readable(0x1000, 1)).isFalse();
        assertThat(memory.word(-8)).isEqualTo(0x0303030303030303L);
        assertLoss("core-segment", 2, "contradicts itself");
    }

    @Test
    void sharedObjectsAreTakenOnlyIfTheyAreTheSameFiles() throws IOException {
        byte[] id = ElfWriter.note("GNU", 3, filled(20, 5));
        Path library = Files.createDirectories(folder.resolve("root/lib")).resolve("lib.so");
        long[][] mappings = {{0x7f0000000000L, 0x7f0000001000L, 0}, {0x7f0000001000L, 0x7f0000003000L, 1}};
        byte[] files = ElfWriter.files(mappings, "/lib/lib.so", "/lib/lib.so");
        ElfWriter same = sharedObject(id);
        Files.write(library, same.bytes());
        byte[] header = Arrays.copyOf(same.bytes(), 4096);
        ElfWriter core = ElfWriter.amd64(ElfWriter.CORE)
                .notes(ElfWriter.note("CORE", 0x46494c45, files))
                .load(5, 0x7f0000000000L, header);
        MemoryReader memory = image(core, null, 0, folder.resolve("root")).reader();
        assertThat(memory.u8(0x7f0000001010L)).isEqualTo(6);
        assertThat(image(core, null, 0, folder.resolve("elsewhere")).reader().readable(0x7f0000001010L, 1))
                .isFalse();

        Files.write(
                library, sharedObject(ElfWriter.note("GNU", 3, filled(20, 4))).bytes());
        assertThat(image(core, null, 0, folder.resolve("root")).reader().readable(0x7f0000001010L, 1))
                .isFalse();
        Files.writeString(library, "no longer an ELF file");
        assertThat(image(core, null, 0, folder.resolve("root")).reader().readable(0x7f0000001010L, 1))
                .isFalse();
        assertThat(warnings.list()).isEmpty();
    }

    private static ElfWriter sharedObject(byte[] id) {
        ElfWriter writer = ElfWriter.amd64(ElfWriter.SHARED).loadHeader(0);
        int notesAt = 64 + 56 * 3;
        return writer.segment(ElfWriter.NOTE, 4, notesAt, id, id.length).load(5, 0x1000, filled(4096, 6));
    }

    private MemoryImage image(ElfWriter core, @Nullable ElfWriter program, long bias) throws IOException {
        return image(core, program, bias, null);
    }

    private MemoryImage image(ElfWriter core, @Nullable ElfWriter program, long bias, @Nullable Path base)
            throws IOException {
        ElfFile file = ElfFile.open(core.writeTo(folder, "core"));
        ElfFile executable = program == null ? null : ElfFile.open(program.writeTo(folder, "program"));
        return MemoryImage.of(file, CoreFile.read(file, warnings), executable, bias, base, warnings);
    }

    private void assertLoss(String code, long count, String text) {
        assertThat(warnings.list()).hasSize(1);
        DumpWarning warning = warnings.list().get(0);
        assertThat(warning.code()).isEqualTo(code);
        assertThat(warning.count()).isEqualTo(count);
        assertThat(warning.text()).contains(text);
        assertThat(warning.loss()).isTrue();
    }

    private static byte[] filled(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
