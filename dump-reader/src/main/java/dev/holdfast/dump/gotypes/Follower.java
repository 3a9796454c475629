package dev.holdfast.dump.gotypes;

import dev.holdfast.dump.elf.MemoryReader;
import dev.holdfast.dump.elf.MissingMemoryException;
import dev.holdfast.dump.goruntime.PointerKind;
import dev.holdfast.dump.goruntime.SpanTable;

/**
 * Takes claims that a pointer makes about its target to the object that has it; belongs to one thread.
 *
 * <p>Places outside the heap, and places inside objects of another or no type, are left in lists for the next level.
 */
final class Follower {
    /** Bytes of a slice outside the heap that are followed: a forged stack reaches over all memory. */
    private static final long MOST_OUTSIDE = 1 << 22;

    private final SpanTable spans;
    private final FactTable facts;
    private final GoTypes types;
    private final Claims claims;
    private final Ranges ranges;
    private final MemoryReader memory;
    private final WordCache headers = new WordCache();
    final Fitness fitness;
    final Frontier next = new Frontier();
    final Places places = new Places();

    Follower(
            SpanTable spans,
            FactTable facts,
            GoTypes types,
            Claims claims,
            Ranges ranges,
            MemoryReader memory,
            Fitness fitness) {
        this.spans = spans;
        this.facts = facts;
        this.types = types;
        this.claims = claims;
        this.ranges = ranges;
        this.memory = memory;
        this.fitness = fitness;
    }

    /**
     * A pointer to values of a type.
     *
     * @param target what the pointer holds
     * @param type of the values
     * @param slice whether it is the pointer of a slice
     * @param count how many values, at least 1
     * @param exact whether the type is the dynamic one, not a declared one
     */
    void claim(long target, int type, boolean slice, long count, boolean exact) {
        int span = spans.spanAt(target);
        if (span < 0) {
            outside(target, type, count);
            return;
        }
        int element = spans.elementAt(span, target);
        if (element < 0) {
            return;
        }
        int slot = spans.firstSlot(span) + element;
        if (!spans.allocated(slot)) {
            return;
        }
        long offset = target - spans.objectAddress(span, element);
        int now = claims.get(slot);
        if (now == 0 && header(span, element, slot)) {
            now = claims.get(slot);
        }
        int rank = Claims.rank(now);
        if (rank == Claims.HEADER) {
            if (slice && offset == 0 && !Claims.slice(now) && Claims.type(now) == type) {
                claims.markSlice(slot);
            }
            return;
        }
        if (offset < 0 || count <= 0 || rank > fitness.best(exact, offset, slice)) {
            return;
        }
        if (Claims.type(now) == type && Claims.slice(now) == slice && rank == fitness.best(exact, offset, slice)) {
            return;
        }
        TypeFacts of = facts.of(type);
        long extent = Math.multiplyHigh(of.size, count) == 0 ? of.size * count : -1;
        int fits = extent <= 0 ? 0 : fitness.rank(of, slice, extent, exact, offset, span, element);
        if (fits > 0) {
            improve(slot, Claims.claim(fits, type, slice), of);
        }
        if (fits < Claims.TILED_LATE && offset != 0 && extent > 0 && !of.plan.isEmpty()) {
            places.add(target, type, count, slot);
        }
    }

    /** Whether the address lies in the heap or in variables outside. */
    boolean follows(long address) {
        return spans.spanAt(address) >= 0 || ranges.endAt(address) != 0;
    }

    private void improve(int slot, int claim, TypeFacts of) {
        if (claims.improve(slot, claim, !of.plan.isEmpty())) {
            next.add(slot);
        }
    }

    /** Takes what the allocator noted of an object; false if it noted nothing. */
    boolean header(int span, int element, int slot) {
        PointerKind kind = spans.pointerKind(span);
        long descriptor;
        if (kind == PointerKind.HEADER) {
            try {
                descriptor = memory.word(spans.slotAddress(span, element));
            } catch (MissingMemoryException e) {
                return false;
            }
        } else if (kind == PointerKind.LARGE_TYPE) {
            descriptor = spans.largeType(span);
        } else {
            return false;
        }
        if (descriptor == 0) {
            return false;
        }
        int type = headers.get(descriptor);
        if (type < 0) {
            type = types.ofDescriptor(descriptor).id();
            headers.put(descriptor, type);
        }
        TypeFacts of = facts.of(type);
        if (type == 0 || of.size <= 0 || of.size > spans.elementSize(span) - spans.header(span)) {
            return false;
        }
        improve(slot, Claims.claim(Claims.HEADER, type, false), of);
        return true;
    }

    private void outside(long target, int type, long count) {
        long end = ranges.endAt(target);
        if (end == 0) {
            return;
        }
        TypeFacts of = facts.of(type);
        if (of.size <= 0 || of.plan.isEmpty()) {
            return;
        }
        long room = Math.min(end - target, MOST_OUTSIDE) / of.size;
        if (room > 0) {
            places.add(target, type, Math.min(count, room), -1);
        }
    }
}
