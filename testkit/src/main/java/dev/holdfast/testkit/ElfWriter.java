package dev.holdfast.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds 64-bit little-endian ELF files: header, segment table, contents, section table, as gdb and the kernel order them.
 *
 * <p>Contents start at any byte unless an alignment is asked for, as in gdb's cores.
 */
@SuppressWarnings("ByteBufferBackingArray") // all its buffers come from buffer()
public final class ElfWriter {
    /** {@code e_type} of a program at fixed addresses. */
    public static final int PROGRAM = 2;

    /** {@code e_type} of a position-independent one. */
    public static final int SHARED = 3;

    /** {@code e_type} of a core dump. */
    public static final int CORE = 4;

    /** {@code PT_LOAD}. */
    public static final int LOAD = 1;

    /** {@code PT_NOTE}. */
    public static final int NOTE = 4;

    /** {@code PT_GNU_RELRO}. */
    public static final int RELRO = 0x6474e552;

    private static final int HEADER = 64;
    private static final int SEGMENT = 56;
    private static final int SECTION = 64;

    private final int type;
    private final int machine;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();
    private long entry;
    private int alignment = 1;
    private boolean extended;

    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Segment(int type, int flags, long address, byte[] bytes, long memorySize, int sameAs) {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Section(
            String name, int type, long flags, long address, byte[] bytes, int inSegment, int link, long entrySize) {}

    private ElfWriter(int type, int machine) {
        this.type = type;
        this.machine = machine;
        sections.add(new Section("", 0, 0, 0, new byte[0], -1, 0, 0));
    }

    /** A file of that type for amd64. */
    public static ElfWriter amd64(int type) {
        return new ElfWriter(type, 62);
    }

    /** A file of that type for arm64. */
    public static ElfWriter arm64(int type) {
        return new ElfWriter(type, 183);
    }

    /** Where it starts. */
    public ElfWriter entry(long address) {
        this.entry = address;
        return this;
    }

    /** Segments start at multiples of this in the file. */
    public ElfWriter aligned(int bytes) {
        this.alignment = bytes;
        return this;
    }

    /** Numbers of segments and sections are written as if 16 bits did not suffice (PN_XNUM, SHN_XINDEX). */
    public ElfWriter extendedNumbers() {
        this.extended = true;
        return this;
    }

    /** Adds a segment. */
    public ElfWriter segment(int segmentType, int flags, long address, byte[] bytes, long memorySize) {
        segments.add(new Segment(segmentType, flags, address, bytes, memorySize, -1));
        return this;
    }

    /** Adds memory that was dumped in full. */
    public ElfWriter load(int flags, long address, byte[] bytes) {
        return segment(LOAD, flags, address, bytes, bytes.length);
    }

    /** Adds the file's own beginning, header and segment table, as loaded memory. */
    public ElfWriter loadHeader(long address) {
        segments.add(new Segment(LOAD, 5, address, new byte[0], 0, -2));
        return this;
    }

    /** Adds a segment over the bytes of an earlier one, such as a RELRO region. */
    public ElfWriter over(int segmentType, int earlier) {
        Segment of = segments.get(earlier);
        segments.add(new Segment(segmentType, 4, of.address, of.bytes, of.memorySize, earlier));
        return this;
    }

    /** Adds notes. */
    public ElfWriter notes(byte[]... notes) {
        return segment(NOTE, 4, 0, concatenated(notes), 0);
    }

    /** Adds a section with bytes of its own. */
    public ElfWriter section(String name, int sectionType, long flags, byte[] bytes) {
        return section(name, sectionType, flags, 0, bytes, 0, 0);
    }

    /** Adds a section with bytes of its own. */
    public ElfWriter section(
            String name, int sectionType, long flags, long address, byte[] bytes, int link, long entrySize) {
        sections.add(new Section(name, sectionType, flags, address, bytes, -1, link, entrySize));
        return this;
    }

    /** Adds a section over all bytes of a segment. */
    public ElfWriter sectionOver(String name, int sectionType, long flags, int segment) {
        Segment of = segments.get(segment);
        sections.add(new Section(name, sectionType, flags, of.address, of.bytes, segment, 0, 0));
        return this;
    }

    /** How many sections there are, with the empty first one: the number the next gets. */
    public int sectionCount() {
        return sections.size();
    }

    /** Adds {@code .strtab} and {@code .symtab} with these names, values and sizes. */
    public ElfWriter symbols(List<String> names, List<Long> values, List<Long> sizes) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write(0);
        ByteBuffer table = buffer(24 * (names.size() + 1));
        table.position(24);
        for (int i = 0; i < names.size(); i++) {
            table.putInt(text.size()).put((byte) 0x12).put((byte) 0).putShort((short) 1);
            table.putLong(values.get(i)).putLong(sizes.get(i));
            text.writeBytes(names.get(i).getBytes(StandardCharsets.UTF_8));
            text.write(0);
        }
        section(".strtab", 3, 0, text.toByteArray());
        return section(".symtab", 2, 0, 0, table.array(), sections.size() - 1, 24);
    }

