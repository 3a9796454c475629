package dev.holdfast.report;

import java.util.Arrays;

/**
 * Stacks that share their roots: a stack is the number of its leaf frame, a frame is its parent and two numbers that
 * mean something to the owner.
 *
 * <p>Not thread-safe. 18 to 24 bytes a frame, nothing is allocated per call. A parent's number is always smaller than
 * its child's, so one sweep down the columns sums subtrees.
 */
final class FrameTree {
    /** The empty stack. */
    static final int ROOT = 0;

    static final int ABSENT = TripleIndex.ABSENT;

    private final TripleIndex frames = new TripleIndex();
    private byte[] depth = new byte[64];

    FrameTree() {
        // Its own parent; no caller's frame has these two numbers.
        frames.findOrAdd(ROOT, Integer.MIN_VALUE, Integer.MIN_VALUE);
    }

    int size() {
        return frames.size();
    }

    int parent(int frame) {
        return frames.first(frame);
    }

    int first(int frame) {
        return frames.second(frame);
    }

    int second(int frame) {
        return frames.third(frame);
    }

    /** The number of frames on the stack that ends in this frame; 0 for the root. */
    int depth(int frame) {
        if (frame < 0 || frame >= size()) {
            throw new IndexOutOfBoundsException("frame " + frame + " of " + size());
        }
        return depth[frame] & 0xFF;
    }

    /** The child with these numbers, or {@link #ABSENT}. */
    int find(int parentFrame, int a, int b) {
        return frames.find(parentFrame, a, b);
    }

    /** The child with these numbers, added if need be. */
    int findOrAdd(int parentFrame, int a, int b) {
        int depthOfChild = depth(parentFrame) + 1;
        if (depthOfChild > 0xFF) {
            throw new IllegalArgumentException("depth " + depthOfChild);
        }
        int frame = frames.findOrAdd(parentFrame, a, b);
        if (frame >= depth.length) {
            depth = Arrays.copyOf(depth, Columns.grown(depth.length));
        }
        depth[frame] = (byte) depthOfChild;
        return frame;
    }

    /** Parents of all frames; the root is its own. */
    int[] parents() {
        return frames.firsts();
    }
}
