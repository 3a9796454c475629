package dev.holdfast.dump.elf;

import dev.holdfast.dump.DumpFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A whole file in the address space, little-endian; immutable and thread-safe.
 *
 * <p>Pieces start every 2^30 bytes and are up to 2^31 - 1 long, so any run of 2^30 bytes lies in one piece and can be a slice
 * wherever it starts. Mapping each segment by itself would meet the kernel's limit of 65530 mappings. Costs address space
 * (twice the file), no memory; the file itself is closed at once.
 */
final class MappedFile {
    /** Longest run of bytes that can be asked for. */
    static final int MAX_SLICE = 1 << 30;

    private static final int PIECE_BITS = 30;

    /** A sparse file can say any length; twice this is a quarter of the address space. */
    private static final long MAX_SIZE = 1L << 44;

    private final Path path;
    private final long size;
    private final ByteBuffer[] pieces;

    private MappedFile(Path path, long size, ByteBuffer[] pieces) {
        this.path = path;
        this.size = size;
        this.pieces = pieces;
    }

    static MappedFile open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new DumpFormatException(path.toString(), -1, "is a directory, not an ELF file");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > MAX_SIZE) {
                throw new DumpFormatException(
                        path.toString(), -1, "has " + size + " bytes; " + MAX_SIZE + " can be read");
            }
            ByteBuffer[] pieces = new ByteBuffer[(int) ((size + MAX_SLICE - 1) >>> PIECE_BITS)];
            for (int i = 0; i < pieces.length; i++) {
                long start = (long) i << PIECE_BITS;
                long length = Math.min(size - start, Integer.MAX_VALUE);
                pieces[i] = channel.map(FileChannel.MapMode.READ_ONLY, start, length)
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
            return new MappedFile(path, size, pieces);
        }
    }

    /** A file that is in memory already. */
    static MappedFile of(Path path, byte[] bytes) {
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        direct.put(0, bytes);
        return new MappedFile(path, bytes.length, new ByteBuffer[] {direct.asReadOnlyBuffer()});
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** Whether the file has these bytes; both numbers may be forged. */
    boolean has(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= size && length <= size - offset;
    }

    /** The bytes, of which there must be at most {@link #MAX_SLICE}, and which must be in the file. */
    ByteBuffer slice(long offset, long length) {
        if (!has(offset, length) || length > MAX_SLICE) {
            throw new IndexOutOfBoundsException(offset + " + " + length + " of " + size);
        }
        if (length == 0) {
            return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
        }
        ByteBuffer piece = pieces[(int) (offset >>> PIECE_BITS)];
        return piece.slice((int) (offset & MAX_SLICE - 1), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The bytes; a {@link DumpFormatException} that names them if the file does not have them. */
    ByteBuffer checked(long offset, long length, String what) throws DumpFormatException {
        if (!has(offset, length)) {
            throw wrong(
                    offset, what + " of " + Long.toUnsignedString(length) + " bytes lies beyond the end of the file");
        }
        if (length > MAX_SLICE) {
            throw wrong(offset, what + " of " + length + " bytes is longer than the " + MAX_SLICE + " that are read");
        }
        return slice(offset, length);
    }

    DumpFormatException wrong(long offset, String what) {
        return new DumpFormatException(path.toString(), offset, what);
    }
}
