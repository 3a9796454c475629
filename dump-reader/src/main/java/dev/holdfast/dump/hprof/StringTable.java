package dev.holdfast.dump.hprof;

import dev.holdfast.dump.io.ByteSource;
import dev.holdfast.dump.io.LongLongMap;
import dev.holdfast.dump.io.PipeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The UTF8 records: where each string stands in the file; decoded when asked for.
 *
 * <p>HotSpot dumps its whole symbol table, millions of strings in a large program, of which few are ever needed, so 24
 * bytes a string and none of its text are kept. Up to 8 MiB of the file are cached, because names that are asked for lie
 * all over the table. Thread-safe once filled.
 */
final class StringTable {
    /** Longer names are cut when decoded: no class file holds more than 65,535 bytes in one. */
    private static final int MAX_BYTES = 1 << 17;

    private static final int MOST_KEPT = 1 << 30;

    private static final int PAGE_SHIFT = 16;
    private static final int PAGES = 128;

    private final ByteSource source;
    private final LongLongMap places = new LongLongMap();
    private final byte[][] pages = new byte[PAGES][];
    private final long[] pageNumbers = new long[PAGES];

    /** Texts of a source that can be read only once; null where they are read again. */
    private byte @Nullable [] kept;

    private int keptBytes;

    StringTable(ByteSource source) {
        this.source = source;
        kept = source.size() == PipeSource.UNKNOWN ? new byte[1 << 16] : null;
    }

    /** The bytes at the offset are the string's; a later record of the same identifier is ignored. */
    void add(long id, long offset, long length) throws IOException {
        byte[] arena = kept;
        if (arena != null) {
            keep(arena, id, offset, (int) Math.min(length, MAX_BYTES));
            return;
        }
        places.put(id, offset << 18 | Math.min(length, MAX_BYTES));
    }

    /** A pipe's texts stay in memory, up to a gigabyte of them. */
    private void keep(byte[] arena, long id, long offset, int length) throws IOException {
        byte[] room = arena;
        if (keptBytes + length > room.length) {
            if (room.length > MOST_KEPT) {
                return;
            }
            room = Arrays.copyOf(room, Math.max(room.length + (room.length >> 1), keptBytes + length));
            kept = room;
        }
        int n = source.read(offset, room, keptBytes, length);
        if (places.put(id, (long) keptBytes << 18 | n)) {
            keptBytes += n;
        }
    }

    int size() {
        return places.size();
    }

    /** How many bytes a string has, at most so many as are kept; -1 if there is no such record. */
    long length(long id) {
        long place = places.get(id, -1);
        return place == -1 ? -1 : place & (1 << 18) - 1;
    }

    /** The string, or the alternative if there is no such record. */
    String get(long id, String otherwise) {
        if (id == 0) {
            return otherwise;
        }
        long place = places.get(id, -1);
        if (place == -1) {
            return otherwise;
        }
        byte[] bytes = new byte[(int) (place & (1 << 18) - 1)];
        byte[] arena = kept;
        if (arena != null) {
            System.arraycopy(arena, (int) (place >>> 18), bytes, 0, bytes.length);
            return ModifiedUtf8.decode(bytes, bytes.length);
        }
        try {
            return ModifiedUtf8.decode(bytes, read(place >>> 18, bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized int read(long offset, byte[] target) throws IOException {
        int done = 0;
        while (done < target.length) {
            long number = offset + done >>> PAGE_SHIFT;
            int slot = (int) (number % PAGES);
            byte[] page = pages[slot];
            if (page == null || pageNumbers[slot] != number) {
                long start = number << PAGE_SHIFT;
                page = new byte[(int) Math.max(0, Math.min(1 << PAGE_SHIFT, source.size() - start))];
                int n = source.read(start, page, 0, page.length);
                page = n < page.length ? java.util.Arrays.copyOf(page, n) : page;
                pages[slot] = page;
                pageNumbers[slot] = number;
            }
            int within = (int) (offset + done & (1 << PAGE_SHIFT) - 1);
            int n = Math.min(target.length - done, page.length - within);
            if (n <= 0) {
                break;
            }
            System.arraycopy(page, within, target, done, n);
            done += n;
        }
        return done;
    }
}
