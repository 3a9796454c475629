package dev.holdfast.heap;

import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.IndexFormat.Section;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes sections to a file, which is there only when it is whole. Used once. */
final class IndexFileWriter {
    /** So much is converted and written at once. */
    private static final int BLOCK_BYTES = 1 << 20;

    private final List<Part> parts = new ArrayList<>();

    /** A section: buffers of values one after the other. */
    private record Part(Section section, int width, List<? extends Buffer> buffers) {
        long bytes() {
            long values = 0;
            for (Buffer buffer : buffers) {
                values += buffer.capacity();
            }
            return values * width;
        }
    }

    void blob(Section section, ByteBuffer bytes) {
        parts.add(new Part(section, 1, List.of(bytes)));
    }

    void bytes(Section section, ByteColumn column) {
        parts.add(new Part(section, 1, column.buffers()));
    }

    void ints(Section section, IntColumn column) {
        parts.add(new Part(section, Integer.BYTES, column.buffers()));
    }

    void longs(Section section, LongColumn column) {
        parts.add(new Part(section, Long.BYTES, column.buffers()));
    }

    void unsigned(Section section, UnsignedColumn column) {
        List<? extends Buffer> buffers = column.buffers();
        boolean wide = !buffers.isEmpty() && buffers.get(0) instanceof LongBuffer;
        parts.add(new Part(section, wide ? Long.BYTES : Integer.BYTES, buffers));
    }

    /** Writes everything. */
    void write(Path file, Progress progress) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new IOException(file + " is a folder");
        }
        long length = IndexFormat.HEADER_BYTES;
        for (Part part : parts) {
            length = IndexFormat.aligned(length + part.bytes());
        }
        long room = Files.getFileStore(folder).getUsableSpace();
        if (room < length) {
            throw new InsufficientResourcesException(String.format(
                    "the index needs %,d MiB, but %s has %,d MiB left; name a file on another disk",
                    length >> 20, folder, room >> 20));
        }
        progress.phase("saving the index", length);
        long whole = length;
        WholeFile.write(target, part -> {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                write(channel, whole, progress);
            }
        });
    }

    private void write(FileChannel channel, long length, Progress progress) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(IndexFormat.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(0, IndexFormat.MAGIC);
        header.putInt(8, IndexFormat.VERSION);
        header.putInt(12, parts.size());
        header.putLong(16, length);
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long offset = IndexFormat.HEADER_BYTES;
        int entry = IndexFormat.TABLE;
        for (Part part : parts) {
            CRC32C sum = new CRC32C();
            long end = offset;
            for (Buffer buffer : part.buffers) {
                end = write(channel, end, buffer, part.width, block, sum, progress);
            }
            header.putInt(entry, part.section.ordinal());
            header.putInt(entry + 4, part.width);
            header.putLong(entry + 8, offset);
            header.putLong(entry + 16, end - offset);
            header.putInt(entry + 24, (int) sum.getValue());
            entry += IndexFormat.ENTRY_BYTES;
            offset = IndexFormat.aligned(end);
            padding(channel, end, offset);
        }
        header.putInt(IndexFormat.CHECKSUM, IndexSections.checksum(header, IndexFormat.CHECKSUM));
        all(channel, 0, header.clear());
    }

    private static long write(
            FileChannel channel, long from, Buffer buffer, int width, ByteBuffer block, CRC32C sum, Progress progress)
            throws IOException {
        long at = from;
        for (int next = 0; next < buffer.capacity(); ) {
            progress.check();
            int count = Math.min(BLOCK_BYTES / width, buffer.capacity() - next);
            block.clear().limit(count * width);
            if (buffer instanceof IntBuffer ints) {
                block.asIntBuffer().put(0, ints, next, count);
            } else if (buffer instanceof LongBuffer longs) {
                block.asLongBuffer().put(0, longs, next, count);
            } else {
                block.put(0, (ByteBuffer) buffer, next, count);
            }
            sum.update(block.duplicate());
            all(channel, at, block);
            at += (long) count * width;
            next += count;
            progress.advance(at);
        }
        return at;
    }

    private static void padding(FileChannel channel, long from, long to) throws IOException {
        if (to > from) {
            all(channel, from, ByteBuffer.allocate((int) (to - from)));
        }
    }

    private static void all(FileChannel channel, long from, ByteBuffer bytes) throws IOException {
        long at = from;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
