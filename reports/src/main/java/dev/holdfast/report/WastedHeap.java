package dev.holdfast.report;

import dev.holdfast.dump.DumpNeededException;
import dev.holdfast.dump.Progress;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.waste.Waste;
import dev.holdfast.report.waste.WasteCensus;
import dev.holdfast.report.waste.WasteKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The census of waste on its way to a section or a profile: counted by one thread, beside a walk of the dominator tree, and
 * then brought together with its places. Used once.
 */
final class WastedHeap implements Runnable {
    /** Less is not worth a sentence, and so there are few. */
    private static final long LARGE = 1 << 20;

    private final HeapSnapshot heap;
    private final Progress progress;
    private @Nullable Waste waste;
    private String missing = "";
    private final Map<Integer, Unused> unused = new HashMap<>();

    /**
     * A part of an array that no slice shows.
     *
     * @param kind whether slices may come to show it
     * @param bytes of it
     */
    record Unused(WasteKind kind, long bytes) {}

    WastedHeap(HeapSnapshot heap, Progress progress) {
        this.heap = heap;
        this.progress = progress.unseen();
    }

    @Override
    public void run() {
        try {
            waste = WasteCensus.of(heap, progress);
            if (waste == null) {
                missing = "a dump of this format does not say what its objects contain.";
            }
        } catch (DumpNeededException e) {
            missing = "the index does not have what objects contain; name the dump too.";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What has to be said of a profile of it, or an empty text. */
    String remark() {
        Waste counted = waste;
        if (counted == null) {
            return "not counted: " + missing;
        }
        return counted.leftOut() == 0 ? "" : WasteSection.leftOut(counted);
    }

    /** Why there is nothing, or an empty text. */
    String missing() {
        return missing;
    }

    /** By the places of a walk that ran and did not give them back yet; null if there was nothing to count. Asked once. */
    @Nullable
    WasteHolders holders(RetentionWalk walk) {
        Waste counted = waste;
        if (counted == null) {
            return null;
        }
        WasteHolders holders = WasteHolders.of(heap, counted, walk);
        counted.each((object, kind, bytes) -> {
            if (bytes >= LARGE && (kind == WasteKind.PINNED_ARRAY || kind == WasteKind.SPARSE_COLLECTION)) {
                unused.put(object, new Unused(kind, bytes));
            }
        });
        counted.release();
        return holders;
    }

    /** Of a large array the large part that no slice shows; null where none is known. Once holders are, or the section. */
    @Nullable
    Unused unused(int object) {
        return unused.get(object);
    }

    /** The section of the report, instead of {@link #holders}. */
    WasteSection section(RetentionWalk walk) {
        Waste counted = waste;
        WasteHolders holders = holders(walk);
        return counted == null || holders == null
                ? WasteSection.missing("Not counted: " + missing)
                : WasteSection.of(counted, holders, heap.totals().reachableBytes());
    }
}
