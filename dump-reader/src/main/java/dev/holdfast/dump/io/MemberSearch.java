package dev.holdfast.dump.io;

import java.io.IOException;
import java.util.Arrays;

/**
 * Finds where the members of a gzip file of HotSpot's begin: at the eight bytes that the first of them begins with, which
 * are constant but for the flags.
 *
 * <p>The bytes 4 to 7, the time of the file, are zeros, so only every fourth byte has to be looked at. Stateless;
 * costs a buffer of 1 MiB a thread.
 */
final class MemberSearch {
    private static final int HEADER = 10;
    private static final int RANGE = 1 << 20;

    private final FileSource file;
    private final byte[] first = new byte[HEADER];

    private MemberSearch(FileSource file) throws IOException {
        this.file = file;
        file.read(0, first, 0, HEADER);
    }

    /** Offsets of all headers, the first at 0; and one unused place. */
    static long[] find(FileSource file, int threads) throws IOException {
        MemberSearch search = new MemberSearch(file);
        int ranges = Math.toIntExact((file.size() + RANGE - 1) / RANGE);
        LongList[] found = new LongList[ranges];
        Workers.run(ranges, threads, () -> {
            byte[] buffer = new byte[(int) Math.min(file.size(), RANGE + HEADER)];
            return range -> {
                LongList starts = new LongList();
                search.find((long) range * RANGE, buffer, starts);
                found[range] = starts;
            };
        });
        int count = 0;
        for (LongList starts : found) {
            count += starts.size();
        }
        long[] all = new long[count + 2];
        int next = 1;
        for (LongList starts : found) {
            for (int i = 0; i < starts.size(); i++) {
                all[next++] = starts.get(i);
            }
        }
        return all;
    }

    /** Adds the headers that begin within the range, but not the one at 0. */
    private void find(long position, byte[] buffer, LongList starts) throws IOException {
        int length = file.read(position, buffer, 0, (int) Math.min(buffer.length, file.size() - position));
        int end = Math.min(length - HEADER + 1, RANGE);
        boolean timeless = Arrays.equals(first, 4, 8, new byte[4], 0, 4);
        for (int i = position == 0 ? 1 : 0; i < end; ) {
            i = timeless ? nextZero(buffer, i, Math.min(length, end + 7)) : i;
            for (int at = Math.max(i, 0); at < Math.min(i + 4, end); at++) {
                if (buffer[at] == 0x1f && isHeader(buffer, at)) {
                    starts.add(position + at);
                }
            }
            i += 4;
        }
    }

    /** The place of the first of four headers, any of which would have the next zero found among its bytes 4 to 7. */
    private static int nextZero(byte[] buffer, int from, int end) {
        int i = from + 7;
        while (i < end && buffer[i] != 0) {
            i += 4;
        }
        return i - 7;
    }

    private boolean isHeader(byte[] buffer, int at) {
        // Flags: a comment begins the first member and, since JDK 22, that of each thread's part; the operating system,
        // byte 9, is 0 with a comment and 3 without (zlib's default).
        return buffer[at + 1] == (byte) 0x8b
                && buffer[at + 2] == 8
                && (buffer[at + 3] == 0 || buffer[at + 3] == first[3])
                && Arrays.equals(buffer, at + 4, at + 8, first, 4, 8);
    }
}
