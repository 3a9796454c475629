package dev.holdfast.dump.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.testkit.ElfWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfFileTest {
    private static final long COMPRESSED = 1 << 11;
    private static final byte[] TEXT = "what the section says, ".repeat(100).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    @Test
    void tablesSayWhatWasWritten() throws IOException {
        ElfFile file = open(ElfWriter.amd64(ElfWriter.PROGRAM)
                .entry(0x401000)
                .segment(ElfWriter.LOAD, 5, 0x401000, TEXT, TEXT.length)
                .segment(ElfWriter.LOAD, 6, 0x500000, new byte[16], 4096)
                .sectionOver(".text", 1, 6, 0)
                .section(".comment", 1, 0, TEXT)
                .bytes());
        assertThat(file.machine()).isEqualTo(ElfFile.Machine.AMD64);
        assertThat(file.entry()).isEqualTo(0x401000);
        assertThat(file.isCore()).isFalse();
        assertThat(file.isPositionIndependent()).isFalse();
        assertThat(file.segments()).extracting(ElfFile.Segment::address).containsExactly(0x401000L, 0x500000L);
        assertThat(file.segments()).extracting(ElfFile.Segment::writable).containsExactly(false, true);
        assertThat(file.segments()).extracting(ElfFile.Segment::executable).containsExactly(true, false);
        assertThat(file.segments().get(1).memorySize()).isEqualTo(4096);
        assertThat(file.sections())
                .extracting(ElfFile.Section::name)
                .containsExactly("", ".text", ".comment", ".shstrtab");
        assertThat(text(file.contents(".text"))).isEqualTo(TEXT);
        assertThat(text(file.contents(".comment"))).isEqualTo(TEXT);
        assertThat(file.contents(".nothing").limit()).isZero();
    }

    @Test
    void otherMachinesAreRefusedByName() throws IOException {
        byte[] good = ElfWriter.amd64(ElfWriter.CORE).bytes();
        assertRefused(with(good, 4, 1), "32-bit");
        assertRefused(with(good, 5, 2), "big-endian");
        assertRefused(with(good, 18, 243), "riscv64");
        assertRefused(with(good, 18, 3), "machine 3");
        assertRefused(with(good, 0, 0), "not an ELF file");
        assertRefused(new byte[0], "only 0 bytes");
        assertRefused(new byte[] {0x7f, 'E', 'L', 'F', 2, 1}, "only 6 bytes");
        assertRefused(Arrays.copyOf(good, 40), "ELF header");
        assertThatThrownBy(() -> ElfFile.open(folder))
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining("directory");
    }

    @Test
    void aGzippedFileIsRefusedWithWhatToDo() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(ElfWriter.amd64(ElfWriter.CORE).bytes());
        }
        assertRefused(packed.toByteArray(), "gzip -d");
    }

    @Test
    void moreSegmentsThanSixteenBitsCount() throws IOException {
        int count = 70_000;
        ElfWriter writer = ElfWriter.amd64(ElfWriter.CORE).extendedNumbers();
        for (int i = 0; i < count; i++) {
            writer.segment(ElfWriter.LOAD, 6, 0x1000L * (i + 1), new byte[0], 4096);
        }
        ElfFile file = open(writer.bytes());
        assertThat(file.segments()).hasSize(count);
        assertThat(file.segments().get(count - 1).address()).isEqualTo(0x1000L * count);
        assertThat(file.sections()).extracting(ElfFile.Section::name).containsExactly("", ".shstrtab");
    }

    @Test
    void aCutCoreThatLostTheirNumberStillKnowsIt() throws IOException {
        byte[] whole = ElfWriter.amd64(ElfWriter.CORE)
                .extendedNumbers()
                .notes(ElfWriter.note("CORE", 6, ElfWriter.words(9, 1, 0, 0)))
                .load(6, 0x1000, new byte[4096])
                .load(6, 0x5000, new byte[4096])
                .bytes();
        ElfFile cut = open(Arrays.copyOf(whole, whole.length - 200));
        assertThat(cut.segments()).hasSize(3);
        assertThat(cut.sections()).isEmpty();
    }

    @Test
    void compressedSectionsAreUnpacked() throws IOException {
        byte[] packed = deflated(TEXT);
        byte[] modern = concatenated(ElfWriter.words(1, TEXT.length, 1), packed);
        byte[] old =
                concatenated(concatenated("ZLIB".getBytes(StandardCharsets.US_ASCII), bigEndian(TEXT.length)), packed);
        ElfFile file = open(ElfWriter.amd64(ElfWriter.PROGRAM)
                .section(".debug_info", 1, COMPRESSED, modern)
                .section(".zdebug_line", 1, 0, old)
                .section(".debug_str", 1, 0, TEXT)
                .bytes());
        assertThat(text(file.contents(".debug_info"))).isEqualTo(TEXT);
        assertThat(text(file.contents(".debug_line"))).isEqualTo(TEXT);
        assertThat(text(file.contents(".debug_str"))).isEqualTo(TEXT);
        assertThat(file.contents(".debug_info").order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void whatCannotBeUnpackedIsSaid() throws IOException {
        byte[] packed = deflated(TEXT);
        ElfFile file = open(ElfWriter.amd64(ElfWriter.PROGRAM)
                .section(".zstd", 1, COMPRESSED, concatenated(ElfWriter.words(2, TEXT.length, 1), packed))
                .section(".other", 1, COMPRESSED, concatenated(ElfWriter.words(7, TEXT.length, 1), packed))
                .section(".short", 1, COMPRESSED, new byte[10])
                .section(".large", 1, COMPRESSED, concatenated(ElfWriter.words(1, 1L << 40, 1), packed))
                .section(".more", 1, COMPRESSED, concatenated(ElfWriter.words(1, TEXT.length + 1, 1), packed))
                .section(".damaged", 1, COMPRESSED, concatenated(ElfWriter.words(1, 100, 1), new byte[100]))
                .bytes());
        assertContentsRefused(file, ".zstd", "zstd");
        assertContentsRefused(file, ".other", "unknown method 7");
        assertContentsRefused(file, ".short", "too short");
        assertContentsRefused(file, ".large", "1099511627776 bytes");
        assertContentsRefused(file, ".more", "ends after 2300 of 2301");
        assertContentsRefused(file, ".damaged", "damaged");
    }

    @Test
    void numbersThatTheFileHasNoRoomForAreRefused() throws IOException {
        byte[] good = ElfWriter.amd64(ElfWriter.PROGRAM)
                .load(5, 0x401000, TEXT)
                .section(".comment", 1, 0, TEXT)
                .bytes();
        assertRefused(with(good, 56, 200), "200 segments");
        assertRefused(with(good, 60, 200), "200 sections");
        ByteBuffer far =
                ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN).putLong(32, Long.MAX_VALUE - 8);
        assertRefused(far.array(), "table of 1 segments");
        far = ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN).putLong(40, -64);
        assertRefused(far.array(), "section 0");
        long sections = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong(40);
        byte[] longer = ByteBuffer.wrap(good.clone())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong((int) sections + 64 + 32, 1L << 50)
                .array();
        assertContentsRefused(open(longer), ".comment", "beyond the end of the file");
    }

    @Test
    void symbolsAreFoundByNameAndByAddress() throws IOException {
        Random random = new Random(4);
        List<String> names = new ArrayList<>();
        List<Long> values = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            names.add("main.f" + Integer.toString(i * 7919, 36));
            // In two runs, one of them above 2^63; a few share an address.
            values.add((i % 2 == 0 ? 0x400000L : 0xffffffff80000000L) + 16L * random.nextInt(3000));
            sizes.add((long) random.nextInt(24));
        }
        ElfFile file = open(
                ElfWriter.amd64(ElfWriter.PROGRAM).symbols(names, values, sizes).bytes());
        for (int i = 0; i < names.size(); i++) {
            assertThat(file.symbol(names.get(i))).as(names.get(i)).isEqualTo(values.get(i));
        }
        assertThat(file.symbol("main.nothing")).isZero();
        assertThat(file.hasSymbol("main.nothing")).isFalse();
        assertThat(file.hasSymbol(names.get(0))).isTrue();
        for (int i = 0; i < 4000; i++) {
            long address = 0x400000L + random.nextInt(48_100);
            assertThat(file.symbolAt(address)).as("0x%x", address).isEqualTo(expected(names, values, sizes, address));
        }
        assertThat(file.symbolAt(0x3fffff)).isNull();
    }

    /** By trying all: of the nearest start at or below, the first that covers the address, else the first without a size. */
    private static @Nullable String expected(List<String> names, List<Long> values, List<Long> sizes, long address) {
        long nearest = 0;
        for (long value : values) {
            if (Long.compareUnsigned(value, address) <= 0 && Long.compareUnsigned(value, nearest) > 0) {
                nearest = value;
            }
        }
        String marker = null;
        for (int i = 0; i < names.size(); i++) {
            if (values.get(i) == nearest && address - nearest < sizes.get(i)) {
                return names.get(i);
            }
            if (values.get(i) == nearest && sizes.get(i) == 0 && marker == null) {
                marker = names.get(i);
            }
        }
        return marker;
    }

    @Test
    void manySymbolsOfOneNameAndAddressTakeNoSquareOfTheirNumber() throws IOException {
        int count = 300_000;
        ElfFile file = open(ElfWriter.amd64(ElfWriter.PROGRAM)
                .symbols(
                        Collections.nCopies(count, "same"),
                        Collections.nCopies(count, 0x1000L),
                        Collections.nCopies(count, 0L))
                .bytes());
        assertThat(file.symbol("same")).isEqualTo(0x1000);
        assertThat(file.symbolAt(0x1234)).isEqualTo("same");
    }

    @Test
    void bothBuildIdsAreRead() throws IOException {
        byte[] go = ElfWriter.note("Go", 4, "abc/def".getBytes(StandardCharsets.US_ASCII));
        byte[] gnu = ElfWriter.note("GNU", 3, new byte[] {1, (byte) 0xab, 0x7f});
        ElfFile file = open(ElfWriter.amd64(ElfWriter.PROGRAM)
                .notes(go)
                .section(".note.gnu.build-id", 7, 2, gnu)
                .bytes());
        assertThat(file.goBuildId()).isEqualTo("abc/def");
        assertThat(file.buildId()).isEqualTo("01ab7f");
        byte[] code = "\u00ff Go build ID: \"xyz\"\n \u00ff".getBytes(StandardCharsets.ISO_8859_1);
        ElfFile old = open(ElfWriter.amd64(ElfWriter.PROGRAM)
                .load(5, 0x401000, code)
                .sectionOver(".text", 1, 6, 0)
                .bytes());
        assertThat(old.goBuildId()).isEqualTo("xyz");
        assertThat(old.buildId()).isNull();
    }

    private ElfFile open(byte[] bytes) throws IOException {
        return ElfFile.open(Files.write(Files.createTempFile(folder, "elf", ""), bytes));
    }

    private void assertRefused(byte[] bytes, String why) {
        assertThatThrownBy(() -> open(bytes))
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining(why);
    }

    private static void assertContentsRefused(ElfFile file, String section, String why) {
        assertThatThrownBy(() -> file.contents(section))
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining(section)
                .hasMessageContaining(why);
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        if (at >= 16) {
            changed[at + 1] = (byte) (value >> 8);
        }
        return changed;
    }

    private static byte[] text(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.limit()];
        buffer.get(0, bytes);
        return bytes;
    }

    private static byte[] deflated(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] bigEndian(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    private static byte[] concatenated(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
