package dev.holdfast.dump.hprof;

import java.util.Arrays;

/**
 * Fields placed one by one as FieldLayoutBuilder of JDK 15 does: into the smallest hole that fits, else at the end.
 *
 * <p>Not thread-safe; lives for one class.
 */
final class Placement {
    /** Behind the last field or padding. */
    long end;

    /** Pairs (offset, bytes), ascending; copied before the first change because a superclass shares them. */
    private long[] holes;

    private int used;
    private boolean shared = true;
    private boolean appending;

    Placement(long end, long[] holes) {
        this.end = end;
        this.holes = holes;
        this.used = holes.length;
    }

    /** Places primitives by descending width, then references. */
    void add(FieldWidths fields, int reference) {
        add(8, fields.eights());
        add(4, fields.fours());
        add(2, fields.twos());
        add(1, fields.ones());
        add(reference, fields.references());
    }

    /** Appends a padding; from here on the VM appends whatever follows, in the order given. */
    void pad() {
        end += VmFields.PADDING;
        used = 0;
        appending = true;
    }

    private void add(int width, int count) {
        int left = count;
        while (left > 0 && !appending && intoHole(width)) {
            left--;
        }
        if (left == 0) {
            return;
        }
        // What fits no hole now will fit none later: the only new hole is the smaller one made here.
        long at = (end + width - 1) & -(long) width;
        if (at > end && !appending) {
            insertHole(used, end, at - end);
        }
        end = at + (long) left * width;
    }

    private boolean intoHole(int width) {
        int best = -1;
        for (int i = used - 2; i >= 0; i -= 2) {
            long at = (holes[i] + width - 1) & -(long) width;
            if (at + width <= holes[i] + holes[i + 1] && (best < 0 || holes[i + 1] < holes[best + 1])) {
                best = i;
            }
        }
        if (best < 0) {
            return false;
        }
        long from = holes[best];
        long to = from + holes[best + 1];
        long at = (from + width - 1) & -(long) width;
        removeHole(best);
        if (at + width < to) {
            insertHole(best, at + width, to - at - width);
        }
        if (at > from) {
            insertHole(best, from, at - from);
        }
        return true;
    }

    private void removeHole(int i) {
        own(used);
        System.arraycopy(holes, i + 2, holes, i, used - i - 2);
        used -= 2;
    }

    private void insertHole(int i, long offset, long bytes) {
        own(used + 2);
        System.arraycopy(holes, i, holes, i + 2, used - i);
        holes[i] = offset;
        holes[i + 1] = bytes;
        used += 2;
    }

    private void own(int capacity) {
        if (shared || capacity > holes.length) {
            holes = Arrays.copyOf(holes, Math.max(capacity, used + 4));
            shared = false;
        }
    }

    /** The holes left, for subclasses. */
    long[] holes() {
        return shared && used == holes.length ? holes : Arrays.copyOf(holes, used);
    }
}
