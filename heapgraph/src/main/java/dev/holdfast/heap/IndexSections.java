package dev.holdfast.heap;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.heap.IndexFormat.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BiFunction;
import java.util.zip.CRC32C;

/**
 * The sections of an index file, mapped: nothing is read but the header and what is asked for. Immutable and thread-safe;
 * the mappings go with the last column.
 */
final class IndexSections {
    private static final Section[] SECTIONS = Section.values();

    /** A mapping is addressed with an {@code int}; a power of two. */
    private static final int MOST_MAPPED = 1 << 30;

    private final String file;
    private final long[] offsets = new long[SECTIONS.length];
    private final long[] lengths = new long[SECTIONS.length];
    private final int[] widths = new int[SECTIONS.length];
    private final int[] checksums = new int[SECTIONS.length];
    private final ByteBuffer[][] mapped = new ByteBuffer[SECTIONS.length][];

    private IndexSections(String file) {
        this.file = file;
    }

    /**
     * Maps the sections of an index.
     *
     * @throws DumpFormatException if it is none, of another version, or cut short
     */
    static IndexSections open(Path path) throws IOException {
        return open(path, MOST_MAPPED);
    }

    /** The same with mappings of at most so many bytes, a power of two. */
    static IndexSections open(Path path, int mostMapped) throws IOException {
        IndexSections sections = new IndexSections(path.toString());
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            sections.readHeader(channel);
            for (Section section : SECTIONS) {
                sections.map(channel, section.ordinal(), mostMapped);
            }
        }
        return sections;
    }

    private void readHeader(FileChannel channel) throws IOException {
        long length = channel.size();
        ByteBuffer header = ByteBuffer.allocate(IndexFormat.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {
            // Until it is whole or the file ends.
        }
        if (header.position() < 12 || header.getLong(0) != IndexFormat.MAGIC) {
            throw refused("it is no index of holdfast; give one that --save-index wrote");
        }
        int version = header.getInt(8);
        if (version != IndexFormat.VERSION) {
            throw refused("the index has format version " + version + ", and this program reads version "
                    + IndexFormat.VERSION + "; make it again with --save-index");
        }
        if (header.hasRemaining() || checksum(header, IndexFormat.CHECKSUM) != header.getInt(IndexFormat.CHECKSUM)) {
            throw IndexDamage.of(file, 0, "the header's checksum does not hold");
        }
        long expected = header.getLong(16);
        if (expected != length) {
            throw refused("the index has " + length + " bytes instead of " + expected
                    + ": it is cut short or was changed; make it again with --save-index");
        }
        int count = header.getInt(12);
        if (count < 0 || count > (IndexFormat.CHECKSUM - IndexFormat.TABLE) / IndexFormat.ENTRY_BYTES) {
            throw IndexDamage.of(file, 12, count + " sections");
        }
        for (int entry = 0; entry < count; entry++) {
            readEntry(header, IndexFormat.TABLE + entry * IndexFormat.ENTRY_BYTES, length);
        }
    }

    private void readEntry(ByteBuffer header, int at, long fileLength) throws DumpFormatException {
        int section = header.getInt(at);
        int width = header.getInt(at + 4);
        long offset = header.getLong(at + 8);
        long length = header.getLong(at + 16);
        boolean fits = section >= 0
                && section < SECTIONS.length
                && offsets[section] == 0
                && (width == 1 || width == Integer.BYTES || width == Long.BYTES)
                && offset >= IndexFormat.HEADER_BYTES
                && offset % IndexFormat.ALIGNMENT == 0
                && length >= 0
                && length % width == 0
                && length <= fileLength - offset;
        if (!fits) {
            throw IndexDamage.of(file, at, "section " + section + " at " + offset + " of " + length + " bytes");
        }
        offsets[section] = offset;
        lengths[section] = length;
        widths[section] = width;
        checksums[section] = header.getInt(at + 24);
    }

    private void map(FileChannel channel, int section, int mostMapped) throws IOException {
        long length = lengths[section];
        ByteBuffer[] pieces = new ByteBuffer[Math.toIntExact((length + mostMapped - 1) / mostMapped)];
        for (int piece = 0; piece < pieces.length; piece++) {
            long from = (long) piece * mostMapped;
            pieces[piece] = channel.map(
                            FileChannel.MapMode.READ_ONLY, offsets[section] + from, Math.min(mostMapped, length - from))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        mapped[section] = pieces;
    }

    /** Looks at every byte. */
    void verify() throws DumpFormatException {
        for (Section section : SECTIONS) {
            CRC32C sum = new CRC32C();
            for (ByteBuffer piece : mapped[section.ordinal()]) {
                sum.update(piece.duplicate());
            }
            if ((int) sum.getValue() != checksums[section.ordinal()] && has(section)) {
                throw IndexDamage.of(
                        file, offsets[section.ordinal()], "the checksum of section " + section + " does not hold");
            }
        }
    }

    static int checksum(ByteBuffer bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.duplicate().position(0).limit(length));
        return (int) sum.getValue();
    }

    String file() {
        return file;
    }

    boolean has(Section section) {
        return offsets[section.ordinal()] != 0;
    }

    /** Decodes a section that is no column. */
    IndexInput input(Section section) throws DumpFormatException {
        ByteBuffer[] pieces = pieces(section, 1);
        if (pieces.length > 1) {
            throw IndexDamage.of(file, offsets[section.ordinal()], "section " + section + " of 1 GiB or more");
        }
        return new IndexInput(
                file, offsets[section.ordinal()], pieces.length == 0 ? ByteBuffer.allocate(0) : pieces[0]);
    }

    IntColumn ints(Section section, long atLeast, long low, long high, ColumnCheck.Order order)
            throws DumpFormatException {
        ByteBuffer[] pieces = pieces(section, Integer.BYTES);
        IntBuffer[] ints = new IntBuffer[pieces.length];
        for (int i = 0; i < pieces.length; i++) {
            ints[i] = pieces[i].asIntBuffer();
        }
        return column(
                section,
                Integer.BYTES,
                atLeast,
                pieces,
                (size, chunk) -> new CheckedIntColumn(
                        size,
                        ints.length > 1
                                ? null
                                : ints.length == 0 ? IntBuffer.allocate(0).asReadOnlyBuffer() : ints[0],
                        ints,
                        chunk,
                        check(section, low, high, order)));
    }

    LongColumn longs(Section section, long atLeast, long low, long high, ColumnCheck.Order order)
            throws DumpFormatException {
        ByteBuffer[] pieces = pieces(section, Long.BYTES);
        LongBuffer[] longs = new LongBuffer[pieces.length];
        for (int i = 0; i < pieces.length; i++) {
            longs[i] = pieces[i].asLongBuffer();
        }
        return column(
                section,
                Long.BYTES,
                atLeast,
                pieces,
                (size, chunk) -> new CheckedLongColumn(
                        size,
                        longs.length > 1
                                ? null
                                : longs.length == 0 ? LongBuffer.allocate(0).asReadOnlyBuffer() : longs[0],
                        longs,
                        chunk,
                        check(section, low, high, order)));
    }

    ByteColumn bytes(Section section, long atLeast, long low, long high) throws DumpFormatException {
        ByteBuffer[] pieces = pieces(section, 1);
        return column(
                section,
                1,
                atLeast,
                pieces,
                (size, chunk) -> new CheckedByteColumn(
                        size,
                        pieces.length > 1
                                ? null
                                : pieces.length == 0 ? ByteBuffer.allocate(0).asReadOnlyBuffer() : pieces[0],
                        pieces,
                        chunk,
                        check(section, low, high, ColumnCheck.Order.ANY)));
    }

    /** Values from 0 to {@code high}, 4 or 8 bytes each. */
    UnsignedColumn unsigned(Section section, long atLeast, long high, ColumnCheck.Order order)
            throws DumpFormatException {
        if (widths[section.ordinal()] == Long.BYTES) {
            return UnsignedColumn.over(longs(section, atLeast, 0, high, order));
        }
        return UnsignedColumn.over(ints(section, atLeast, 0, Math.min(high, 0xffff_ffffL), order));
    }

    private ByteBuffer[] pieces(Section section, int width) throws DumpFormatException {
        if (!has(section) || widths[section.ordinal()] != width) {
            throw IndexDamage.of(file, 0, "no section " + section);
        }
        return mapped[section.ordinal()];
    }

    private ColumnCheck check(Section section, long low, long high, ColumnCheck.Order order) {
        return new ColumnCheck(file, offsets[section.ordinal()], low, high, order);
    }

    private <C> C column(
            Section section, int width, long atLeast, ByteBuffer[] pieces, BiFunction<Long, Integer, C> wrap)
            throws DumpFormatException {
        long size = lengths[section.ordinal()] / width;
        if (size < atLeast) {
            throw IndexDamage.of(
                    file, offsets[section.ordinal()], "section " + section + " of " + size + " values, not " + atLeast);
        }
        return wrap.apply(size, pieces.length > 1 ? pieces[0].capacity() / width : 1);
    }

    private DumpFormatException refused(String why) {
        return new DumpFormatException(file, -1, why);
    }
}
