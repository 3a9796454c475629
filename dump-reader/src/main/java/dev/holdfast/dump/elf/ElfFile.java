package dev.holdfast.dump.elf;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An ELF file of a 64-bit little-endian machine, mapped; thread-safe. */
public final class ElfFile implements Closeable {
    /** Machines whose programs are read. */
    public enum Machine {
        /** x86-64. */
        AMD64,
        /** 64-bit Arm. */
        ARM64
    }

    /** A segment (program header). */
    public record Segment(int type, int flags, long offset, long address, long fileSize, long memorySize) {}

    /** A section. */
    public record Section(String name, int type, long flags, long address, long offset, long size) {}

    /** Opens a file. */
    public static ElfFile open(Path file) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The file as the user named it. */
    public Path path() {
        throw new UnsupportedOperationException();
    }

    /** Its machine. */
    public Machine machine() {
        throw new UnsupportedOperationException();
    }

    /** Whether it is a core dump. */
    public boolean isCore() {
        throw new UnsupportedOperationException();
    }

    /** Where it starts. */
    public long entry() {
        throw new UnsupportedOperationException();
    }

    /** Its segments. */
    public List<Segment> segments() {
        throw new UnsupportedOperationException();
    }

    /** Its sections. */
    public List<Section> sections() {
        throw new UnsupportedOperationException();
    }

    /** The section of that name, or null. */
    public @Nullable Section section(String name) {
        throw new UnsupportedOperationException();
    }

    /** Contents of the section of that name, unpacked; empty if there is none. Also finds {@code .zdebug_*} for {@code .debug_*}. */
    public ByteBuffer contents(String section) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Address of a symbol as linked, or 0 if the file does not have it. */
    public long symbol(String name) {
        throw new UnsupportedOperationException();
    }

    /** Name of the symbol that covers an address as linked, or null. */
    public @Nullable String symbolAt(long address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() throws IOException {}
}
