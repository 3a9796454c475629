package dev.holdfast.report;

import dev.holdfast.roots.RetainedFrames;
import java.util.Arrays;
import java.util.Objects;

/**
 * The frames of a profile in which cumulative means retained: every object has the frame of its dominator with one more
 * frame for itself, or, where structures repeat, its dominator's own frame.
 *
 * <p>Objects come in dominator-tree order, a dominator before what it dominates: {@link #child} turns the dominator's
 * frame into the object's, {@link #add} puts the object's own size there. Because an object's frame is always its
 * immediate dominator's or directly below that, a frame's objects are whole subtrees of the dominator tree, and the
 * frame's cumulative value is the sum of the retained sizes of the topmost of them.
 *
 * <p>A list of a million nodes would be a stack of a million frames. So a pair of field and type that is on the stack
 * already opens one frame {@code (recursive) Type}, and repeated pairs directly below it take that same frame: a list,
 * and any chain with a period, is a few bars. Stacks end at {@link ProfileLimits#MAX_DEPTH} frames, in
 * {@code (deeper)}.
 *
 * <p>Not thread-safe. About 42 bytes a frame and 33 for each further (type, reachability) of one frame; nothing is
 * allocated per object. Frames are numbered in the order of the calls, which must not depend on threads, since among
 * subtrees of equal size the earlier one is kept.
 */
public final class RetentionTree {
    /** Above all frames. */
    public static final int ROOT = FrameTree.ROOT;

    /** The frame shows the type alone. */
    public static final int NO_VIA = -1;

    /** No field of the dominator points to the object directly. */
    public static final int SHARED = -2;

    private static final int HOLDER = -3;
    private static final int RECURSIVE = -4;
    private static final int DEEPER = -5;

    /** A frame's first number is its via or one of the constants above, its second its type or holder name. */
    private final FrameTree frames = new FrameTree();

    /** (frame, via, type) that leads to a frame not named so, and by row of these where it leads. */
    private final TripleIndex contracted = new TripleIndex();

    private int[] contractedTo = new int[64];

    private final FrameCounts counts = new FrameCounts();

    /**
     * The frame of a kind of root, or of a holder below it.
     *
     * @param parent {@link #ROOT}, another holder's frame, or that of the object it hangs below (a frame of a thread)
     */
    public int holder(int parent, int nameId) {
        return open(parent, HOLDER, nameId);
    }

    /**
     * The frame of an object.
     *
     * @param dominatorFrame the frame of its immediate dominator, which may be a holder
     * @param viaId {@link #NO_VIA}, {@link #SHARED}, or a number of the caller's that is not negative
     * @param typeNameId the same number for types shown alike
     */
    public int child(int dominatorFrame, int viaId, int typeNameId) {
        int known = frames.find(dominatorFrame, viaId, typeNameId);
        if (known != FrameTree.ABSENT) {
            return known;
        }
        if (frames.depth(dominatorFrame) == ProfileLimits.MAX_DEPTH) {
            return dominatorFrame;
        }
        int row = contracted.find(dominatorFrame, viaId, typeNameId);
        if (row != TripleIndex.ABSENT) {
            return contractedTo[row];
        }
        if (viaId < SHARED || typeNameId < 0) {
            throw new IllegalArgumentException("via " + viaId + ", type " + typeNameId);
        }
        int frame;
        if (!onStack(dominatorFrame, viaId, typeNameId)) {
            frame = open(dominatorFrame, viaId, typeNameId);
            if (frames.first(frame) != DEEPER) {
                return frame;
            }
        } else if (frames.first(dominatorFrame) == RECURSIVE) {
            frame = dominatorFrame;
        } else {
            frame = open(dominatorFrame, RECURSIVE, typeNameId);
        }
        row = contracted.findOrAdd(dominatorFrame, viaId, typeNameId);
        if (row >= contractedTo.length) {
            contractedTo = Arrays.copyOf(contractedTo, Columns.grown(contractedTo.length));
        }
        contractedTo[row] = frame;
        return frame;
    }

