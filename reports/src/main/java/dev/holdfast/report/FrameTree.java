package dev.holdfast.report;

import java.util.Arrays;

/**
 * Stacks that share their roots: a stack is the number of its leaf frame, a frame is its parent and two numbers that
 * mean something to the owner.
 *
 * <p>Not thread-safe. 13 bytes a frame for the columns and 5 to 11 for the hash slots; nothing is allocated per call.
 * A parent's number is always smaller than its child's, so one sweep down the columns sums subtrees.
 */
final class FrameTree {
    /** The empty stack. */
    static final int ROOT = 0;

    static final int ABSENT = -1;

    private int[] parent = new int[64];
    private int[] first = new int[64];
    private int[] second = new int[64];
    private byte[] depth = new byte[64];
    private int size = 1;

    /** Frame numbers by hash, 0 for an empty slot: the root is never looked up. */
    private int[] slots = new int[128];

    int size() {
        return size;
    }

    int parent(int frame) {
        return parent[frame];
    }

    int first(int frame) {
        return first[frame];
    }

    int second(int frame) {
        return second[frame];
    }

    /** The number of frames on the stack that ends in this frame; 0 for the root. */
    int depth(int frame) {
        return depth[frame] & 0xFF;
    }

    /** The child with these numbers, or {@link #ABSENT}. */
    int find(int parentFrame, int a, int b) {
        int found = slots[slot(parentFrame, a, b)];
        return found == 0 ? ABSENT : found;
    }

    /** The child with these numbers, added if need be. */
    int findOrAdd(int parentFrame, int a, int b) {
        if (parentFrame < 0 || parentFrame >= size) {
            throw new IndexOutOfBoundsException("frame " + parentFrame + " of " + size);
        }
        int slot = slot(parentFrame, a, b);
        if (slots[slot] != 0) {
            return slots[slot];
        }
        int depthOfChild = depth(parentFrame) + 1;
        if (depthOfChild > 0xFF) {
            throw new IllegalArgumentException("depth " + depthOfChild);
        }
        if (size == parent.length) {
            grow();
        }
        int frame = size++;
        parent[frame] = parentFrame;
        first[frame] = a;
        second[frame] = b;
        depth[frame] = (byte) depthOfChild;
        slots[slot] = frame;
        if (size > slots.length - (slots.length >> 2)) {
            rehash();
        }
        return frame;
    }

    /** Parents of all frames; the root is its own. */
    int[] parents() {
        return Arrays.copyOf(parent, size);
    }

    private int slot(int parentFrame, int a, int b) {
        int mask = slots.length - 1;
        int slot = hash(parentFrame, a, b) & mask;
        while (slots[slot] != 0) {
            int frame = slots[slot];
            if (parent[frame] == parentFrame && first[frame] == a && second[frame] == b) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** A multiplicative mix: frames and types are small dense numbers, which must not pile up in neighbouring slots. */
    static int hash(int a, int b, int c) {
        long mixed = (a * 0x9E3779B97F4A7C15L + b) * 0xC2B2AE3D27D4EB4FL + c;
        mixed *= 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }

    private void grow() {
        int capacity = Columns.grown(parent.length);
        parent = Arrays.copyOf(parent, capacity);
        first = Arrays.copyOf(first, capacity);
        second = Arrays.copyOf(second, capacity);
        depth = Arrays.copyOf(depth, capacity);
    }

    private void rehash() {
        slots = new int[Columns.doubled(slots.length)];
        for (int frame = 1; frame < size; frame++) {
            slots[slot(parent[frame], first[frame], second[frame])] = frame;
        }
    }
}
