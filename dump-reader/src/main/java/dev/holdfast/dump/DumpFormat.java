package dev.holdfast.dump;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A format of dumps; found by {@link java.util.ServiceLoader}, one provider in each format's package. */
public interface DumpFormat {
    /** The format's short name, such as {@code hprof}. */
    String name();

    /**
     * Whether a file that begins with these bytes is of this format.
     *
     * @param head the first bytes of the file, uncompressed if it was compressed; at most 4096
     */
    boolean recognises(byte[] head);

    /**
     * Opens a file of this format and reads what can be read without a look at the heap.
     *
     * @throws DumpFormatException if the file is damaged beyond use
     * @throws IOException if it cannot be read
     */
    DumpFile open(Path file, DumpOptions options, Progress progress) throws IOException;

    /**
     * Counts the objects of a dump that can be read only once, from its beginning.
     *
     * @param name what errors will show
     * @throws DumpFormatException also where the format cannot be read so
     */
    default StreamedTotals stream(InputStream in, String name, DumpOptions options, Progress progress)
            throws IOException {
        throw new DumpFormatException(
                name,
                -1,
                "a dump of format " + name() + " has to be read at random, not from a pipe: save it to a file first");
    }
}
