package dev.holdfast.dump.elf;

import dev.holdfast.dump.DumpFormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the three tables every ELF file has: its header, the segments, the sections (System V ABI, chapters 4 and 5).
 *
 * <p>A core may be cut anywhere behind its segment table; what names sections is at its end and is then left out. Every other
 * file must have all it says.
 */
final class ElfHeaders {
    private static final int HEADER = 64;
    private static final int SEGMENT = 56;
    private static final int SECTION = 64;

    /** More segments than 16 bits count: the true number is in section 0 (PN_XNUM). */
    private static final int EXTENDED = 0xffff;

    /**
     * No process has more mappings ({@code vm.max_map_count} is raised to 2^20 at most in practice), and a sparse file may
     * have room for any number.
     */
    private static final long MAX_ENTRIES = 1 << 21;

    /** Longer names of sections do not exist; a table without zeros must not be read again for each section. */
    private static final int MAX_NAME = 1024;

    /** Sections without bytes in the file. */
    private static final int SHT_NOBITS = 8;

    private final MappedFile file;
    final ElfFile.Machine machine;
    final int type;
    final long entry;
    private final long segmentsAt;
    private final long sectionsAt;
    private final int segmentCount;
    private final int sectionCount;
    private final int namesSection;

    private ElfHeaders(MappedFile file, ByteBuffer header) throws DumpFormatException {
        this.file = file;
        this.type = header.getShort(16) & 0xffff;
        this.machine = machine(header.getShort(18) & 0xffff);
        this.entry = header.getLong(24);
        this.segmentsAt = header.getLong(32);
        this.sectionsAt = header.getLong(40);
        this.segmentCount = header.getShort(56) & 0xffff;
        this.sectionCount = header.getShort(60) & 0xffff;
        this.namesSection = header.getShort(62) & 0xffff;
        if (segmentCount > 0 && (header.getShort(54) & 0xffff) != SEGMENT) {
            throw file.wrong(54, "ELF header says segments of " + (header.getShort(54) & 0xffff) + " bytes");
        }
        if (sectionCount > 0 && (header.getShort(58) & 0xffff) != SECTION) {
            throw file.wrong(58, "ELF header says sections of " + (header.getShort(58) & 0xffff) + " bytes");
        }
    }

    static ElfHeaders read(MappedFile file) throws DumpFormatException {
        if (file.size() < 20) {
            throw file.wrong(0, "is not an ELF file: it has only " + file.size() + " bytes");
        }
        ByteBuffer ident = file.slice(0, 20);
        if (ident.getShort(0) == (short) 0x8b1f) {
            throw file.wrong(0, "is compressed with gzip, unpack it first (gzip -d)");
        }
        if (ident.getInt(0) != 0x464c457f) {
            throw file.wrong(0, "is not an ELF file");
        }
        if (ident.get(5) == 2) {
            throw file.wrong(5, "is a big-endian ELF file; only 64-bit little-endian ones are read (amd64, arm64)");
        }
        if (ident.get(4) == 1) {
            throw file.wrong(4, "is a 32-bit ELF file; only 64-bit little-endian ones are read (amd64, arm64)");
        }
        if (ident.get(4) != 2 || ident.get(5) != 1) {
            throw file.wrong(4, "ELF header has class " + ident.get(4) + " and byte order " + ident.get(5));
        }
        return new ElfHeaders(file, file.checked(0, HEADER, "ELF header"));
    }

    private ElfFile.Machine machine(int number) throws DumpFormatException {
        switch (number) {
            case 62:
                return ElfFile.Machine.AMD64;
            case 183:
                return ElfFile.Machine.ARM64;
            case 243:
                throw file.wrong(18, "is an ELF file for riscv64; only amd64 and arm64 are read");
            case 258:
                throw file.wrong(18, "is an ELF file for loong64; only amd64 and arm64 are read");
            case 21:
                throw file.wrong(18, "is an ELF file for ppc64; only amd64 and arm64 are read");
            default:
                throw file.wrong(18, "is an ELF file for machine " + number + "; only amd64 and arm64 are read");
        }
    }

