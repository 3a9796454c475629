package dev.holdfast.dump.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.Warnings;
import dev.holdfast.testkit.ElfWriter;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutableMatchTest {
    @TempDir
    private Path folder;

    @Test
    void eachCoreHasItsOwnProgramAndNoOther() throws IOException {
        List<GoFixture> fixtures = GoFixtures.committed();
        for (GoFixture of : fixtures) {
            ElfFile core = ElfFile.open(of.core());
            CoreFile notes = CoreFile.read(core, new Warnings());
            for (GoFixture other : fixtures) {
                ExecutableMatch match = new ExecutableMatch(core, notes, ElfFile.open(other.executable()));
                ExecutableMatch.Verdict expected = of.executable().equals(other.executable())
                        ? ExecutableMatch.Verdict.MATCHES
                        : ExecutableMatch.Verdict.DIFFERS;
                assertThat(match.verdict(match.bias()))
                        .as("%s with %s", of, other)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void aProgramBuiltAgainIsRefusedWithBothIds() throws IOException {
        ElfFile core = ElfFile.open(fixture("1.26.11").core());
        CoreFile notes = CoreFile.read(core, new Warnings());
        ElfFile wrong = ElfFile.open(fixture("1.21.13").executable());
        ExecutableMatch match = new ExecutableMatch(core, notes, wrong);
        assertThatThrownBy(() -> match.require(0, new Warnings()))
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining("leaky.exe")
                .hasMessageContaining(wrong.goBuildId())
                .hasMessageContaining(
                        "qSq2U4nhWrTxiKUzH-Hm/pQy0iDQx9DA-pkJcYyLA/OZ16Y_swqd-r4zQljB9g/sWBiqgHfyX3_jKltj8UC")
                .hasMessageContaining("not one built again");
    }

    @Test
    void withoutBuildIdsTheMemoryItselfTells() throws IOException {
        for (String name : List.of("1.18.10", "1.26.11", "1.26.11-kernel")) {
            GoFixture fixture = fixture(name);
            ElfFile core = ElfFile.open(fixture.core());
            CoreFile notes = CoreFile.read(core, new Warnings());
            ElfFile anonymous = ElfFile.open(withoutIds(fixture.executable(), null));
            assertThat(anonymous.goBuildId()).isNull();
            assertThat(anonymous.buildId()).isNull();
            assertThat(new ExecutableMatch(core, notes, anonymous).verdict(0))
                    .as(name)
                    .isEqualTo(ExecutableMatch.Verdict.MATCHES);

            ElfFile moved = ElfFile.open(withoutIds(fixture.executable(), "runtime.firstmoduledata"));
            assertThat(new ExecutableMatch(core, notes, moved).verdict(0))
                    .as(name)
                    .isEqualTo(ExecutableMatch.Verdict.DIFFERS);
        }
    }

    @Test
    void aCoreWithNothingOfTheProgramGivesAWarning() throws IOException {
        ElfFile core = ElfFile.open(
                ElfWriter.amd64(ElfWriter.CORE).load(6, 0x1000, new byte[64]).writeTo(folder, "core"));
        CoreFile notes = CoreFile.read(core, new Warnings());
        ElfFile program = ElfFile.open(fixture("1.26.11").executable());
        Warnings warnings = new Warnings();
        new ExecutableMatch(core, notes, program).require(0, warnings);
        assertThat(warnings.list()).hasSize(1);
        assertThat(warnings.list().get(0).code()).isEqualTo("executable-unverified");
        assertThat(warnings.list().get(0).loss()).isFalse();
    }

    @Test
    void whatIsNotAProgramOfThatMachineIsRefused() throws IOException {
        ElfFile core = ElfFile.open(fixture("1.26.11").core());
        CoreFile notes = CoreFile.read(core, new Warnings());
        assertRefused(core, notes, core, "is a core dump");
        ElfFile arm = ElfFile.open(ElfWriter.arm64(ElfWriter.PROGRAM).writeTo(folder, "arm"));
        assertRefused(core, notes, arm, "ARM64");
        ElfFile debug = ElfFile.open(ElfWriter.amd64(ElfWriter.PROGRAM)
                .section(".text", 8, 6, new byte[4])
                .writeTo(folder, "debug"));
        assertRefused(core, notes, debug, "only debugging information");
    }

    @Test
    void thePlaceOfAMovableProgramComesFromWhereverItIsTold() throws IOException {
        long first = 0x400000;
        long bias = 0x5555_0000_0000L;
        ElfWriter program = movable(first);
        ElfFile executable = ElfFile.open(program.writeTo(folder, "program"));
        byte[] header = program.bytes();
        byte[] elsewhere = movable(0x900000).bytes();

        // By the entry point alone; nothing of the program is in the core.
        ElfWriter entry = core(ElfWriter.words(9, bias + first + 0x10, 0, 0));
        assertThat(bias(entry, executable)).isEqualTo(bias);
        // By the table of segments alone.
        ElfWriter table = core(ElfWriter.words(3, bias + first + 64, 0, 0));
        assertThat(bias(table, executable)).isEqualTo(bias);
        // Started through the loader, to which both belong: the list of files and the header in memory tell.
        long loader = 0x7f00_0000_0000L;
        ElfWriter through = ElfWriter.amd64(ElfWriter.CORE)
                .notes(
                        ElfWriter.note("CORE", 6, ElfWriter.words(9, loader + 0x10, 3, loader + 64, 0, 0)),
                        ElfWriter.note(
                                "CORE",
                                0x46494c45,
                                ElfWriter.files(
                                        new long[][] {{loader, loader + 4096, 0}, {bias + first, bias + first + 4096, 0}
                                        },
                                        "/ld.so",
                                        "/program")))
                .load(5, loader, elsewhere)
                .load(5, bias + first, header);
        assertThat(bias(through, executable)).isEqualTo(bias);
        // Cut by its end: no notes, only memory.
        ElfWriter cut =
                ElfWriter.amd64(ElfWriter.CORE).load(5, loader, elsewhere).load(5, bias + first, header);
        assertThat(bias(cut, executable)).isEqualTo(bias);
        // Nothing tells.
        ElfWriter nothing = ElfWriter.amd64(ElfWriter.CORE).load(5, loader, elsewhere);
        ElfWriter none = ElfWriter.amd64(ElfWriter.CORE);
        for (ElfWriter silent : List.of(nothing, none)) {
            assertThatThrownBy(() -> bias(silent, executable))
                    .isInstanceOf(DumpFormatException.class)
                    .hasMessageContaining("does not tell where");
        }
        // One at fixed addresses has none whatever the core says.
        ElfFile fixed = ElfFile.open(
                ElfWriter.amd64(ElfWriter.PROGRAM).load(5, first, header).writeTo(folder, "fixed"));
        assertThat(bias(entry, fixed)).isZero();
    }

    @Test
    void theProgramIsFoundUnderTheNamesTheCoreHas() throws IOException {
        GoFixture fixture = fixture("1.26.11-kernel");
        ElfFile real = ElfFile.open(fixture.core());
        CoreFile notes = CoreFile.read(real, new Warnings());
        String name = notes.files().get(0).name();
        assertThat(ExecutableSearch.names(notes)).containsExactly(name);
        assertThat(ExecutableSearch.find(real, notes, folder)).isNull();

        Path copy = folder.resolve(name.substring(1));
        Files.createDirectories(copy.getParent());
        Files.copy(fixture("1.21.13").executable(), copy);
        assertThat(ExecutableSearch.find(real, notes, folder)).isNull();
        Files.delete(copy);
        Files.copy(fixture.executable(), copy);
        assertThat(ExecutableSearch.find(real, notes, folder)).isEqualTo(copy);
    }

    @Test
    void theProgramIsFoundBesideTheCoreIfItMatchesForSure() throws IOException {
        Path core = folder.resolve("core");
        Files.createSymbolicLink(core, fixture("1.26.11-kernel").core());
        Path beside = folder.resolve("leaky");
        ElfFile file = ElfFile.open(core);
        CoreFile notes = CoreFile.read(file, new Warnings());
        Files.copy(fixture("1.23.12").executable(), beside);
        assertThat(ExecutableSearch.find(file, notes, folder.resolve("nowhere")))
                .isNull();
        Files.delete(beside);
        Files.copy(fixture("1.26.11-kernel").executable(), beside);
        assertThat(ExecutableSearch.find(file, notes, folder.resolve("nowhere")))
                .isEqualTo(beside);
        Files.delete(core);
    }

    /** Every word that the loader set, taken from the file with relocations, against what the core has in its place. */
    @Test
    void relocatedWordsAreThoseThatTheLoaderWrote() throws IOException {
        List<GoFixture> shared = GoFixtures.shared();
        assumeThat(shared).as(Fixtures.REASON).isNotEmpty();
        GoFixture pie = GoFixtures.named("1.26.11-pie").orElseThrow();
        ElfFile core = ElfFile.open(pie.core());
        ElfFile executable = ElfFile.open(pie.executable());
        CoreFile notes = CoreFile.read(core, new Warnings());
        ExecutableMatch match = new ExecutableMatch(core, notes, executable);
        long bias = match.bias();
        assertThat(match.verdict(bias)).isEqualTo(ExecutableMatch.Verdict.MATCHES);
        ElfFile empty = ElfFile.open(ElfWriter.amd64(ElfWriter.CORE).writeTo(folder, "empty"));
        MemoryReader fromFile = MemoryImage.of(empty, notes, executable, bias, folder, new Warnings())
                .reader();
        MemoryReader dumped = MemoryImage.ofCore(core).reader();
        ElfFile.Section relro = Objects.requireNonNull(executable.section(".data.rel.ro"));
        long relocated = 0;
        for (long at = relro.address(); at < relro.address() + relro.size(); at += 8) {
            long word = dumped.word(bias + at);
            assertThat(fromFile.word(bias + at)).as("0x%x", at).isEqualTo(word);
            relocated += word - bias >= 0x400000 && word - bias < 0x800000 ? 1 : 0;
        }
        assertThat(relocated).isGreaterThan(13_000);
        assertThat(dumped.word(bias + executable.symbol("runtime.firstmoduledata")) - bias)
                .isEqualTo(
                        Objects.requireNonNull(executable.section(".gopclntab")).address());
    }

    @Test
    void allSharedFixturesMatchAndTellTheirVersion() throws IOException {
        List<GoFixture> shared = GoFixtures.shared();
        assumeThat(shared).as(Fixtures.REASON).isNotEmpty();
        for (GoFixture fixture : shared) {
            ElfFile core = ElfFile.open(fixture.core());
            ElfFile executable = ElfFile.open(fixture.executable());
            Warnings warnings = new Warnings();
            CoreFile notes = CoreFile.read(core, warnings);
            ExecutableMatch match = new ExecutableMatch(core, notes, executable);
            long bias = match.bias();
            match.require(bias, warnings);
            MemoryReader memory = MemoryImage.of(core, notes, executable, bias, folder, warnings)
                    .reader();
            assertThat(warnings.list()).as(fixture.name()).isEmpty();
            assertThat(notes.threads()).as(fixture.name()).hasSizeGreaterThan(5);
            if (executable.hasSymbol("runtime.buildVersion")) {
                long version = bias + executable.symbol("runtime.buildVersion");
                byte[] text = memory.bytes(memory.word(version), (int) memory.word(version + 8));
                assertThat(new String(text, StandardCharsets.UTF_8))
                        .as(fixture.name())
                        .startsWith(fixture.truth().text("go_version").split("[ -]", 2)[0]);
            }
            for (CoreFile.CoreThread thread : notes.threads()) {
                boolean arm = core.machine() == ElfFile.Machine.ARM64;
                long stack = thread.registers().get(arm ? 31 : 19);
                long code = thread.registers().get(arm ? 32 : 16);
                assertThat(memory.readable(stack, 8))
                        .as("%s 0x%x 0x%x", fixture, stack, code)
                        .isTrue();
                // One may stand in the C library, which is not here.
                boolean inLibrary = notes.files().stream()
                        .anyMatch(file -> file.name().contains("/lib")
                                && Long.compareUnsigned(code - file.start(), file.end() - file.start()) < 0);
                assertThat(memory.readable(code, 4) || inLibrary)
                        .as("%s 0x%x", fixture, code)
                        .isTrue();
            }
        }
    }

    private static ElfWriter movable(long first) {
        return ElfWriter.amd64(ElfWriter.SHARED)
                .entry(first + 0x10)
                .loadHeader(first)
                .load(6, first + 0x1000, new byte[8]);
    }

    private static ElfWriter core(byte[] auxiliary) {
        return ElfWriter.amd64(ElfWriter.CORE).notes(ElfWriter.note("CORE", 6, auxiliary));
    }

    private long bias(ElfWriter core, ElfFile executable) throws IOException {
        ElfFile file = ElfFile.open(core.writeTo(folder, "core"));
        return new ExecutableMatch(file, CoreFile.read(file, new Warnings()), executable).bias();
    }

    private static void assertRefused(ElfFile core, CoreFile notes, ElfFile wrong, String why) {
        assertThatThrownBy(() -> new ExecutableMatch(core, notes, wrong).require(0, new Warnings()))
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining(why);
    }

    private static GoFixture fixture(String name) {
        return GoFixtures.named(name).orElseThrow();
    }

    /** A copy with other owners of its ids' notes, other text before its code and, if asked for, another word at a symbol. */
    private Path withoutIds(Path executable, @Nullable String damaged) throws IOException {
        ElfFile file = ElfFile.open(executable);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(executable)).order(ByteOrder.LITTLE_ENDIAN);
        for (ElfFile.Section section : file.sections()) {
            if (section.type() == ElfFile.SECTION_NOTE) {
                bytes.put((int) section.offset() + 12, (byte) 'X');
            }
        }
        ElfFile.Section text = Objects.requireNonNull(file.section(".text"));
        bytes.put((int) text.offset() + 4, (byte) 'X');
        if (damaged != null) {
            for (ElfFile.Segment segment : file.segments()) {
                long at = file.symbol(damaged) - segment.address();
                if (segment.type() == ElfFile.SEGMENT_LOAD && at >= 0 && at < segment.fileSize()) {
                    int place = (int) (segment.offset() + at);
                    bytes.putLong(place + 8, bytes.getLong(place + 8) + 64);
                }
            }
        }
        byte[] copy = new byte[bytes.capacity()];
        bytes.get(0, copy);
        return Files.write(Files.createTempFile(folder, "anonymous", ""), copy);
    }
}
