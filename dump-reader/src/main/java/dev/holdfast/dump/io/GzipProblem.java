package dev.holdfast.dump.io;

/** What can be wrong with a gzip file; each is a warning of its own, placed by its offset in the compressed file. */
enum GzipProblem {
    /** The input ends before the member does; what unpacks is kept. */
    TRUNCATED("gzip-truncated", "the gzip stream ends within a member"),
    /** The compressed data contradicts itself; what unpacks before that place is kept. */
    DAMAGED("gzip-damaged", "the compressed data of a gzip member is damaged"),
    /** The whole member unpacks, but not to what was packed. */
    CHECKSUM("gzip-checksum", "the content of a gzip member does not have the checksum that the member states"),
    /** The member unpacks to more or less than its trailer says. */
    SIZE("gzip-size", "the content of a gzip member does not have the size that the member states"),
    /** Counted in bytes; those after them stay at their positions. */
    MISSING("gzip-missing", "bytes that could not be unpacked from a gzip member were read as zeros"),
    /** Counted in compressed bytes. */
    UNREAD("gzip-unread", "bytes of the gzip file could not be unpacked and were left out"),
    /** Counted in bytes; tapes and block devices leave them, and {@code gzip} ignores them. */
    PADDING("gzip-padding", "zeros between or after the members of the gzip file were left out");

    private final String code;
    private final String text;

    GzipProblem(String code, String text) {
        this.code = code;
        this.text = text;
    }

    String code() {
        return code;
    }

    String text() {
        return text + " (offset in the compressed file)";
    }
}
