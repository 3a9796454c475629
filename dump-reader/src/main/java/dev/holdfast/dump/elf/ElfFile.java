package dev.holdfast.dump.elf;

import dev.holdfast.dump.DumpFormatException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ELF file of a 64-bit little-endian machine (System V ABI; core dumps as Linux, gdb and qemu write them).
 *
 * <p>Immutable and thread-safe. The file is mapped as a whole, which costs address space but no memory, and the file itself
 * is closed again when {@link #open} returns, so buffers stay good after {@link #close}. Everything the file says about
 * places in itself is checked against its length: {@link DumpFormatException}.
 */
public final class ElfFile implements Closeable {
    /** {@code e_type} of a program that is linked to fixed addresses. */
    static final int TYPE_FIXED = 2;

    /** {@code e_type} of a shared object or a position-independent program. */
    static final int TYPE_SHARED = 3;

    /** {@code e_type} of a core dump. */
    static final int TYPE_CORE = 4;

    /** {@code PT_LOAD}. */
    public static final int SEGMENT_LOAD = 1;

    /** {@code PT_NOTE}. */
    public static final int SEGMENT_NOTE = 4;

    /** {@code PT_TLS}. */
    public static final int SEGMENT_TLS = 7;

    /** {@code SHT_NOTE}. */
    static final int SECTION_NOTE = 7;

    /** Machines whose programs are read. */
    public enum Machine {
        /** x86-64. */
        AMD64,
        /** 64-bit Arm. */
        ARM64
    }

    /** A segment (program header). */
    public record Segment(
            int type, int flags, long offset, long address, long fileSize, long memorySize, long alignment) {
        /** Whether the process may write it. */
        public boolean writable() {
            return (flags & 2) != 0;
        }

        /** Whether the process may execute it. */
        public boolean executable() {
            return (flags & 1) != 0;
        }
    }

    /**
     * A section.
     *
     * @param link another section that belongs to it
     * @param entrySize of each of its entries, or 0
     */
    public record Section(
            String name, int type, long flags, long address, long offset, long size, int link, long entrySize) {}

    private final MappedFile file;
    private final ElfHeaders headers;
    private final List<Segment> segments;
    private final List<Section> sections;

    /** Read when first asked for; two threads may both read it. */
    private volatile @Nullable ElfSymbols symbols;

    private ElfFile(MappedFile file, ElfHeaders headers) throws DumpFormatException {
        this.file = file;
        this.headers = headers;
        this.segments = headers.segments();
        this.sections = headers.sections();
    }

    /**
     * Opens a file.
     *
     * @throws DumpFormatException if it is no ELF file, one of another kind of machine, or contradicts itself
     */
    public static ElfFile open(Path path) throws IOException {
        return of(MappedFile.open(path));
    }

    static ElfFile of(MappedFile file) throws DumpFormatException {
        return new ElfFile(file, ElfHeaders.read(file));
    }

    /** The file as the user named it. */
    public Path path() {
        return file.path();
    }

    /** Its length. */
    public long size() {
        return file.size();
    }

    /** Its machine. */
    public Machine machine() {
        return headers.machine;
    }

    /** Whether it is a core dump. */
    public boolean isCore() {
        return headers.isCore();
    }

    /** Whether it can be loaded anywhere, so that its addresses are moved by a bias. */
    public boolean isPositionIndependent() {
        return headers.type == TYPE_SHARED;
    }

    /** Where it starts. */
    public long entry() {
        return headers.entry;
    }

    /** Its segments. */
    public List<Segment> segments() {
        return segments;
    }

    /** Its sections; none in a core that was cut. */
    public List<Section> sections() {
        return sections;
    }

    /** The section of that name, or null. */
    public @Nullable Section section(String name) {
        for (Section section : sections) {
            if (section.name().equals(name)) {
                return section;
            }
        }
        return null;
    }

    /**
     * Contents of the section of that name, unpacked, little-endian, from index 0; empty if there is none. Also finds
     * {@code .zdebug_*} for {@code .debug_*}. Unpacks at each call: keep the result.
     */
    public ByteBuffer contents(String section) throws IOException {
        Section found = section(section);
        if (found == null && section.startsWith(".debug_")) {
            found = section(".z" + section.substring(1));
        }
        if (found == null) {
            return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
        }
        return new SectionContents(file).read(found);
    }

    /** Address of a symbol as linked, or 0 if the file does not have it. */
    public long symbol(String name) {
        Long address = symbols().address(name);
        return address == null ? 0 : address;
    }

    /** Whether the file has a symbol of that name; for those whose value may be 0. */
    public boolean hasSymbol(String name) {
        return symbols().address(name) != null;
    }

    /** Name of the symbol that covers an address as linked, or null. */
    public @Nullable String symbolAt(long address) {
        return symbols().nameAt(address);
    }

    /** The linker's build id in hexadecimal digits, or null. */
    public @Nullable String buildId() {
        for (ElfNote note : notes()) {
            if (note.is("GNU", BuildIds.GNU_BUILD_ID)) {
                return BuildIds.hexadecimal(note.contents());
            }
        }
        return null;
    }

    /** Go's build id, or null. */
    public @Nullable String goBuildId() {
        for (ElfNote note : notes()) {
            if (note.is("Go", BuildIds.GO_BUILD_ID)) {
                return BuildIds.text(note.contents());
            }
        }
        Section text = section(".text");
        if (text == null || !ElfHeaders.hasBytes(text) || !file.has(text.offset(), text.size())) {
            return null;
        }
        return BuildIds.atStartOfText(file.slice(text.offset(), Math.min(text.size(), BuildIds.TEXT_PREFIX)));
    }

    /** Notes of a program: those in segments, then those only in sections. */
    private List<ElfNote> notes() {
        List<ElfNote> notes = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.type() == SEGMENT_NOTE) {
                notes.addAll(notesAt(segment.offset(), segment.fileSize(), segment.alignment()));
            }
        }
        for (Section section : sections) {
            if (section.type() == SECTION_NOTE) {
                notes.addAll(notesAt(section.offset(), section.size(), 4));
            }
        }
        return notes;
    }

    private List<ElfNote> notesAt(long offset, long length, long alignment) {
        if (!file.has(offset, length) || length > BuildIds.MAX_NOTES) {
            return List.of();
        }
        List<ElfNote> notes = new ArrayList<>();
        ElfNote.each(file.slice(offset, length), offset, alignment, notes::add);
        return notes;
    }

    MappedFile file() {
        return file;
    }

    private ElfSymbols symbols() {
        ElfSymbols known = symbols;
        if (known == null) {
            known = readSymbols();
            symbols = known;
        }
        return known;
    }

    private ElfSymbols readSymbols() {
        Section table = section(".symtab");
        if (table == null || !ElfHeaders.hasBytes(table)) {
            table = section(".dynsym");
        }
        if (table == null || table.link() < 0 || table.link() >= sections.size()) {
            return ElfSymbols.NONE;
        }
        try {
            SectionContents contents = new SectionContents(file);
            return new ElfSymbols(contents.read(table), contents.read(sections.get(table.link())));
        } catch (IOException e) {
            // A table that is cut off or damaged: as good as stripped.
            return ElfSymbols.NONE;
        }
    }

    /** Does nothing: the mapping ends when nothing refers to it any more. */
    @Override
    public void close() {}
}
