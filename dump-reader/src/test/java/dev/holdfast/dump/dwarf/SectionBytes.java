package dev.holdfast.dump.dwarf;

import dev.holdfast.dump.Warnings;
import dev.holdfast.dump.elf.ElfFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The sections of a test as arrays by name, to be changed. */
final class SectionBytes {
    private final Map<String, byte[]> bytes = new LinkedHashMap<>();

    SectionBytes with(String name, byte[] contents) {
        bytes.put(name, contents);
        return this;
    }

    SectionBytes with(String name, DwarfBytes contents) {
        return with(name, contents.array());
    }

    byte[] get(String name) {
        return bytes.getOrDefault(name, new byte[0]);
    }

    Map<String, byte[]> all() {
        return bytes;
    }

    SectionBytes copy() {
        SectionBytes copy = new SectionBytes();
        bytes.forEach((name, contents) -> copy.with(name, contents.clone()));
        return copy;
    }

    Sections sections() {
        return new Sections(
                buffer("info"),
                buffer("abbrev"),
                buffer("str"),
                buffer("line_str"),
                buffer("str_offsets"),
                buffer("addr"),
                buffer("loc"),
                buffer("loclists"),
                buffer("ranges"),
                buffer("rnglists"));
    }

    private ByteBuffer buffer(String name) {
        return DwarfBytes.buffer(get(name));
    }

    /** Those of a program. */
    static SectionBytes of(Path executable) {
        SectionBytes bytes = new SectionBytes();
        try (ElfFile file = ElfFile.open(executable)) {
            Sections sections = Sections.of(file, new Warnings());
            bytes.with("info", array(sections.info())).with("abbrev", array(sections.abbrev()));
            bytes.with("addr", array(sections.addr())).with("loc", array(sections.loc()));
            bytes.with("loclists", array(sections.loclists())).with("ranges", array(sections.ranges()));
            bytes.with("rnglists", array(sections.rnglists()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.limit()];
        buffer.get(0, bytes);
        return bytes;
    }

    /** The same, cut to its first bytes. */
    void cut(String name, int length) {
        bytes.put(name, Arrays.copyOf(get(name), length));
    }
}
