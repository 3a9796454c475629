package dev.holdfast.dump.io;

import dev.holdfast.dump.Progress;
import java.io.Closeable;
import java.io.IOException;

/** The uncompressed bytes of a dump by position; thread-safe, reads share no state. */
public interface ByteSource extends Closeable {
    /** The file as the user named it. */
    String name();

    /** Number of uncompressed bytes. */
    long size();

    /** Whether the source has so many bytes; of a pipe, reads on until it is known. */
    default boolean reaches(long position) throws IOException {
        return position <= size();
    }

    /**
     * Says how many more times all of the source is going to be read, so that one that is slow to read can prepare itself.
     * Nobody else may read meanwhile.
     *
     * @throws IOException if the file cannot be read
     */
    default void prepare(int passes, Progress progress) throws IOException {}

    /**
     * Reads bytes at a position.
     *
     * @return how many were read: {@code length}, or fewer (down to 0) only at the end of the source
     * @throws IOException if the file cannot be read
     */
    int read(long position, byte[] target, int offset, int length) throws IOException;
}
