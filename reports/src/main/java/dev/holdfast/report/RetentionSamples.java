package dev.holdfast.report;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a finished {@link RetentionTree} into samples, folding what exceeds a number of them. */
final class RetentionSamples {
    private final RetentionTree tree;
    private final FrameCounts counts;
    private final RetentionNames names;

    /** By sample, its row in the tree; rows without objects are left out. */
    private final int[] rows;

    private final int[] parents;

    /** By frame, the innermost holder on its stack. */
    private final int[] holders;

    RetentionSamples(RetentionTree tree, RetentionNames names) {
        this.tree = tree;
        this.counts = tree.counts();
        this.names = names;
        int count = 0;
        for (int row = 0; row < counts.rows(); row++) {
            count += counts.count(row) > 0 ? 1 : 0;
        }
        this.rows = new int[count];
        count = 0;
        for (int row = 0; row < counts.rows(); row++) {
            if (counts.count(row) > 0) {
                rows[count++] = row;
            }
        }
        this.parents = tree.frameTree().parents();
        this.holders = new int[parents.length];
        for (int frame = 1; frame < holders.length; frame++) {
            holders[frame] = tree.isHolder(frame) ? frame : holders[parents[frame]];
        }
    }

    /** A builder with all objects in at most so many samples. */
    ProfileBuilder within(int cap, ProfileBuilder template) {
        ProfileBuilder builder = template.empty();
        boolean folds = rows.length > cap;
        boolean @Nullable [] stays = folds ? select(cap) : null;
        if (folds) {
            builder.header(builder.header().withComment(SampleFolding.note(cap)));
        }
        int[] written = writeFrames(builder, stays);
        Map<Long, Rest> rests = new HashMap<>();
        for (int sample = 0; sample < rows.length; sample++) {
            int row = rows[sample];
            int frame = counts.frame(row);
            int type = counts.type(row);
            int reachability = counts.reachability(row);
            if (stays == null || stays[parents.length + sample]) {
                Labels labels = names.labels(holders[frame], type, reachability);
                builder.sample(written[frame], labels, counts.count(row), counts.bytes(row));
                continue;
            }
            int holder = holders[keptFrame(frame, stays)];
            long place = (long) written[frame] << 32 | holder;
            rests.computeIfAbsent(place, made -> new Rest(holder, type, reachability))
                    .add(type, reachability, counts.count(row), counts.bytes(row));
        }
        rests.forEach((place, rest) -> {
            Labels labels = names.labels(rest.holder, rest.type, rest.reachability);
            builder.sample((int) (place >>> 32), labels, rest.count, rest.bytes);
        });
        return builder;
    }

    /** By frame of the tree, its frame in the builder: its own, or the (other) it is folded into. */
    private int[] writeFrames(ProfileBuilder builder, boolean @Nullable [] stays) {
        int[] written = new int[parents.length];
        for (int frame = 1; frame < written.length; frame++) {
            int parent = written[parents[frame]];
            if (stays == null || stays[frame]) {
                written[frame] = builder.frame(parent, tree.place(frame, names));
            } else {
                written[frame] = stays[parents[frame]] ? builder.frame(parent, Place.OTHER) : parent;
            }
        }
        return written;
    }

    private boolean[] select(int cap) {
        int[] stacks = new int[rows.length];
        long[] weights = new long[rows.length];
        for (int sample = 0; sample < rows.length; sample++) {
            stacks[sample] = counts.frame(rows[sample]);
            weights[sample] = counts.bytes(rows[sample]);
        }
        return Selection.select(parents, stacks, weights, cap);
    }

    private int keptFrame(int frame, boolean[] stays) {
        int at = frame;
        while (!stays[at]) {
            at = parents[at];
        }
        return at;
    }

    /** What is folded at one place. */
    private static final class Rest {
        private final int holder;
        private int type;
        private int reachability;
        private long count;
        private long bytes;

        Rest(int holder, int type, int reachability) {
            this.holder = holder;
            this.type = type;
            this.reachability = reachability;
        }

        void add(int moreType, int moreReachability, long moreCount, long moreBytes) {
            type = type == moreType ? type : RetentionNames.MIXED;
            reachability = reachability == moreReachability ? reachability : RetentionNames.MIXED;
            count += moreCount;
            bytes += moreBytes;
        }
    }
}
