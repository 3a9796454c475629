package dev.holdfast.dump.hprof;

import dev.holdfast.dump.io.LongList;
import dev.holdfast.dump.io.LongLongMap;

/**
 * Frame identifiers to the offsets of their records' bodies.
 *
 * <p>HotSpot counts frames up and writes those of a thread one after the other: a run of them takes 24 bytes, where a map
 * took 16 to 48 for each frame and a dump of 100,000 virtual threads has a million. Frames that come in another order
 * are in a map nevertheless. Not thread-safe while it is filled.
 */
final class FrameOffsets {
    private final long stride;
    private final LongList firstIds = new LongList();
    private final LongList firstOffsets = new LongList();
    /** Of each finished run; that of the last run is {@link #lastCount}. */
    private final LongList counts = new LongList();

    private final LongLongMap others = new LongLongMap();
    private long lastId;
    private long lastOffset;
    private long lastCount;

    FrameOffsets(int idBytes) {
        // A record's header, four identifiers, class serial and line.
        this.stride = 9 + 4L * idBytes + 8;
    }

    /** Notes a frame; of several with one identifier the last one counts. */
    void add(long id, long offset) {
        if (lastCount > 0 && id == lastId + 1 && offset == lastOffset + stride) {
            lastCount++;
        } else if (lastCount == 0 || id > lastId) {
            if (lastCount > 0) {
                counts.add(lastCount);
            }
            firstIds.add(id);
            firstOffsets.add(offset);
            lastCount = 1;
        } else {
            others.replace(id, offset);
            return;
        }
        lastId = id;
        lastOffset = offset;
    }

    /** The offset of a frame's body, or -1. */
    long get(long id) {
        long other = others.get(id, -1);
        if (other >= 0) {
            return other;
        }
        int low = 0;
        int high = firstIds.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (firstIds.get(middle) <= id) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (high < 0) {
            return -1;
        }
        long within = id - firstIds.get(high);
        long count = high == counts.size() ? lastCount : counts.get(high);
        return within < count ? firstOffsets.get(high) + within * stride : -1;
    }
}
