package dev.holdfast.dump.gostack;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the profiler labels of goroutines: a classic map of strings up to Go 1.23, a sorted list since.
 *
 * <p>Goroutines share them, so each set is read once. For one thread.
 */
public final class GoroutineLabels {
    private static final int MOST_LABELS = 10_000;
    private static final int LONGEST = 1 << 20;
    private static final int BUCKET_SLOTS = 8;
    private static final int STRING = 16;

    /** Top hashes below say that a slot is empty or was moved. */
    private static final int FIRST_HASH = 5;

    private static final int SAME_SIZE_GROW = 8;

    private final MemoryReader reader;
    private final boolean list;
    private final Map<Long, Map<String, String>> known = new HashMap<>();

    /**
     * Reads labels of one program.
     *
     * @param minor release, 26 for Go 1.26
     */
    public GoroutineLabels(MemoryReader reader, int minor) {
        this.reader = reader;
        this.list = minor >= 24;
    }

    /** The labels to which {@code g.labels} or a profile record points; none where it is 0 or damaged. */
    public Map<String, String> at(long address) {
        if (address == 0) {
            return Map.of();
        }
        Map<String, String> labels = known.get(address);
        if (labels == null) {
            labels = read(address);
            known.put(address, labels);
        }
        return labels;
    }

    private Map<String, String> read(long address) {
        Map<String, String> labels = new TreeMap<>();
        try {
            if (list) {
                readList(address, labels);
            } else {
                readMap(reader.word(address), labels);
            }
        } catch (MissingMemoryException e) {
            return Map.of();
        }
        return labels.isEmpty() ? Map.of() : Collections.unmodifiableMap(labels);
    }

    private void readList(long address, Map<String, String> labels) {
        long first = reader.word(address);
        long count = reader.word(address + 8);
        if (count < 0 || count > MOST_LABELS) {
            return;
        }
        for (long i = 0; i < count; i++) {
            labels.put(string(first + 2 * STRING * i), string(first + 2 * STRING * i + STRING));
        }
    }

    /** A map header: count, flags u8, B u8, overflow u16, hash0 u32, buckets, oldbuckets. */
    private void readMap(long map, Map<String, String> labels) {
        if (map == 0) {
            return;
        }
        long count = reader.word(map);
        int bits = reader.u8(map + 9);
        if (count < 0 || count > MOST_LABELS || bits > 16) {
            return;
        }
        readBuckets(reader.word(map + 16), 1L << bits, labels);
        long old = reader.word(map + 24);
        if (old != 0) {
            boolean same = (reader.u8(map + 8) & SAME_SIZE_GROW) != 0;
            readBuckets(old, same || bits == 0 ? 1L << bits : 1L << (bits - 1), labels);
        }
    }

    private void readBuckets(long buckets, long count, Map<String, String> labels) {
        int size = BUCKET_SLOTS * (1 + 2 * STRING) + 8;
        int visited = 0;
        for (long i = 0; buckets != 0 && i < count; i++) {
            long bucket = buckets + size * i;
            while (bucket != 0 && visited++ < MOST_LABELS) {
                for (int k = 0; k < BUCKET_SLOTS; k++) {
                    if (reader.u8(bucket + k) >= FIRST_HASH) {
                        long key = bucket + BUCKET_SLOTS + (long) STRING * k;
                        labels.put(string(key), string(key + BUCKET_SLOTS * STRING));
                    }
                }
                bucket = reader.word(bucket + size - 8);
            }
        }
    }

    private String string(long header) {
        long address = reader.word(header);
        long length = reader.word(header + 8);
        if (length <= 0 || length > LONGEST) {
            return "";
        }
        return new String(reader.bytes(address, (int) length), StandardCharsets.UTF_8);
    }
}
