package dev.holdfast.dump.gotypes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The best claim about the type of each slot's object so far: 4 bytes a slot.
 *
 * <p>Claims are in a fixed total order, and a better one replaces what is there, so the outcome does not depend on which
 * thread comes first. Order: rank; larger element; slice before single; no shape of a generic; name; descriptor. Thread-safe.
 */
final class Claims {
    /** Found only by following an object that nothing living leads to, or an imprecise root. */
    static final int PARTIAL_LATE = 1;

    /** The object begins with such a value, but the heap's bits show more pointers behind it. */
    static final int PARTIAL = 2;

    static final int INTERIOR_LATE = 3;

    /** The object consists of such values, to one of which, not the first, a pointer leads. */
    static final int INTERIOR = 4;

    static final int TILED_LATE = 5;

    /** The object consists of such values. */
    static final int TILED = 6;

    static final int FIT_LATE = 8;

    /** The value fills the slot as an allocation of its size would, and its pointers are the heap's. */
    static final int FIT = 9;

    /** As before, and an interface, finalizer or closure says so. */
    static final int EXACT = 10;

    /** The allocator's own note. */
    static final int HEADER = 11;

    private static final int QUEUED = 1 << 31;
    private static final int SLICE = 1 << 26;
    private static final int TYPE = SLICE - 1;
    private static final VarHandle COLUMN = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] column;
    private final FactTable facts;

    Claims(int slots, FactTable facts) {
        this.column = new int[slots];
        this.facts = facts;
    }

    static int claim(int rank, int type, boolean slice) {
        return rank << 27 | (slice ? SLICE : 0) | type;
    }

    static int rank(int claim) {
        return claim >>> 27 & 15;
    }

    static int type(int claim) {
        return claim & TYPE;
    }

    static boolean slice(int claim) {
        return (claim & SLICE) != 0;
    }

    int get(int slot) {
        return (int) COLUMN.getOpaque(column, slot) & ~QUEUED;
    }

    /**
     * Puts a claim in place if it is better.
     *
     * @param follow whether its objects have anything to follow
     * @return whether the slot is to be followed in the next level and nobody else has seen to that
     */
    boolean improve(int slot, int claim, boolean follow) {
        while (true) {
            int now = (int) COLUMN.getOpaque(column, slot);
            if (!better(claim, now & ~QUEUED)) {
                return false;
            }
            int then = claim | (follow ? QUEUED : now & QUEUED);
            if (COLUMN.compareAndSet(column, slot, now, then)) {
                return follow && now >= 0;
            }
        }
    }

    /** Notes that the object whose type its header says is a slice's. */
    void markSlice(int slot) {
        COLUMN.getAndBitwiseOr(column, slot, SLICE);
    }

    /** The claim when a level begins; until the next improvement nobody follows it again. */
    int begin(int slot) {
        int claim = column[slot] & ~QUEUED;
        column[slot] = claim;
        return claim;
    }

    private boolean better(int claim, int now) {
        int difference = rank(claim) - rank(now);
        if (difference != 0) {
            return difference > 0;
        }
        if (claim == now) {
            return false;
        }
        return compare(facts.of(type(claim)).type, slice(claim), facts.of(type(now)).type, slice(now)) > 0;
    }

    /** Positive if the first is the better one of two claims of the same rank. */
    static int compare(GoType a, boolean aSlice, GoType b, boolean bSlice) {
        int order = Long.compare(a.size(), b.size());
        if (order == 0) {
            order = Boolean.compare(aSlice, bSlice);
        }
        if (order == 0) {
            // A shape stands for many types.
            order = Boolean.compare(b.name().startsWith("go.shape."), a.name().startsWith("go.shape."));
        }
        if (order == 0) {
            order = b.name().compareTo(a.name());
        }
        return order != 0 ? order : Long.compareUnsigned(b.descriptor(), a.descriptor());
    }

    int size() {
        return column.length;
    }

    int[] column() {
        return column;
    }
}
