package dev.holdfast.dump;

import java.io.IOException;

/** What a file did wrong, with the place: file, offset and record. */
public final class DumpFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;

    /**
     * Creates the exception; its message names all parts.
     *
     * @param file the file as the user named it
     * @param offset where in the (uncompressed) file, or -1 where that has no meaning; of damage to gzip itself, in the
     *     compressed file
     * @param what what is wrong, with the record's name
     */
    public DumpFormatException(String file, long offset, String what) {
        super(offset < 0 ? file + ": " + what : file + ": " + what + " at offset " + offset);
        this.file = file;
        this.offset = offset;
    }

    /** The file as the user named it. */
    public String file() {
        return file;
    }

    /** The offset in the uncompressed file, or -1. */
    public long offset() {
        return offset;
    }
}