    /** The file. */
    public byte[] bytes() {
        int tables = HEADER + SEGMENT * segments.size();
        ByteArrayOutputStream contents = new ByteArrayOutputStream();
        long[] offsets = new long[segments.size()];
        for (int i = 0; i < offsets.length; i++) {
            Segment segment = segments.get(i);
            if (segment.sameAs >= 0) {
                offsets[i] = offsets[segment.sameAs];
            } else if (segment.sameAs == -1) {
                pad(contents, tables, alignment);
                offsets[i] = (long) tables + contents.size();
                contents.writeBytes(segment.bytes);
            }
        }
        List<Section> all = new ArrayList<>(sections);
        boolean any = sections.size() > 1 || extended;
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        all.add(new Section(".shstrtab", 3, 0, 0, new byte[0], -1, 0, 0));
        int[] nameAt = new int[all.size()];
        for (int i = 0; i < nameAt.length; i++) {
            nameAt[i] = names.size();
            names.writeBytes(all.get(i).name.getBytes(StandardCharsets.UTF_8));
            names.write(0);
        }
        ByteBuffer sectionTable = buffer(SECTION * all.size());
        for (int i = 0; i < all.size(); i++) {
            Section section = all.get(i);
            byte[] bytes = i == all.size() - 1 ? names.toByteArray() : section.bytes;
            long offset = section.inSegment >= 0 ? offsets[section.inSegment] : (long) tables + contents.size();
            if (section.inSegment < 0 && section.type != 8 && any) {
                contents.writeBytes(bytes);
            }
            sectionTable
                    .putInt(nameAt[i])
                    .putInt(section.type)
                    .putLong(section.flags)
                    .putLong(section.address);
            sectionTable.putLong(i == 0 ? 0 : offset).putLong(bytes.length);
            sectionTable.putInt(section.link).putInt(0).putLong(1).putLong(section.entrySize);
        }
        if (extended) {
            sectionTable.putLong(32, all.size()).putInt(40, all.size() - 1).putInt(44, segments.size());
        }
        ByteBuffer file = buffer(tables + contents.size() + (any ? sectionTable.capacity() : 0));
        header(file, any, tables + contents.size(), all.size());
        for (int i = 0; i < offsets.length; i++) {
            Segment segment = segments.get(i);
            long size = segment.sameAs == -2 ? tables : segment.bytes.length;
            file.putInt(segment.type).putInt(segment.flags).putLong(offsets[i]).putLong(segment.address);
            file.putLong(segment.address).putLong(size).putLong(segment.sameAs == -2 ? size : segment.memorySize);
            file.putLong(segment.type == NOTE ? 4 : alignment);
        }
        file.put(contents.toByteArray());
        if (any) {
            file.put(sectionTable.array());
        }
        return file.array();
    }

    private void header(ByteBuffer file, boolean any, long sectionsAt, int sectionCount) {
        file.putInt(0x464c457f).put((byte) 2).put((byte) 1).put((byte) 1).position(16);
        file.putShort((short) type).putShort((short) machine).putInt(1).putLong(entry);
        file.putLong(HEADER).putLong(any ? sectionsAt : 0).putInt(0).putShort((short) HEADER);
        file.putShort((short) SEGMENT).putShort((short) (extended ? 0xffff : segments.size()));
        file.putShort((short) (any ? SECTION : 0)).putShort((short) (any && !extended ? sectionCount : 0));
        file.putShort((short) (!any ? 0 : extended ? 0xffff : sectionCount - 1));
    }

    /** Writes the file into a folder. */
    public Path writeTo(Path folder, String name) {
        try {
            return Files.write(folder.resolve(name), bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A note. */
    public static byte[] note(String owner, int type, byte[] contents) {
        byte[] name = (owner + "\0").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer note = buffer(12 + (name.length + 3 & -4) + (contents.length + 3 & -4));
        note.putInt(name.length).putInt(contents.length).putInt(type).put(name);
        note.position(12 + (name.length + 3 & -4));
        note.put(contents);
        return note.array();
    }

    /** The contents of {@code NT_PRSTATUS}. */
    public static byte[] thread(int id, int signal, long... registers) {
        ByteBuffer status = buffer(112 + 8 * registers.length + 8);
        status.putInt(0, signal).putShort(12, (short) signal).putInt(32, id);
        for (int i = 0; i < registers.length; i++) {
            status.putLong(112 + 8 * i, registers[i]);
        }
        return status.array();
    }

    /** Words one after the other, as in {@code NT_AUXV}. */
    public static byte[] words(long... words) {
        ByteBuffer bytes = buffer(8 * words.length);
        for (long word : words) {
            bytes.putLong(word);
        }
        return bytes.array();
    }

    /** The contents of {@code NT_FILE}: start, end and page number for each name. */
    public static byte[] files(long[][] ranges, String... names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(words(ranges.length, 4096));
        for (long[] range : ranges) {
            out.writeBytes(words(range));
        }
        for (String name : names) {
            out.writeBytes((name + "\0").getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static byte[] concatenated(byte[][] parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static void pad(ByteArrayOutputStream out, int before, int alignment) {
        while ((before + out.size()) % alignment != 0) {
            out.write(0);
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
