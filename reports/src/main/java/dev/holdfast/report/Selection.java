package dev.holdfast.report;

import java.util.Arrays;

/**
 * Decides which frames and samples of a big profile stay by themselves and which are folded.
 *
 * <p>Best first by cumulative value: a frame, or a sample below it, is taken only after its parent, so the largest
 * remaining item is always at hand and what stays is a tree again. What is not taken costs one sample at its parent,
 * {@code (other)} for frames and one with the common labels for samples; that is counted in. Once an item does not fit,
 * only those are still taken that cost nothing, for instance an only child. Ties go to the smaller number.
 *
 * <p>Works on columns only, 22 bytes a frame and 13 a sample besides those given; not thread-safe, used once.
 */
final class Selection {
    private static final int NONE = -1;

    private final int[] parent;
    private final int[] stack;
    private final long[] weight;
    private final int frames;
    private final int[] firstChild;
    private final int[] nextSibling;
    private final int[] firstSample;
    private final int[] nextSample;

    /** Children not yet taken, by frame. */
    private final int[] childrenLeft;

    private final int[] samplesLeft;
    private final boolean[] taken;
    private int[] heap = new int[64];
    private int heapSize;

    private Selection(int[] parent, int[] stack, long[] sampleWeight) {
        this.parent = parent;
        this.stack = stack;
        this.frames = parent.length;
        this.weight = Arrays.copyOf(cumulative(parent, stack, sampleWeight), frames + stack.length);
        System.arraycopy(sampleWeight, 0, weight, frames, stack.length);
        this.taken = new boolean[frames + stack.length];
        this.firstChild = filled(frames);
        this.nextSibling = filled(frames);
        this.firstSample = filled(frames);
        this.nextSample = filled(stack.length);
        this.childrenLeft = new int[frames];
        this.samplesLeft = new int[frames];
        for (int frame = frames - 1; frame > 0; frame--) {
            nextSibling[frame] = firstChild[parent[frame]];
            firstChild[parent[frame]] = frame;
            childrenLeft[parent[frame]]++;
        }
        for (int sample = stack.length - 1; sample >= 0; sample--) {
            nextSample[sample] = firstSample[stack[sample]];
            firstSample[stack[sample]] = sample;
            samplesLeft[stack[sample]]++;
        }
    }

    /**
     * Chooses what stays, so that with the folded rest at most {@code limit} samples result.
     *
     * @param parent by frame, smaller than the frame; frame 0 is the root, which has no samples
     * @param stack the frame of each sample
     * @param weight the value of each sample, not negative
     * @return whether each frame, then each sample, stays
     */
    static boolean[] select(int[] parent, int[] stack, long[] weight, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit);
        }
        Selection selection = new Selection(parent, stack, weight);
        selection.run(limit);
        return selection.taken;
    }

    /** By frame, the sum over its samples and those of all frames below it. */
    static long[] cumulative(int[] parent, int[] stack, long[] weight) {
        long[] sums = new long[parent.length];
        for (int sample = 0; sample < stack.length; sample++) {
            sums[stack[sample]] += weight[sample];
        }
        for (int frame = parent.length - 1; frame > 0; frame--) {
            sums[parent[frame]] += sums[frame];
        }
        return sums;
    }

    private void run(int limit) {
        taken[0] = true;
        long count = childrenLeft[0] > 0 ? 1 : 0;
        pushBelow(0);
        boolean full = false;
        while (heapSize > 0) {
            int item = pop();
            int cost = cost(item);
            if (cost > 0 && (full || count + cost > limit)) {
                full = true;
                continue;
            }
            count += cost;
            taken[item] = true;
            if (item < frames) {
                childrenLeft[parent[item]]--;
                pushBelow(item);
            } else {
                samplesLeft[stack[item - frames]]--;
            }
        }
    }

    private int cost(int item) {
        if (item >= frames) {
            return samplesLeft[stack[item - frames]] == 1 ? 0 : 1;
        }
        int opened = (samplesLeft[item] > 0 ? 1 : 0) + (childrenLeft[item] > 0 ? 1 : 0);
        return childrenLeft[parent[item]] == 1 ? opened - 1 : opened;
    }

    private void pushBelow(int frame) {
        for (int child = firstChild[frame]; child != NONE; child = nextSibling[child]) {
            push(child);
        }
        for (int sample = firstSample[frame]; sample != NONE; sample = nextSample[sample]) {
            push(frames + sample);
        }
    }

    private boolean before(int a, int b) {
        return weight[a] != weight[b] ? weight[a] > weight[b] : a < b;
    }

    private void push(int item) {
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, Columns.grown(heapSize));
        }
        int at = heapSize++;
        while (at > 0 && before(item, heap[(at - 1) >>> 1])) {
            heap[at] = heap[(at - 1) >>> 1];
            at = (at - 1) >>> 1;
        }
        heap[at] = item;
    }

    private int pop() {
        int best = heap[0];
        int last = heap[--heapSize];
        int at = 0;
        while (2L * at + 1 < heapSize) {
            int child = 2 * at + 1;
            if (child + 1 < heapSize && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], last)) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return best;
    }

    private static int[] filled(int length) {
        int[] column = new int[length];
        Arrays.fill(column, NONE);
        return column;
    }
}
