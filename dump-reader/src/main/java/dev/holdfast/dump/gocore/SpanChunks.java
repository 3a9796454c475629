package dev.holdfast.dump.gocore;

import dev.holdfast.dump.goruntime.SpanTable;
import java.util.Arrays;

/** Spans in runs of some megabytes, so that several threads can read the heap; immutable. */
final class SpanChunks {
    /** Small enough that two threads end at about the same time, large enough that a chunk costs nothing. */
    private static final long BYTES = 4 << 20;

    private final int[] first;
    private final long totalBytes;

    SpanChunks(SpanTable spans) {
        int[] starts = new int[spans.count() + 1];
        int chunks = 0;
        long bytes = BYTES;
        long total = 0;
        for (int span = 0; span < spans.count(); span++) {
            if (bytes >= BYTES) {
                starts[chunks++] = span;
                bytes = 0;
            }
            bytes += spans.bytes(span);
            total += spans.bytes(span);
        }
        starts[chunks] = spans.count();
        first = Arrays.copyOf(starts, chunks + 1);
        totalBytes = total;
    }

    /** How many chunks there are. */
    int count() {
        return first.length - 1;
    }

    /** First span of a chunk; of {@link #count()}, how many spans there are. */
    int firstSpan(int chunk) {
        return first[chunk];
    }

    /** Bytes of all spans. */
    long totalBytes() {
        return totalBytes;
    }
}
