package dev.holdfast.dump.io;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A dump that HotSpot compressed itself: a chain of independent gzip members of at most {@code BLOCKSIZE} uncompressed
 * bytes each (hprof.md 1.8), read at random without unpacking the file.
 *
 * <p>A member is checked whenever it is unpacked whole; damage is reported once a member, at its offset in the compressed
 * file. Thread-safe; a few inflated blocks are cached, 1 MiB each.
 */
final class GzipMembers implements ByteSource {
    /** Reads that end this near to the start of a member inflate only so much: skimming segment headers is cheap. */
    private static final int PREFIX = 4096;

    private final FileSource file;
    private final GzipDamage damage;
    private final long[] starts;
    private final long[] positions;
    private final Map<Integer, byte[]> cache;
    private final Set<Integer> reported = new HashSet<>();

    private GzipMembers(FileSource file, GzipIndex index, int cached, GzipDamage damage) {
        this.file = file;
        this.starts = index.starts();
        this.positions = index.positions();
        this.damage = damage;
        this.cache = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) {
                return size() > cached;
            }
        };
        // The index had to unpack the last member, and reported it.
        reported.add(starts.length - 2);
    }

    /** Opens the file; null if it is not of this kind or its members do not fit together. */
    static @Nullable GzipMembers open(FileSource file, int threads, GzipDamage damage) throws IOException {
        GzipIndex index = GzipIndex.of(file, damage);
        return index == null ? null : new GzipMembers(file, index, 2 * threads + 4, damage);
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public long size() {
        return positions[positions.length - 1];
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) throws IOException {
        int done = 0;
        while (done < length && position + done < size()) {
            long at = position + done;
            int member = memberAt(at);
            int within = (int) (at - positions[member]);
            int want = (int) Math.min(length - done, positions[member + 1] - at);
            byte[] block = block(member, within + want <= PREFIX && want < PREFIX);
            if (block.length < within + want) {
                block = block(member, false);
            }
            System.arraycopy(block, within, target, offset + done, want);
            done += want;
        }
        return done;
    }

    private int memberAt(long position) {
        int at = Arrays.binarySearch(positions, position);
        if (at < 0) {
            return -at - 2;
        }
        while (positions[at + 1] == position) {
            at++;
        }
        return at;
    }

    /** The inflated member, or at least its first {@link #PREFIX} bytes. */
    private byte[] block(int member, boolean prefix) throws IOException {
        synchronized (cache) {
            byte[] cached = cache.get(member);
            if (cached != null) {
                return cached;
            }
        }
        int size = (int) (positions[member + 1] - positions[member]);
        long start = starts[member];
        byte[] block;
        try (GzipDecoder decoder = GzipIndex.decoder(file, start, starts[member + 1])) {
            boolean header = decoder.start(start);
            if (prefix && size > PREFIX) {
                byte[] head = new byte[PREFIX];
                int n = header ? decoder.readFully(head, PREFIX) : 0;
                return Arrays.copyOf(head, n);
            }
            block = new byte[size];
            int n = header ? decoder.readMember(block, size) : 0;
            report(member, header ? decoder : null, size - n);
        }
        synchronized (cache) {
            cache.put(member, block);
        }
        return block;
    }

    /** Reports what is wrong with a member that was unpacked; once, however often it is, and when strict each time. */
    private void report(int member, @Nullable GzipDecoder decoder, int missing) throws IOException {
        synchronized (reported) {
            if (reported.contains(member)) {
                return;
            }
            GzipProblem problem = decoder == null ? GzipProblem.DAMAGED : decoder.problem();
            if (problem != null) {
                damage.report(problem, starts[member], 1);
            }
            if (decoder != null && decoder.ended()) {
                damage.unread(decoder.position(), starts[member + 1]);
            }
            if (missing > 0) {
                damage.report(GzipProblem.MISSING, starts[member], missing);
            }
            reported.add(member);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