    /**
     * Adds an object at its frame.
     *
     * @param typeId finer than a frame's name where the caller likes: class loaders, for instance
     * @param reachability 0 to 127
     * @param bytes shallow size
     */
    public void add(int frame, int typeId, int reachability, long bytes) {
        Objects.checkIndex(frame, frames.size());
        if (frame == ROOT || reachability < 0 || reachability > Byte.MAX_VALUE || bytes < 0 || typeId < 0) {
            throw new IllegalArgumentException(
                    "frame " + frame + ", type " + typeId + ", reachability " + reachability + ", bytes " + bytes);
        }
        counts.add(frame, typeId, reachability, 1, bytes);
    }

    /** Adds objects that were counted apart, at a frame of this tree. */
    void addAll(int frame, int typeId, int reachability, long objects, long bytes) {
        counts.add(frame, typeId, reachability, objects, bytes);
    }

    /** What was added so far. */
    FrameCounts counts() {
        return counts;
    }

    /** The number of frames, with the root. */
    public int frames() {
        return frames.size();
    }

    /**
     * The profile within limits. What is too much is folded on the columns, before any name is asked for.
     *
     * @param template a builder without samples, for the two sample types, the comments and the time
     */
    public Profile build(ProfileBuilder template, RetentionNames names, ProfileLimits limits) {
        RetentionSamples samples = new RetentionSamples(this, names);
        return ProfileFitting.fit(limits, cap -> CanonicalSamples.of(samples.within(cap, template), limits));
    }

    private int open(int parent, int first, int second) {
        int depth = frames.depth(parent);
        if (depth == ProfileLimits.MAX_DEPTH) {
            return parent;
        }
        return depth == ProfileLimits.MAX_DEPTH - 1
                ? frames.findOrAdd(parent, DEEPER, 0)
                : frames.findOrAdd(parent, first, second);
    }

    /** At most 127 steps, and only the first time a pair comes below a frame. */
    private boolean onStack(int frame, int via, int type) {
        for (int at = frame; at != ROOT; at = frames.parent(at)) {
            if (frames.first(at) == via && frames.second(at) == type) {
                return true;
            }
        }
        return false;
    }

    FrameTree frameTree() {
        return frames;
    }

    boolean isHolder(int frame) {
        return frames.first(frame) == HOLDER;
    }

    /** What a frame is to the one above it. */
    RetainedFrames.Kind kind(int frame) {
        return switch (frames.first(frame)) {
            case HOLDER -> RetainedFrames.Kind.HOLDER;
            case RECURSIVE -> RetainedFrames.Kind.RECURSIVE;
            case DEEPER -> RetainedFrames.Kind.DEEPER;
            case NO_VIA -> RetainedFrames.Kind.OBJECT;
            case SHARED -> RetainedFrames.Kind.SHARED;
            default -> frame == ROOT ? RetainedFrames.Kind.HOLDER : RetainedFrames.Kind.FIELD;
        };
    }

    /** The number of the field by which the objects of a frame are held; of a frame of that kind only. */
    int viaId(int frame) {
        return frames.first(frame);
    }

    /** The number of the type, or of the holder's name. */
    int nameId(int frame) {
        return frames.second(frame);
    }

    /** What a frame shows. */
    Place place(int frame, RetentionNames names) {
        int first = frames.first(frame);
        int second = frames.second(frame);
        String name = switch (first) {
            case HOLDER -> names.holder(second);
            case RECURSIVE -> FrameNames.RECURSIVE + names.type(second);
            case DEEPER -> FrameNames.DEEPER;
            case NO_VIA -> names.type(second);
            case SHARED -> FrameNames.via(FrameNames.SHARED, names.type(second));
            default -> FrameNames.via(names.via(first), names.type(second));
        };
        return Place.of(name, "", 0);
    }
}
