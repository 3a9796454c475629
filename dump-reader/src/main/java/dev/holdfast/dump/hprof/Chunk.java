package dev.holdfast.dump.hprof;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a dump that one worker walks at a time: neighbouring pieces of heap records, about 8 MiB in all.
 *
 * @param pieces in file order
 */
record Chunk(List<Piece> pieces) {
    static final long BYTES = 8L << 20;

    /**
     * Part of a heap record.
     *
     * @param start offset of a sub-record
     * @param end where to stop: a boundary between sub-records, or the segment's end
     * @param segmentEnd the segment's end
     */
    record Piece(long start, long end, long segmentEnd) {}

    long bytes() {
        long bytes = 0;
        for (Piece piece : pieces) {
            bytes += piece.end - piece.start;
        }
        return bytes;
    }

    /** Groups pieces, which are in file order, into chunks. */
    static List<Chunk> group(List<Piece> pieces) {
        List<Chunk> chunks = new ArrayList<>();
        List<Piece> open = new ArrayList<>();
        long bytes = 0;
        for (Piece piece : pieces) {
            open.add(piece);
            bytes += piece.end - piece.start;
            if (bytes >= BYTES) {
                chunks.add(new Chunk(List.copyOf(open)));
                open.clear();
                bytes = 0;
            }
        }
        if (!open.isEmpty()) {
            chunks.add(new Chunk(List.copyOf(open)));
        }
        return chunks;
    }
}
