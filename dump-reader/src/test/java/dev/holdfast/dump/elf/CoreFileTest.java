package dev.holdfast.dump.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Warnings;
import dev.holdfast.testkit.ElfWriter;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoreFileTest {
    private static final int RSP = 19;
    private static final int RIP = 16;
    private static final int R14 = 1;

    @TempDir
    private Path folder;

    private final Warnings warnings = new Warnings();

    @Test
    void notesOfAllSegmentsCountAndThoseOfOthersDoNot() throws IOException {
        byte[] process = new byte[136];
        System.arraycopy("prog".getBytes(StandardCharsets.US_ASCII), 0, process, 40, 4);
        System.arraycopy("./prog -x ".getBytes(StandardCharsets.US_ASCII), 0, process, 56, 10);
        CoreFile core = read(ElfWriter.amd64(ElfWriter.CORE)
                .notes(
                        ElfWriter.note("CORE", 3, process),
                        ElfWriter.note("CORE", 1, ElfWriter.thread(77, 6, registers(27, 1000))),
                        ElfWriter.note("LINUX", 0x202, new byte[100]),
                        ElfWriter.note("FreeBSD", 1, ElfWriter.thread(99, 0, registers(27, 0))),
                        ElfWriter.note("CORE", 6, ElfWriter.words(9, 0x401000, 3, 0x400040, 0, 0, 9, 5)))
                .notes(
                        ElfWriter.note("GDB", 0xff000000, new byte[33]),
                        ElfWriter.note("CORE", 1, ElfWriter.thread(-1, 0, registers(27, 2000))),
                        ElfWriter.note(
                                "CORE",
                                0x46494c45,
                                ElfWriter.files(
                                        new long[][] {{0x400000, 0x402000, 0}, {0x7f0000, 0x7f1000, 3}},
                                        "/opt/prog",
                                        "/lib/\u00fc.so (deleted)"))));
        assertThat(core.programName()).isEqualTo("prog");
        assertThat(core.commandLine()).isEqualTo("./prog -x");
        assertThat(core.signal()).isEqualTo(6);
        assertThat(core.threads()).extracting(CoreFile.CoreThread::id).containsExactly(77L, 0xffffffffL);
        assertThat(core.threads()).extracting(CoreFile.CoreThread::signal).containsExactly(6, 0);
        assertThat(core.threads().get(1).registers()).hasSize(27).startsWith(2000L, 2001L);
        assertThat(core.threads().get(1).threadPointer()).isEqualTo(2021);
        assertThat(core.auxiliary()).hasSize(2).containsEntry(9L, 0x401000L).containsEntry(3L, 0x400040L);
        assertThat(core.files())
                .containsExactly(
                        new CoreFile.FileMapping(0x400000, 0x402000, 0, "/opt/prog"),
                        new CoreFile.FileMapping(0x7f0000, 0x7f1000, 0x3000, "/lib/\u00fc.so (deleted)"));
        assertThat(warnings.list()).isEmpty();
    }

    @Test
    void onArmTheThreadPointerHasANoteOfItsOwn() throws IOException {
        CoreFile core = read(ElfWriter.arm64(ElfWriter.CORE)
                .notes(
                        ElfWriter.note("CORE", 1, ElfWriter.thread(5, 0, registers(34, 100))),
                        ElfWriter.note("LINUX", 0x401, ElfWriter.words(0xabc)),
                        ElfWriter.note("CORE", 1, ElfWriter.thread(6, 0, registers(34, 200)))));
        assertThat(core.threads())
                .extracting(CoreFile.CoreThread::threadPointer)
                .containsExactly(0xabcL, 0L);
        assertThat(core.threads().get(0).registers()).hasSize(34).startsWith(100L);
    }

    @Test
    void aCoreWithoutNotesIsEmpty() throws IOException {
        CoreFile core = read(ElfWriter.amd64(ElfWriter.CORE).load(6, 0x1000, new byte[10]));
        assertThat(core.threads()).isEmpty();
        assertThat(core.files()).isEmpty();
        assertThat(core.auxiliary()).isEmpty();
        assertThat(core.programName()).isEmpty();
        assertThat(warnings.list()).isEmpty();
    }

    @Test
    void notesThatAreCutOffAreALoss() throws IOException {
        byte[] thread = ElfWriter.note("CORE", 1, ElfWriter.thread(7, 0, registers(27, 0)));
        byte[] bytes = ElfWriter.amd64(ElfWriter.CORE)
                .load(6, 0x1000, new byte[10])
                .notes(thread, thread, thread)
                .bytes();
        CoreFile two = read(Arrays.copyOf(bytes, bytes.length - 50));
        assertThat(two.threads()).hasSize(2);
        assertLoss("core-notes", "cut off");
        CoreFile none = read(Arrays.copyOf(bytes, bytes.length - 3 * thread.length - 1));
        assertThat(none.threads()).isEmpty();
        assertThat(none.files()).isEmpty();
    }

    @Test
    void aListOfFilesThatContradictsItsLengthIsALoss() throws IOException {
        byte[] files = ElfWriter.files(new long[][] {{0x1000, 0x2000, 0}}, "/a");
        ByteBuffer.wrap(files).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1L << 33);
        CoreFile core = read(ElfWriter.amd64(ElfWriter.CORE).notes(ElfWriter.note("CORE", 0x46494c45, files)));
        assertThat(core.files()).isEmpty();
        assertLoss("core-files", "contradicts");
    }

    @Test
    void aThreadWithTooFewRegistersIsALoss() throws IOException {
        CoreFile core = read(ElfWriter.amd64(ElfWriter.CORE)
                .notes(ElfWriter.note("CORE", 1, ElfWriter.thread(7, 0, registers(20, 0)))));
        assertThat(core.threads()).isEmpty();
        assertLoss("core-notes", "bytes");
    }

    /** As gdb 13.1 prints it ({@code info threads}, {@code info registers rip rsp r14}). */
    @Test
    void registersAreThoseThatGdbShows() throws IOException {
        CoreFile kernel = fixture("1.26.11-kernel");
        assertThat(kernel.threads())
                .extracting(CoreFile.CoreThread::id)
                .containsExactly(350L, 353L, 352L, 392L, 394L, 393L, 395L, 396L, 351L);
        assertThat(register(kernel, RIP))
                .startsWith(0x48ebc1L, 0x48eb77L, 0x48eb77L)
                .endsWith(0x48eb77L);
        assertThat(register(kernel, RSP))
                .containsExactly(
                        0x2dbab7b0618L,
                        0x2dbab7ff320L,
                        0x2dbab7e9320L,
                        0x2dbac4b9320L,
                        0x2dbac459320L,
                        0x2dbac431320L,
                        0x2dbac4c5320L,
                        0x2dbac469320L,
                        0x2dbab7e1320L);
        assertThat(kernel.threads().get(1).threadPointer()).isEqualTo(0x2dbab7d9090L);
        assertThat(kernel.signal()).isEqualTo(6);
        assertThat(kernel.programName()).isEqualTo("leaky");
        assertThat(kernel.commandLine()).isEqualTo("./leaky -out out -end abort");
        assertThat(kernel.files()).hasSize(3);

        CoreFile gdb = fixture("1.18.10");
        assertThat(gdb.threads())
                .extracting(CoreFile.CoreThread::id)
                .containsExactly(5049L, 5051L, 5052L, 5053L, 5115L, 5116L, 5117L, 5118L);
        assertThat(register(gdb, RIP))
                .containsExactly(
                        0x47bcd6L, 0x46a8ddL, 0x46aec3L, 0x47bbfbL, 0x46aec3L, 0x47bbfbL, 0x46aec3L, 0x556f45L);
        assertThat(register(gdb, R14)).startsWith(0xc0000021a0L).endsWith(0xc000c69520L);
        assertThat(gdb.signal()).isZero();
        assertThat(warnings.list()).isEmpty();
    }

    private static List<Long> register(CoreFile core, int number) {
        return core.threads().stream()
                .map(thread -> thread.registers().get(number))
                .toList();
    }

    private CoreFile fixture(String name) throws IOException {
        GoFixture fixture = GoFixtures.named(name).orElseThrow();
        return CoreFile.read(ElfFile.open(fixture.core()), warnings);
    }

    private CoreFile read(ElfWriter writer) throws IOException {
        return read(writer.bytes());
    }

    private CoreFile read(byte[] bytes) throws IOException {
        Path file = Files.write(Files.createTempFile(folder, "core", ""), bytes);
        return CoreFile.read(ElfFile.open(file), warnings);
    }

    private void assertLoss(String code, String text) {
        assertThat(warnings.list()).hasSize(1);
        DumpWarning warning = warnings.list().get(0);
        assertThat(warning.code()).isEqualTo(code);
        assertThat(warning.text()).contains(text);
        assertThat(warning.loss()).isTrue();
    }

    /** Ascending from a number. */
    private static long[] registers(int count, long from) {
        long[] registers = new long[count];
        Arrays.setAll(registers, i -> from + i);
        return registers;
    }
}