    boolean isCore() {
        return type == ElfFile.TYPE_CORE;
    }

    List<ElfFile.Segment> segments() throws DumpFormatException {
        long count = segmentCount;
        if (segmentCount == EXTENDED) {
            count = extendedSegmentCount();
        }
        if (count > Math.min(MAX_ENTRIES, file.size() / SEGMENT)) {
            throw file.wrong(56, "ELF header says " + count + " segments, more than can be");
        }
        file.checked(segmentsAt, count * SEGMENT, "table of " + count + " segments");
        List<ElfFile.Segment> segments = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) {
            ByteBuffer at = file.slice(segmentsAt + i * SEGMENT, SEGMENT);
            segments.add(new ElfFile.Segment(
                    at.getInt(0),
                    at.getInt(4),
                    at.getLong(8),
                    at.getLong(16),
                    at.getLong(32),
                    at.getLong(40),
                    at.getLong(48)));
        }
        return List.copyOf(segments);
    }

    private long extendedSegmentCount() throws DumpFormatException {
        if (sectionsAt != 0 && file.has(sectionsAt, SECTION)) {
            return file.slice(sectionsAt, SECTION).getInt(44) & 0xffffffffL;
        }
        // The kernel writes that section last, so a cut core has lost it; but its first segment, the notes, follows the
        // table directly.
        ByteBuffer first = file.checked(segmentsAt, SEGMENT, "segment");
        long tableBytes = first.getLong(8) - segmentsAt;
        if (first.getInt(0) != ElfFile.SEGMENT_NOTE || tableBytes <= 0 || tableBytes % SEGMENT != 0) {
            throw file.wrong(
                    sectionsAt, "section 0, which holds the number of segments, is beyond the end of the file");
        }
        return tableBytes / SEGMENT;
    }

    List<ElfFile.Section> sections() throws DumpFormatException {
        if (sectionsAt == 0) {
            return List.of();
        }
        if (isCore() && !file.has(sectionsAt, SECTION)) {
            return List.of();
        }
        ByteBuffer zero = file.checked(sectionsAt, SECTION, "section 0");
        // Where 16 bits do not suffice, section 0 has both numbers.
        long count = sectionCount == 0 ? zero.getLong(32) : sectionCount;
        long names = namesSection == EXTENDED ? zero.getInt(40) & 0xffffffffL : namesSection;
        if (count < 0 || count > MAX_ENTRIES || !file.has(sectionsAt, count * SECTION)) {
            if (isCore()) {
                return List.of();
            }
            throw file.wrong(sectionsAt, "table of " + Long.toUnsignedString(count) + " sections is cut off");
        }
        ByteBuffer text = null;
        if (names > 0 && names < count) {
            ByteBuffer at = file.slice(sectionsAt + names * SECTION, SECTION);
            if (file.has(at.getLong(24), at.getLong(32))) {
                text = file.checked(at.getLong(24), at.getLong(32), "names of sections");
            } else if (!isCore()) {
                throw file.wrong(at.getLong(24), "names of sections lie beyond the end of the file");
            }
        }
        List<ElfFile.Section> sections = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) {
            ByteBuffer at = file.slice(sectionsAt + i * SECTION, SECTION);
            int sectionType = at.getInt(4);
            String name = text == null ? "" : ElfText.at(text, at.getInt(0) & 0xffffffffL, MAX_NAME);
            sections.add(new ElfFile.Section(
                    name,
                    sectionType,
                    at.getLong(8),
                    at.getLong(16),
                    at.getLong(24),
                    at.getLong(32),
                    at.getInt(40),
                    at.getLong(56)));
        }
        return List.copyOf(sections);
    }

    static boolean hasBytes(ElfFile.Section section) {
        return section.type() != SHT_NOBITS && section.type() != 0;
    }
}
