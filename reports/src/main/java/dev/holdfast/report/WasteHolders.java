package dev.holdfast.report;

import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.report.waste.Waste;
import dev.holdfast.report.waste.WasteKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What wastes memory, by its place in the dominator tree: the frames of {@code roots.pb.gz}, each with what its objects
 * waste. Immutable once counted; about 30 bytes a frame.
 */
final class WasteHolders {
    private static final WasteKind[] KINDS = WasteKind.values();

    private final RetentionTree tree;
    private final RetentionNames names;
    private final FrameCounts counts;

    private WasteHolders(RetentionTree tree, RetentionNames names, FrameCounts counts) {
        this.tree = tree;
        this.names = names;
        this.counts = counts;
    }

    /**
     * A holder: the nearest frame of the program's own above what is wasted, or the root.
     *
     * @param path names of its frames from the root down
     */
    record Holder(List<String> path, long objects, long bytes) {}

    /** Counts at the places that a walk found and did not give back yet. */
    static WasteHolders of(HeapSnapshot heap, Waste waste, RetentionWalk walk) {
        FrameCounts counts = new FrameCounts();
        waste.each((object, kind, bytes) ->
                counts.add(walk.frameOf(object), heap.graph().typeOf(object), kind.ordinal(), 1, bytes));
        return new WasteHolders(walk.tree(), walk.names(), counts);
    }

    /** Adds a sample for each frame, type and kind; the kind is the leaf. */
    void addTo(ProfileBuilder builder) {
        int[] parents = tree.frameTree().parents();
        int[] holders = new int[parents.length];
        int[] written = new int[parents.length];
        boolean[] wanted = wanted(parents);
        for (int frame = 1; frame < parents.length; frame++) {
            holders[frame] = tree.isHolder(frame) ? frame : holders[parents[frame]];
            if (wanted[frame]) {
                written[frame] = builder.frame(written[parents[frame]], tree.place(frame, names));
            }
        }
        for (int row = 0; row < counts.rows(); row++) {
            if (counts.count(row) > 0) {
                int frame = counts.frame(row);
                String kind = KINDS[counts.reachability(row)].label();
                Labels labels = names.labels(holders[frame], counts.type(row), RetentionNames.MIXED)
                        .with("waste", kind);
                builder.sample(builder.frame(written[frame], kind), labels, counts.count(row), counts.bytes(row));
            }
        }
    }

    /** The frames with waste at or below them. */
    private boolean[] wanted(int[] parents) {
        boolean[] wanted = new boolean[parents.length];
        for (int row = 0; row < counts.rows(); row++) {
            if (counts.count(row) > 0) {
                wanted[counts.frame(row)] = true;
            }
        }
        for (int frame = parents.length - 1; frame > 0; frame--) {
            wanted[parents[frame]] |= wanted[frame];
        }
        return wanted;
    }

    /** The holders below which most bytes are wasted, largest first. */
    List<Holder> holders(int limit) {
        int[] parents = tree.frameTree().parents();
        long[] objects = new long[parents.length];
        long[] bytes = new long[parents.length];
        for (int row = 0; row < counts.rows(); row++) {
            if (counts.count(row) > 0) {
                int owner = owner(counts.frame(row), parents);
                objects[owner] += counts.count(row);
                bytes[owner] += counts.bytes(row);
            }
        }
        List<Integer> frames = new ArrayList<>();
        for (int frame = 1; frame < parents.length; frame++) {
            if (objects[frame] > 0) {
                frames.add(frame);
            }
        }
        frames.sort(Comparator.<Integer>comparingLong(frame -> bytes[frame])
                .reversed()
                .thenComparing(frame -> frame));
        List<Holder> holders = new ArrayList<>();
        for (int frame : frames.subList(0, Math.min(limit, frames.size()))) {
            holders.add(new Holder(path(frame, parents), objects[frame], bytes[frame]));
        }
        return holders;
    }

    /** The nearest frame that is not of a library's type, which says who is to change something. */
    private int owner(int frame, int[] parents) {
        int at = frame;
        while (!tree.isHolder(at) && isLibrary(at) && parents[at] != RetentionTree.ROOT) {
            at = parents[at];
        }
        return at;
    }

    private boolean isLibrary(int frame) {
        String name = tree.place(frame, names).name();
        String type = name.substring(name.lastIndexOf(' ') + 1);
        return type.startsWith("java.")
                || type.startsWith("javax.")
                || type.startsWith("jdk.")
                || type.startsWith("sun.")
                || type.startsWith("[]")
                || type.startsWith("map")
                || type.endsWith("[]")
                || type.equals("string")
                || name.equals(FrameNames.DEEPER);
    }

    private List<String> path(int frame, int[] parents) {
        List<String> path = new ArrayList<>();
        for (int at = frame; at != RetentionTree.ROOT; at = parents[at]) {
            path.add(0, tree.place(at, names).name());
        }
        return List.copyOf(path);
    }
}
