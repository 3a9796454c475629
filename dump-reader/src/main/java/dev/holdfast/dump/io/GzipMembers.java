package dev.holdfast.dump.io;

import dev.holdfast.dump.Warnings;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A dump that HotSpot compressed itself: a chain of independent gzip members of at most {@code BLOCKSIZE} uncompressed
 * bytes each (hprof.md 1.8), read at random without unpacking the file.
 *
 * <p>Members are found by their signature: HotSpot writes eight constant bytes at the start of each, and the four bytes
 * before the next one state the uncompressed size of the member before it. So the index costs one pass over the
 * compressed bytes and no inflation; that every member ends where the next begins is checked when it is inflated.
 * Thread-safe; a few inflated blocks are cached, 1 MiB each.
 */
final class GzipMembers implements ByteSource {
    private static final String MARK = "HPROF BLOCKSIZE=";
    private static final int MAX_BLOCK = 64 << 20;
    /** Reads that end this near to the start of a member inflate only so much: skimming segment headers is cheap. */
    private static final int PREFIX = 4096;

    private final FileSource file;
    private final Warnings warnings;
    private final long[] starts;
    private final long[] positions;
    private final Map<Integer, byte[]> cache;

    private GzipMembers(FileSource file, long[] starts, long[] positions, int cached, Warnings warnings) {
        this.file = file;
        this.starts = starts;
        this.positions = positions;
        this.warnings = warnings;
        this.cache = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) {
                return size() > cached;
            }
        };
    }

    /** Indexes the members; null if the file is not of this kind or its members do not fit together. */
    static @Nullable GzipMembers open(FileSource file, int threads, Warnings warnings) throws IOException {
        byte[] head = new byte[512];
        int n = file.read(0, head, 0, head.length);
        GzipHeader header = GzipHeader.parse(head, 0, n);
        if (header == null || !header.comment().startsWith(MARK)) {
            return null;
        }
        long block;
        try {
            block = Long.parseLong(header.comment().substring(MARK.length()).trim());
        } catch (NumberFormatException e) {
            return null;
        }
        if (block <= 0 || block > MAX_BLOCK) {
            return null;
        }
        long[] starts = findMembers(file);
        int count = starts.length;
        long[] positions = new long[count + 1];
        byte[] size = new byte[4];
        for (int i = 0; i < count; i++) {
            long end = i + 1 < count ? starts[i + 1] : file.size();
            if (i + 1 == count) {
                positions[count] = positions[i] + inflatedLength(file, starts[i], end, (int) block, warnings);
                break;
            }
            file.read(end - 4, size, 0, 4);
            long uncompressed =
                    (size[0] & 0xff) | (size[1] & 0xff) << 8 | (size[2] & 0xff) << 16 | (size[3] & 0xffL) << 24;
            if (uncompressed > block) {
                return null;
            }
            positions[i + 1] = positions[i] + uncompressed;
        }
        return new GzipMembers(file, starts, positions, 2 * threads + 4, warnings);
    }

    /** Offsets of the eight bytes with which HotSpot begins a member; the first is at 0. */
    private static long[] findMembers(FileSource file) throws IOException {
        byte[] first = new byte[10];
        file.read(0, first, 0, 10);
        byte[] buffer = new byte[1 << 20];
        long[] starts = new long[64];
        int count = 1;
        long position = 1;
        int kept = 0;
        while (true) {
            int n = file.read(position + kept, buffer, kept, buffer.length - kept);
            int length = kept + n;
            int end = length - 9;
            for (int i = 0; i < end; i++) {
                if (buffer[i] == 0x1f && isMember(buffer, i, first)) {
                    if (count == starts.length) {
                        starts = Arrays.copyOf(starts, count * 2);
                    }
                    starts[count++] = position + i;
                }
            }
            if (n == 0) {
                return Arrays.copyOf(starts, count);
            }
            int done = Math.max(0, end);
            kept = length - done;
            System.arraycopy(buffer, done, buffer, 0, kept);
            position += done;
        }
    }

    private static boolean isMember(byte[] buffer, int at, byte[] first) {
        // Flags: a comment begins the first member and, since JDK 22, that of each thread's part; the operating system,
        // byte 9, is 0 with a comment and 3 without (zlib's default).
        return buffer[at + 1] == (byte) 0x8b
                && buffer[at + 2] == 8
                && (buffer[at + 3] == 0 || buffer[at + 3] == first[3])
                && Arrays.equals(buffer, at + 4, at + 8, first, 4, 8);
    }

    private static int inflatedLength(FileSource file, long start, long end, int block, Warnings warnings)
            throws IOException {
        byte[] target = new byte[block];
        return inflate(file, start, end, target, block, warnings);
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
        long end = member + 1 < starts.length ? starts[member + 1] : file.size();
        if (prefix && size > PREFIX) {
            byte[] head = new byte[PREFIX];
            inflate(file, starts[member], end, head, PREFIX, null);
            return head;
        }
        byte[] block = new byte[size];
        int n = inflate(file, starts[member], end, block, size, warnings);
        if (n < size) {
            warnings.loss(
                    "gzip-damaged",
                    positions[member] + n,
                    "a gzip member could not be unpacked to its stated size; the missing bytes were read as zeros",
                    size - n);
        }
        synchronized (cache) {
            cache.put(member, block);
        }
        return block;
    }

    /** Inflates a member up to {@code size} bytes; returns how many came. */
    private static int inflate(
            FileSource file, long start, long end, byte[] target, int size, @Nullable Warnings warnings)
            throws IOException {
        byte[] input = new byte[(int) Math.min(end - start, 64 << 10)];
        long position = start;
        int n = file.read(position, input, 0, input.length);
        GzipHeader header = GzipHeader.parse(input, 0, n);
        if (header == null) {
            return 0;
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(input, header.length(), n - header.length());
            position += n;
            int done = 0;
            while (done < size && !inflater.finished()) {
                int out = inflater.inflate(target, done, size - done);
                done += out;
                if (out == 0 && inflater.needsInput()) {
                    n = file.read(position, input, 0, (int) Math.min(input.length, end - position));
                    if (n <= 0) {
                        if (warnings != null) {
                            warnings.loss("gzip-truncated", -1, "the gzip stream ends within a member", 1);
                        }
                        break;
                    }
                    inflater.setInput(input, 0, n);
                    position += n;
                } else if (out == 0 && inflater.needsDictionary()) {
                    break;
                }
            }
            return done;
        } catch (DataFormatException e) {
            if (warnings != null) {
                warnings.loss("gzip-damaged", -1, "a gzip member is damaged: " + e.getMessage(), 1);
            }
            return (int) inflater.getBytesWritten();
        } finally {
            inflater.end();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
