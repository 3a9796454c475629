package dev.holdfast.dump.io;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the members of a gzip file of HotSpot's are, in the file and in the dump.
 *
 * <p>Members are found by their signature: HotSpot writes eight constant bytes at the start of each, and the four bytes
 * before the next one state the uncompressed size of the member before it. So the index costs one pass over the
 * compressed bytes and one inflated member, the last; whether every member ends where the next begins is checked when it
 * is inflated. Immutable; 16 bytes a member.
 */
final class GzipIndex {
    private static final String MARK = "HPROF BLOCKSIZE=";
    private static final int MAX_BLOCK = 64 << 20;
    private static final int BUFFER = 64 << 10;

    private final long[] starts;
    private final long[] positions;

    private GzipIndex(long[] starts, long[] positions) {
        this.starts = starts;
        this.positions = positions;
    }

    /** Offsets of the members in the file, then the end of the last. */
    long[] starts() {
        return starts;
    }

    /** Positions of the members' contents in the dump, then its size. */
    long[] positions() {
        return positions;
    }

    /** Indexes the members; null if the file is not of this kind or its members do not fit together. */
    static @Nullable GzipIndex of(FileSource file, int threads, GzipDamage damage) throws IOException {
        int block = blockSize(file);
        if (block == 0) {
            return null;
        }
        long[] starts = MemberSearch.find(file, threads);
        int last = starts.length - 2;
        long[] positions = new long[starts.length];
        byte[] size = new byte[4];
        for (int i = 0; i < last; i++) {
            file.read(starts[i + 1] - 4, size, 0, 4);
            long uncompressed = GzipHeader.littleEndian(size, 0);
            if (uncompressed > block || !plausible(file, starts[i], starts[i + 1], uncompressed)) {
                return null;
            }
            positions[i + 1] = positions[i] + uncompressed;
        }
        try (GzipDecoder decoder = decoder(file, starts[last], file.size())) {
            byte[] content = new byte[block];
            int n = decoder.start(starts[last]) ? decoder.readMember(content, block) : 0;
            GzipProblem problem = decoder.problem();
            if (problem == GzipProblem.SIZE && n == block || decoder.ended() && memberAt(file, decoder.position())) {
                return null;
            }
            if (problem != null) {
                damage.report(problem, starts[last], 1);
            }
            if (problem != GzipProblem.TRUNCATED) {
                damage.unread(n == 0 && !decoder.ended() ? starts[last] : decoder.position(), file.size());
            }
            starts[last + 1] = decoder.ended() ? decoder.position() : file.size();
            positions[last + 1] = positions[last] + n;
        }
        return new GzipIndex(starts, positions);
    }

    /** A decoder for one member that ends before the limit. */
    static GzipDecoder decoder(FileSource file, long start, long limit) {
        return new GzipDecoder(file, limit, (int) Math.min(limit - start, BUFFER));
    }

    private static int blockSize(FileSource file) throws IOException {
        byte[] head = new byte[512];
        GzipHeader header = GzipHeader.parse(head, 0, file.read(0, head, 0, head.length));
        if (header == null || !header.comment().startsWith(MARK)) {
            return 0;
        }
        try {
            int block =
                    Integer.parseInt(header.comment().substring(MARK.length()).trim());
            return block < 0 || block > MAX_BLOCK ? 0 : block;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Whether so many compressed bytes can be one member of this size; if not, the size is forged, there is something
     * between two members, or the signature is part of compressed data.
     *
     * <p>Deflate packs at most 258 bytes into 2 bits, 1:1032; zlib never adds more than an eighth ({@code deflateBound}).
     * An empty member would never be read, and so is checked here.
     */
    private static boolean plausible(FileSource file, long start, long end, long uncompressed) throws IOException {
        long compressed = end - start;
        if (uncompressed > 0) {
            return uncompressed / 1032 <= compressed && compressed <= uncompressed + uncompressed / 8 + 1024;
        }
        try (GzipDecoder decoder = decoder(file, start, end)) {
            return decoder.start(start)
                    && decoder.readMember(new byte[0], 0) == 0
                    && decoder.problem() == null
                    && decoder.position() == end;
        }
    }

    private static boolean memberAt(FileSource file, long offset) throws IOException {
        byte[] head = new byte[3];
        return file.read(offset, head, 0, 3) == 3 && head[0] == 0x1f && head[1] == (byte) 0x8b && head[2] == 8;
    }
}
