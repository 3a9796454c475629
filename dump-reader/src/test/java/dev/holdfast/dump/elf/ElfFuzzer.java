package dev.holdfast.dump.elf;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.Warnings;
import dev.holdfast.testkit.ElfWriter;
import dev.holdfast.testkit.FuzzInput;
import dev.holdfast.testkit.FuzzTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** ELF headers, notes, segments, sections and symbols of a core and its program: two files in one input. */
public final class ElfFuzzer {
    private static final Path NOWHERE = Path.of("nowhere");

    private ElfFuzzer() {}

    /** Where the fuzzer starts. */
    public static List<byte[]> seeds() {
        byte[] core = core();
        return List.of(
                FuzzInput.join(core, program(ElfWriter.PROGRAM)),
                FuzzInput.join(core, program(ElfWriter.SHARED)),
                FuzzInput.join(program(ElfWriter.SHARED), core));
    }

    /** Loads what is to be fuzzed, so that no input pays for it. */
    public static void fuzzerInitialize() {
        FuzzTarget.of(ElfFuzzer.class).warmUp();
    }

    /** Reads all that both files say. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        byte[][] files = FuzzInput.split(input, 2);
        read(files[0], files[1]);
    }

    /** Reads all that a core and its program say; false if one was refused. */
    static boolean read(byte[] coreBytes, byte[] programBytes) throws IOException {
        try (ElfFile core = ElfFile.of(MappedFile.of(Path.of("core"), coreBytes));
                ElfFile program = ElfFile.of(MappedFile.of(Path.of("program"), programBytes))) {
            Warnings warnings = new Warnings();
            CoreFile notes = CoreFile.read(core, warnings);
            program.symbol("main.main");
            program.symbolAt(0x401000);
            for (ElfFile.Section section : program.sections()) {
                try {
                    program.contents(section.name());
                } catch (DumpFormatException e) {
                    mentions(e, "program");
                }
            }
            ExecutableSearch.find(core, notes, NOWHERE);
            ExecutableMatch match = new ExecutableMatch(core, notes, program);
            long bias = match.bias();
            try {
                match.require(bias, warnings);
            } catch (DumpFormatException e) {
                mentions(e, "program");
            }
            read(MemoryImage.of(core, notes, program, bias, NOWHERE, warnings));
            return true;
        } catch (DumpFormatException e) {
            mentions(e, "");
            return false;
        }
    }

    private static void read(MemoryImage memory) {
        MemoryReader reader = memory.reader();
        for (int i = 0; i < memory.regionCount(); i++) {
            reader.u8(memory.regionStart(i));
            reader.u8(memory.regionStart(i) + memory.regionLength(i) - 1);
            try {
                reader.word(memory.regionStart(i));
            } catch (MissingMemoryException e) {
                // A word that begins in the last bytes of a region.
                mentions(e, "");
            }
        }
    }

    private static void mentions(Exception e, String what) {
        if (e.getMessage() == null
                || e.getMessage().isEmpty()
                || !e.getMessage().contains(what)) {
            throw new AssertionError("names no file", e);
        }
    }

    /** A core of one thread. */
    static byte[] core() {
        long[] registers = new long[27];
        Arrays.fill(registers, 0x401000);
        byte[] files = ElfWriter.files(
                new long[][] {{0x400000, 0x402000, 0}, {0x7f0000, 0x7f1000, 0}}, "/opt/program", "/lib/lib.so");
        return ElfWriter.amd64(ElfWriter.CORE)
                .notes(
                        ElfWriter.note("CORE", 1, ElfWriter.thread(7, 6, registers)),
                        ElfWriter.note("CORE", 3, new byte[136]),
                        ElfWriter.note("CORE", 6, ElfWriter.words(9, 0x7f401000, 3, 0x7f400040, 31, 0x500000, 0, 0)),
                        ElfWriter.note("CORE", 0x46494c45, files))
                .load(5, 0x7f400000, Arrays.copyOf(program(ElfWriter.SHARED), 600))
                .load(6, 0x500000, "/opt/program\0".getBytes(StandardCharsets.US_ASCII))
                .load(6, 0x7f600000, new byte[300])
                .bytes();
    }

    /** A program with a symbol table. */
    static byte[] program(int type) {
        byte[] id = ElfWriter.note("Go", 4, "abc".getBytes(StandardCharsets.US_ASCII));
        return ElfWriter.amd64(type)
                .entry(0x401000)
                .loadHeader(0x400000)
                .load(5, 0x401000, new byte[200])
                .load(6, 0x600000, new byte[100])
                .over(ElfWriter.RELRO, 2)
                .segment(ElfWriter.NOTE, 4, 0x402000, id, id.length)
                .sectionOver(".text", 1, 6, 1)
                .section(".rela.dyn", 4, 2, 0x403000, ElfWriter.words(0x600010, 8, 0x401010), 0, 24)
                .section(".debug_info", 1, 1 << 11, ElfWriter.words(1, 40, 1, 5, 6))
                .symbols(List.of("main.main", "main.other"), List.of(0x401000L, 0x401010L), List.of(16L, 0L))
                .bytes();
    }
}
